package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Templates;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Map;

/** Every migration, and how the fleet does. */
record OverviewPage(Templates templates, TrafficLog traffic) implements Page {
  private static final int JOBS_MAX = 20;

  /**
   * A migration in the list.
   *
   * @param asked the share of reads that is asked for
   * @param inForce the share that is in force
   * @param inForceWidth the same from 0 to 100
   * @param move what is under way; empty for nothing
   */
  public record Row(
      String name,
      String stage,
      List<Ladder> ladder,
      String asked,
      String inForce,
      double inForceWidth,
      String move,
      String changed) {
    static Row of(Migration migration) {
      return new Row(
          migration.getName(),
          Words.stage(migration.getStage()),
          Ladder.of(migration.getStage()),
          Words.percent(migration.getReadBuckets()),
          Words.percent(migration.getEffectiveReadBuckets()),
          migration.getEffectiveReadBuckets() / 1e3,
          migration.hasMove() ? MoveView.line(migration.getMove()) : "",
          Words.time(migration.getUpdatedAt()));
    }
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public String title() {
    return "Migrations";
  }

  @Override
  public Tab tab() {
    return Tab.MIGRATIONS;
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    List<Row> rows =
        viewer
            .calls()
            .migrations()
            .list(ListRequest.getDefaultInstance())
            .getMigrationsList()
            .stream()
            .map(Row::of)
            .toList();
    ListSidecarsResponse fleet =
        viewer.calls().sidecars().listSidecars(ListSidecarsRequest.getDefaultInstance());
    List<JobView> open =
        viewer
            .calls()
            .jobs()
            .listJobs(ListJobsRequest.newBuilder().setLimit(JOBS_MAX).build())
            .getJobsList()
            .stream()
            .map(JobView::of)
            .filter(JobView::isOpen)
            .toList();
    return List.of(
        part("migrations", "whole", Map.of("rows", rows)),
        part(
            "fleet",
            "half",
            Map.of(
                "fleet",
                FleetView.of(fleet),
                "traffic",
                TrafficView.of(traffic.seen(fleet.getSidecarsList())))),
        part("openjobs", "half", Map.of("jobs", open)));
  }

  private Part part(String id, String width, Map<String, Object> model) {
    return new Part(id, width, templates.render("part/" + id, model));
  }
}
