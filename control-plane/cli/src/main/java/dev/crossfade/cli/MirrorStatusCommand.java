package dev.crossfade.cli;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.BypassTotal;
import dev.crossfade.mirror.CanarySighting;
import dev.crossfade.mirror.Fence;
import dev.crossfade.mirror.MirrorState;
import dev.crossfade.mirror.OneDatabase;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code ctl mirror status FILE --old URL --new URL}. */
@Command(
    name = "status",
    description = {
      "Shows for each side who has the authority as far as it knows, whether its triggers are"
          + " there, how many changes wait to be carried from it, for how long, and how many were"
          + " given up.",
      "Ends with 4 when triggers are missing or something was given up.",
      "Give roles that may read the schema crossfade of both."
    },
    footer =
        "  crossfade ctl mirror status split-customers.yaml --old postgresql://mirror@old:5432/shop"
            + " --new postgresql://mirror@new:5432/shop")
final class MirrorStatusCommand extends MirrorLocalCommand {
  @Override
  int on(Target target, Output output, PrintWriter err) throws SQLException {
    boolean together = target.isOneDatabase();
    MirrorState old = MirrorState.read(target.old(), OneDatabase.capture(target.up(), together));
    MirrorState next =
        MirrorState.read(target.next(), OneDatabase.capture(target.down(), together));
    if (output.isJson()) {
      output.printJson(
          Struct.newBuilder()
              .putFields("capture", text(target.isByStatement() ? "statements" : "triggers"))
              .putFields("old", json(old))
              .putFields("new", json(next))
              .putFields("one_database", Value.newBuilder().setBoolValue(together).build()));
    } else {
      Table table =
          new Table("SIDE", "AUTHORITY", "EPOCH", "TRIGGERS MISSING", "PENDING", "LAG", "GIVEN UP");
      row(table, "old", old);
      row(table, "new", next);
      output.print(table.toString());
      if (together) {
        output.print("both sides are in one database: whoever writes one writes the other as well");
      }
      if (target.isByStatement()) {
        output.print(
            "old has no triggers: what comes through sidecars is logged, and what goes past them is"
                + " not");
      }
      boolean fromNew = old.fence() != null && old.fence().authority() == Side.NEW;
      printCanary(output, fromNew ? next.canary() : old.canary(), (fromNew ? old : next).canary());
      printBypasses(output, "old", old);
      printBypasses(output, "new", next);
    }
    return isWell(old) && isWell(next) ? 0 : CtlMain.EXIT_FINDINGS;
  }

  private static boolean isWell(MirrorState state) {
    return state.fence() != null && state.missing() == 0 && state.log().deadLetters() == 0;
  }

  private static void row(Table table, String side, MirrorState state) {
    Fence fence = state.fence();
    table.row(
        side,
        fence == null ? "not installed" : fence.authority().name(),
        fence == null ? "-" : String.valueOf(fence.epoch()),
        String.valueOf(state.missing()),
        "%,d".formatted(state.log().pending()),
        state.log().isEmpty() ? "-" : state.log().lag().toMillis() + " ms",
        String.valueOf(state.log().deadLetters()));
  }

  private static void printCanary(
      Output output, @Nullable CanarySighting sent, @Nullable CanarySighting arrived) {
    if (sent == null) {
      return;
    }
    if (arrived != null && arrived.token() == sent.token()) {
      output.print("the canary of " + time(sent) + " has arrived on the other side");
    } else {
      output.print(
          "the canary of "
              + time(sent)
              + " has not arrived on the other side"
              + (arrived == null ? "" : "; the one of " + time(arrived) + " has"));
    }
  }

  private static Instant time(CanarySighting canary) {
    return canary.at().truncatedTo(ChronoUnit.SECONDS);
  }

  private static void printBypasses(Output output, String side, MirrorState state) {
    for (BypassTotal bypass : state.bypasses()) {
      output.print(
          "%,d changes of %s came past every sidecar on %s, by %s, the last of them %s"
              .formatted(
                  bypass.changes(),
                  bypass.group(),
                  side,
                  bypass.writer(),
                  bypass.at().truncatedTo(ChronoUnit.SECONDS)));
    }
  }

  private static Value json(MirrorState state) {
    Map<String, Value> fields = new LinkedHashMap<>();
    Fence fence = state.fence();
    if (fence != null) {
      fields.put("authority", text(fence.authority().name()));
      fields.put("epoch", number(fence.epoch()));
    }
    fields.put("triggers_missing", number(state.missing()));
    fields.put("pending", number(state.log().pending()));
    fields.put("lag_ms", number(state.log().lag().toMillis()));
    fields.put("given_up", number(state.log().deadLetters()));
    CanarySighting canary = state.canary();
    if (canary != null) {
      fields.put("canary_token", number(canary.token()));
      fields.put("canary_at", text(canary.at().toString()));
    }
    fields.put(
        "bypassing", number(state.bypasses().stream().mapToLong(BypassTotal::changes).sum()));
    return Value.newBuilder().setStructValue(Struct.newBuilder().putAllFields(fields)).build();
  }
}
