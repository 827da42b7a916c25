package dev.crossfade.cli;

import dev.crossfade.api.v1.ChangeJobRequest;
import picocli.CommandLine.Parameters;

/** Which job a command is about. */
final class JobOptions {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The job, as 'ctl job status' lists it.")
  private long id;

  ChangeJobRequest change(ChangeOptions change, CtlMain main) {
    return ChangeJobRequest.newBuilder().setId(id).setNote(change.note(main)).build();
  }
}
