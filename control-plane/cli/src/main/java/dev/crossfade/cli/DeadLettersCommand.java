package dev.crossfade.cli;

import dev.crossfade.api.v1.DeadLetter;
import dev.crossfade.api.v1.DeadLetterServiceGrpc.DeadLetterServiceBlockingStub;
import dev.crossfade.api.v1.DecideDeadLettersRequest;
import dev.crossfade.api.v1.DecideDeadLettersResponse;
import dev.crossfade.api.v1.ListDeadLettersRequest;
import dev.crossfade.api.v1.ListDeadLettersResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl dead-letters [NAME]}. */
@Command(
    name = "dead-letters",
    description = {
      "Lists the entities that the mirror has given up, or decides about all of them.",
      "The control plane asks the side that has the authority."
    },
    footer = {
      "  crossfade ctl dead-letters split-customers",
      "  crossfade ctl dead-letters split-customers --replay --reason \"the column is wider now\""
    })
final class DeadLettersCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @ArgGroup private Decision decision = new Decision();

  /** One of them at most. */
  private static final class Decision {
    @Option(names = "--replay", description = "Have all of them tried again.")
    private boolean replay;

    @Option(
        names = "--discard",
        description = "Forget all of them: the other side stays as it is until they change again.")
    private boolean discard;
  }

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many to show, 1 to 1000. Default: 100")
  private int limit = 100;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    String migration = connection.nameOrOnly(name);
    DeadLetterServiceBlockingStub letters = connection.deadLetters();
    if (decision.replay || decision.discard) {
      DecideDeadLettersRequest request =
          DecideDeadLettersRequest.newBuilder()
              .setMigration(migration)
              .setNote(change.note(main()))
              .build();
      DecideDeadLettersResponse response =
          decision.replay
              ? letters.replayDeadLetters(request)
              : letters.discardDeadLetters(request);
      if (connection.isJson()) {
        connection.printJson(response);
      } else {
        connection.print(response.getMessage());
      }
      return;
    }
    print(
        connection,
        letters.listDeadLetters(
            ListDeadLettersRequest.newBuilder().setMigration(migration).setLimit(limit).build()));
  }

  private static void print(Connection connection, ListDeadLettersResponse response) {
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getDeadLettersCount() == 0) {
      connection.print("nothing was given up");
      return;
    }
    Table table = new Table("TABLE", "ENTITY", "ATTEMPTS", "SINCE", "ERROR");
    for (DeadLetter letter : response.getDeadLettersList()) {
      table.row(
          letter.getTable(),
          letter.getKeyCount() == 0 ? "any" : String.join(", ", letter.getKeyList()),
          String.valueOf(letter.getAttempts()),
          Show.time(letter.getAt()),
          letter.getError());
    }
    connection.print(table.toString());
    if (response.getMore()) {
      connection.print("and more");
    }
  }
}
