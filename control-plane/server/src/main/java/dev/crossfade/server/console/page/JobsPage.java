package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.server.console.view.Templates;
import java.util.List;
import java.util.Map;

/** All jobs, the open ones first. */
record JobsPage(Templates templates) implements Page {
  private static final int JOBS_MAX = 200;

  @Override
  public String path() {
    return "/jobs";
  }

  @Override
  public String title() {
    return "Jobs";
  }

  @Override
  public Tab tab() {
    return Tab.JOBS;
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    List<JobView> jobs =
        viewer
            .calls()
            .jobs()
            .listJobs(ListJobsRequest.newBuilder().setLimit(JOBS_MAX).build())
            .getJobsList()
            .stream()
            .map(JobView::of)
            .toList();
    return List.of(
        new Part("alljobs", "whole", templates.render("part/alljobs", Map.of("jobs", jobs))));
  }
}
