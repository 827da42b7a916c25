package dev.crossfade.cli;

import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.Stickiness;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl reads [NAME] PERCENT}. */
@Command(
    name = "reads",
    description = "Sets the share of reads that new answers. It is in force in stage RAMP.",
    customSynopsis =
        "ctl reads [NAME] PERCENT [--sticky=session|entity|user|random] [--override]"
            + " [--reason=TEXT] [OPTIONS]",
    footer = {
      "  crossfade ctl reads split-customers 25%%",
      "  crossfade ctl reads 0.5%%                  (when there is only one migration)"
    })
final class ReadsCommand extends CtlCommand {
  @Parameters(
      arity = "1..2",
      paramLabel = "[NAME] PERCENT",
      hideParamSyntax = true,
      description = "The migration (may be left out when there is only one) and 0%% to 100%%.")
  private List<String> words = List.of();

  @Option(
      names = "--sticky",
      paramLabel = "BY",
      description =
          "What keeps a caller on one side: session, entity, user or random. Default: as it is")
  private @Nullable Sticky sticky;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version.")
  private @Nullable Long ifVersion;

  @Option(
      names = "--override",
      description =
          "Take the share over from the flag that the migration follows, until 'ctl flag follow'.")
  private boolean override;

  @Mixin private ChangeOptions change = new ChangeOptions();

  /** The names are what is typed. */
  enum Sticky {
    session(Stickiness.STICKINESS_SESSION),
    entity(Stickiness.STICKINESS_ENTITY),
    user(Stickiness.STICKINESS_USER),
    random(Stickiness.STICKINESS_RANDOM);

    private final Stickiness wire;

    Sticky(Stickiness wire) {
      this.wire = wire;
    }
  }

  @Override
  void on(Connection connection) throws UsageException {
    SetReadPercentRequest.Builder request =
        SetReadPercentRequest.newBuilder()
            .setReadBuckets(Show.parsePercent(words.getLast()))
            .setStickiness(sticky == null ? Stickiness.STICKINESS_UNSPECIFIED : sticky.wire)
            .setOverride(override)
            .setNote(change.note(main()));
    request.setName(connection.nameOrOnly(words.size() == 2 ? words.getFirst() : null));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    Answers.changed(connection, connection.migrations().setReadPercent(request.build()));
  }
}
