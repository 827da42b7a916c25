package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.JobEvent;
import dev.crossfade.server.console.view.Templates;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Map;

/** One job. */
record JobPage(Templates templates, long id) implements Page {
  /** What somebody did to it. */
  public record EventRow(String at, String kind, String actor, String reason) {
    static EventRow of(JobEvent event) {
      return new EventRow(
          Words.time(event.getAt()),
          Words.lower(event.getKind().name(), "JOB_EVENT_KIND_"),
          event.getActor(),
          event.getReason());
    }
  }

  @Override
  public String path() {
    return "/jobs/" + id;
  }

  @Override
  public String title() {
    return "Job " + id;
  }

  @Override
  public Tab tab() {
    return Tab.JOBS;
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    GetJobResponse response =
        viewer.calls().jobs().getJob(GetJobRequest.newBuilder().setId(id).build());
    JobView job = JobView.of(response.getJob());
    List<EventRow> events = response.getEventsList().stream().map(EventRow::of).toList();
    return List.of(
        new Part(
            "job",
            "whole",
            templates.render(
                "part/job", Map.of("job", job, "may", viewer.identity().mayOperate()))),
        new Part(
            "jobevents", "whole", templates.render("part/jobevents", Map.of("events", events))));
  }
}
