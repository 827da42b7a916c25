package dev.crossfade.cli;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.Consistency;
import dev.crossfade.api.v1.SetConsistencyRequest;
import dev.crossfade.api.v1.WriteAck;
import dev.crossfade.core.migration.ReadFreshness;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl consistency [NAME]}. */
@Command(
    name = "consistency",
    description = "Sets what clients are promised about the two sides.",
    footer = {
      "  crossfade ctl consistency split-customers --ack mirrored",
      "  crossfade ctl consistency split-customers --freshness bounded:500ms"
    })
final class ConsistencyCommand extends CtlCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--freshness",
      paramLabel = "HOW",
      description =
          "How far behind new may be for a read: read-your-writes, bounded:500ms (100ms to 3600s)"
              + " or eventual. Default: as it is")
  private @Nullable String freshness;

  @Option(
      names = "--ack",
      paramLabel = "WHEN",
      description =
          "When a client hears that its write is committed: async (the authority has it) or"
              + " mirrored (the other side has it, too). Default: as it is")
  private @Nullable String ack;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version.")
  private @Nullable Long ifVersion;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    if (freshness == null && ack == null) {
      throw new UsageException("give --freshness, --ack or both");
    }
    SetConsistencyRequest.Builder request =
        SetConsistencyRequest.newBuilder().setConsistency(wanted()).setNote(change.note(main()));
    request.setName(connection.nameOrOnly(name));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    Answers.changed(connection, connection.migrations().setConsistency(request.build()));
  }

  private Consistency wanted() throws UsageException {
    Consistency.Builder wanted = Consistency.newBuilder();
    try {
      if (freshness != null) {
        freshness(wanted, ReadFreshness.parse(freshness));
      }
      if (ack != null) {
        wanted.setAck(
            switch (dev.crossfade.core.migration.WriteAck.parse(ack)) {
              case ASYNC -> WriteAck.WRITE_ACK_ASYNC;
              case MIRRORED -> WriteAck.WRITE_ACK_MIRRORED;
            });
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return wanted.build();
  }

  private static void freshness(Consistency.Builder wanted, ReadFreshness freshness) {
    switch (freshness.kind()) {
      case READ_YOUR_WRITES ->
          wanted.setFreshness(dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_READ_YOUR_WRITES);
      case EVENTUAL ->
          wanted.setFreshness(dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_EVENTUAL);
      case BOUNDED ->
          wanted
              .setFreshness(dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_BOUNDED)
              .setBound(
                  Duration.newBuilder()
                      .setSeconds(freshness.bound().toSeconds())
                      .setNanos(freshness.bound().toNanosPart()));
    }
  }
}
