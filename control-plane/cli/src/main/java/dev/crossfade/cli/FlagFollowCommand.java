package dev.crossfade.cli;

import dev.crossfade.api.v1.FollowRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl flag follow [NAME]}. */
@Command(
    name = "follow",
    description = {
      "Lets a migration's flag decide its share of reads again, after 'ctl reads --override' or a"
          + " rollback."
    },
    footer = "  crossfade ctl flag follow split-customers --reason \"the incident is over\"")
final class FlagFollowCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version.")
  private @Nullable Long ifVersion;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    FollowRequest.Builder request = FollowRequest.newBuilder().setNote(change.note(main()));
    request.setName(connection.nameOrOnly(name));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    Answers.changed(connection, connection.flags().follow(request.build()));
  }
}
