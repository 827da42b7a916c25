package dev.crossfade.cli;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.crossfade.mirror.DeadLetters;
import dev.crossfade.mirror.DeadLetters.DeadLetter;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl mirror dead-letters FILE --old URL --new URL}. */
@Command(
    name = "dead-letters",
    description = {
      "Lists the entities that could not be carried and were given up, and why. Ends with 4 when"
          + " there are any.",
      "Give a role that may write the schema crossfade of old."
    },
    footer = {
      "  crossfade ctl mirror dead-letters split-customers.yaml --old"
          + " postgresql://mirror@old:5432/shop --new postgresql://mirror@new:5432/shop",
      "  crossfade ctl mirror dead-letters split-customers.yaml --old"
          + " postgresql://mirror@old:5432/shop --new postgresql://mirror@new:5432/shop --replay"
    })
final class MirrorDeadLettersCommand extends MirrorLocalCommand {
  private static final int MOST = 1_000;

  @ArgGroup private Decision decision = new Decision();

  /** One of them at most. */
  private static final class Decision {
    @Option(names = "--replay", description = "Have all of them tried again.")
    private boolean replay;

    @Option(
        names = "--discard",
        description = "Forget all of them: new stays as it is until they change again.")
    private boolean discard;
  }

  @Override
  int on(Target target, Output output, PrintWriter err) throws SQLException {
    DeadLetters letters = new DeadLetters(target.old(), target.migration());
    if (decision.replay) {
      int count = letters.replay();
      print(output, count + " entities are tried again", Map.of("replayed", number(count)));
      return 0;
    }
    if (decision.discard) {
      int count = letters.discard();
      print(output, count + " entities are forgotten", Map.of("discarded", number(count)));
      return 0;
    }
    List<DeadLetter> found = letters.list(MOST);
    if (output.isJson()) {
      output.printJson(Struct.newBuilder().putFields("dead_letters", json(found)));
    } else if (found.isEmpty()) {
      output.print("nothing was given up");
    } else {
      Table table = new Table("TABLE", "ENTITY", "SQLSTATE", "ATTEMPTS", "SINCE", "ERROR");
      for (DeadLetter letter : found) {
        table.row(
            letter.group(),
            key(letter),
            letter.sqlState(),
            String.valueOf(letter.attempts()),
            letter.at().toString(),
            letter.error().lines().findFirst().orElse(""));
      }
      output.print(table.toString());
    }
    return found.isEmpty() ? 0 : CtlMain.EXIT_FINDINGS;
  }

  private static String key(DeadLetter letter) {
    List<String> key = letter.key();
    return key == null ? "any" : String.join(", ", key);
  }

  private static Value json(List<DeadLetter> found) {
    ListValue.Builder list = ListValue.newBuilder();
    for (DeadLetter letter : found) {
      list.addValues(
          Value.newBuilder()
              .setStructValue(
                  Struct.newBuilder()
                      .putFields("table", text(letter.group()))
                      .putFields("entity", text(key(letter)))
                      .putFields("sqlstate", text(letter.sqlState()))
                      .putFields("error", text(letter.error()))
                      .putFields("attempts", number(letter.attempts()))
                      .putFields("since", text(letter.at().toString()))));
    }
    return Value.newBuilder().setListValue(list).build();
  }
}
