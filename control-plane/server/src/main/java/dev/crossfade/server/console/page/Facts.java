package dev.crossfade.server.console.page;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.SignalsRequest;
import dev.crossfade.server.console.calls.Calls;
import java.util.List;
import java.util.Optional;

/** What several sections of a migration's page show, asked once. */
record Facts(
    GetResponse detail,
    Readiness readiness,
    List<Job> jobs,
    ListSidecarsResponse fleet,
    Optional<Signals> signals) {
  private static final int HISTORY_MAX = 20;
  private static final int QUERIES_MAX = 20;
  private static final int JOBS_MAX = 10;
  private static final int WINDOW_SECONDS = 300;

  static Facts of(String name, Calls calls) {
    return new Facts(
        calls
            .migrations()
            .get(GetRequest.newBuilder().setName(name).setHistoryLimit(HISTORY_MAX).build()),
        calls
            .readiness()
            .getReadiness(
                ReadinessRequest.newBuilder().setMigration(name).setLimit(QUERIES_MAX).build()),
        calls
            .jobs()
            .listJobs(ListJobsRequest.newBuilder().setMigration(name).setLimit(JOBS_MAX).build())
            .getJobsList(),
        calls.sidecars().listSidecars(ListSidecarsRequest.getDefaultInstance()),
        calls.offered(
            () ->
                calls
                    .signals()
                    .getSignals(
                        SignalsRequest.newBuilder()
                            .setMigration(name)
                            .setWindow(Duration.newBuilder().setSeconds(WINDOW_SECONDS))
                            .setPoints(TrafficSection.POINTS)
                            .setQueries(QUERIES_MAX)
                            .build())));
  }

  Migration migration() {
    return detail.getMigration();
  }
}
