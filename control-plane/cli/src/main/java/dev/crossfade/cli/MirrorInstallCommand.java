package dev.crossfade.cli;

import com.google.protobuf.Value;
import dev.crossfade.mirror.Capture;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.mirror.OneDatabase;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.image.EntityGroup;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl mirror install FILE --old URL --new URL}. */
@Command(
    name = "install",
    description = {
      "Lets old log the changes of the mapped tables, by triggers, and lets new refuse all writes"
          + " to its mapped tables but the mirror's. Where both are one database, old's triggers"
          + " write new themselves. Where the file says 'capture: statements', old gets no"
          + " triggers, and is refused where changes could not be seen without.",
      "Each table is locked for a moment; where that is not possible at once it tries again. Can be"
          + " repeated; changes nothing that is right.",
      "Give roles that may create a schema and own the mapped tables."
    },
    footer = {
      "  crossfade ctl mirror install split-customers.yaml --old postgresql://owner@old:5432/shop"
          + " --new postgresql://owner@new:5432/shop",
      "  crossfade ctl mirror install split-customers.yaml --old postgresql://owner@old:5432/shop"
          + " --new postgresql://owner@new:5432/shop --print"
    })
final class MirrorInstallCommand extends MirrorLocalCommand {
  @Option(names = "--print", description = "Print the SQL for both databases and run none of it.")
  private boolean printOnly;

  @Override
  int on(Target target, Output output, PrintWriter err) throws SQLException {
    boolean together = target.isOneDatabase();
    CaptureScript old = OneDatabase.capture(target.up(), together);
    CaptureScript next = OneDatabase.capture(target.down(), together);
    if (printOnly) {
      if (output.isJson()) {
        print(output, "", Map.of("old", text(script(old)), "new", text(script(next))));
      } else {
        output.print("-- on old\n" + script(old) + "\n-- on new\n" + script(next));
      }
      return 0;
    }
    if (together && target.isByStatement()) {
      throw new SQLException(
          "both sides are in one database, where triggers write the other side: 'capture:"
              + " statements' can not be had there",
          Mirror.NOT_CAPTURED);
    }
    // First new: from the moment that old logs, nobody else may write there.
    new Capture(target.next(), Capture.Patience.USUAL).install(next);
    new Capture(target.old(), Capture.Patience.USUAL).install(old);
    long watched = target.logged();
    String who =
        target.isByStatement()
            ? "sidecars log what their clients change in %d tables of old, and nobody else does"
            : "old logs the changes of %d tables";
    print(
        output,
        (together
                ? "both sides are in one database: whoever writes %d tables of old writes %d of new"
                    + " in the same transaction, and nobody else does"
                : who + "; %d tables of new take writes of the mirror only")
            .formatted(watched, next.tables().size()),
        Map.of(
            "old_tables",
            number(watched),
            "new_tables",
            number(next.tables().size()),
            "one_database",
            Value.newBuilder().setBoolValue(together).build()));
    return 0;
  }

  private static String script(CaptureScript script) {
    StringBuilder sql = new StringBuilder("BEGIN;\n").append(script.register()).append("COMMIT;\n");
    script.tables().keySet().stream()
        .sorted(EntityGroup.BY_NAME)
        .forEach(
            table ->
                sql.append("BEGIN;\n")
                    .append(script.tables().getOrDefault(table, ""))
                    .append("COMMIT;\n"));
    return sql.toString();
  }
}
