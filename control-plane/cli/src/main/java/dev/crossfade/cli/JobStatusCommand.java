package dev.crossfade.cli;

import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ListJobsResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl job status [ID]}. */
@Command(
    name = "status",
    description = "Lists the jobs, the open ones first, or shows one.",
    footer = {"  crossfade ctl job status", "  crossfade ctl job status 7"})
final class JobStatusCommand extends CtlCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "The job to show.")
  private @Nullable Long id;

  @Option(
      names = "--migration",
      paramLabel = "NAME",
      description = "Of the list, only the jobs of this migration.")
  private String migration = "";

  @Override
  void on(Connection connection) {
    if (id == null) {
      list(connection);
    } else {
      show(connection, id);
    }
  }

  private void list(Connection connection) {
    ListJobsResponse response =
        connection.jobs().listJobs(ListJobsRequest.newBuilder().setMigration(migration).build());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getJobsCount() == 0) {
      connection.print("no jobs yet: start one with 'crossfade ctl job start KIND MIGRATION'");
      return;
    }
    Table table = new Table("ID", "MIGRATION", "KIND", "STATE", "PROGRESS", "NOTE");
    for (Job job : response.getJobsList()) {
      table.row(
          String.valueOf(job.getId()),
          job.getMigration(),
          JobText.kind(job),
          JobText.state(job),
          JobText.progress(job),
          JobText.note(job));
    }
    connection.print(table.toString());
  }

  private static void show(Connection connection, long id) {
    GetJobResponse response =
        connection.jobs().getJob(GetJobRequest.newBuilder().setId(id).build());
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(JobText.whole(response));
    }
  }
}
