package dev.crossfade.server.console.page;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.SignalsRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.calls.Calls;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Templates;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Every migration, and how the fleet does. */
record OverviewPage(Templates templates, TrafficLog traffic) implements Page {
  private static final int JOBS_MAX = 20;

  /** Of more migrations at once only the share in force is shown. */
  private static final int MEASURED_MAX = 50;

  private static final int LATELY_SECONDS = 30;

  /**
   * A migration in the list.
   *
   * @param asked the share of reads that is asked for
   * @param inForce the share that is in force
   * @param inForceWidth the same from 0 to 100
   * @param measured the share that new has answered lately; empty where that is not measured
   * @param onOld answers in a second, lately
   * @param onNew answers in a second, lately
   * @param move what is under way; empty for nothing
   */
  public record Row(
      String name,
      String stage,
      List<Ladder> ladder,
      String asked,
      String inForce,
      double inForceWidth,
      String measured,
      String onOld,
      String onNew,
      String move,
      String changed) {
    static Row of(Migration migration, Optional<Signals> signals) {
      long reads = signals.map(Signals::getRoutableReads).orElse(0L);
      double seconds =
          signals.map(known -> Math.max(1, Words.millis(known.getWindow()) / 1e3)).orElse(1.0);
      return new Row(
          migration.getName(),
          Words.stage(migration.getStage()),
          Ladder.of(migration.getStage()),
          Words.percent(migration.getReadBuckets()),
          Words.percent(migration.getEffectiveReadBuckets()),
          migration.getEffectiveReadBuckets() / 1e3,
          reads == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "%.2f%%",
                  100.0 * signals.map(Signals::getRoutableReadsOnNew).orElse(0L) / reads),
          Words.rate(signals.map(known -> known.getOnOld().getAnswers()).orElse(0L) / seconds),
          Words.rate(signals.map(known -> known.getOnNew().getAnswers()).orElse(0L) / seconds),
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
    List<Row> rows = rows(viewer.calls());
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
        part("migrations", "whole", Map.of("rows", rows, "may", viewer.identity().mayOperate())),
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

  private static List<Row> rows(Calls calls) {
    List<Row> rows = new ArrayList<>();
    int measured = 0;
    for (Migration migration :
        calls.migrations().list(ListRequest.getDefaultInstance()).getMigrationsList()) {
      boolean serves =
          migration.getStage() != Stage.STAGE_OFF && !Ladder.isEnd(migration.getStage());
      rows.add(
          Row.of(
              migration,
              serves && ++measured <= MEASURED_MAX
                  ? lately(calls, migration.getName())
                  : Optional.empty()));
    }
    return rows;
  }

  private static Optional<Signals> lately(Calls calls, String name) {
    return calls.offered(
        () ->
            calls
                .signals()
                .getSignals(
                    SignalsRequest.newBuilder()
                        .setMigration(name)
                        .setWindow(Duration.newBuilder().setSeconds(LATELY_SECONDS))
                        .build()));
  }

  private Part part(String id, String width, Map<String, Object> model) {
    return new Part(id, width, templates.render("part/" + id, model));
  }
}
