package dev.crossfade.cli;

import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.JobState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl job watch ID}. */
@Command(
    name = "watch",
    description = {
      "Follows a job until it has ended or is paused. With -o json: one object per line."
    },
    footer = "  crossfade ctl job watch 7")
final class JobWatchCommand extends CtlCommand {
  private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Parameters(index = "0", paramLabel = "ID", description = "The job.")
  private long id;

  @Override
  void on(Connection connection) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    GetJobResponse last = get(connection);
    String said = "";
    while (isOpen(last)) {
      String line = JobText.line(last.getJob());
      if (connection.isJson()) {
        connection.printJsonLine(last.getJob());
      } else if (terminal) {
        connection.redraw(line);
      } else if (!line.equals(said)) {
        connection.print(line);
      }
      said = line;
      LockSupport.parkNanos(POLL_NANOS);
      last = get(connection);
    }
    if (connection.isJson()) {
      connection.printJsonLine(last.getJob());
    } else {
      if (terminal) {
        connection.redraw("");
      }
      connection.print(JobText.whole(last));
    }
  }

  private GetJobResponse get(Connection connection) {
    return connection.jobs().getJob(GetJobRequest.newBuilder().setId(id).build());
  }

  private static boolean isOpen(GetJobResponse response) {
    JobState state = response.getJob().getState();
    return state == JobState.JOB_STATE_QUEUED || state == JobState.JOB_STATE_RUNNING;
  }
}
