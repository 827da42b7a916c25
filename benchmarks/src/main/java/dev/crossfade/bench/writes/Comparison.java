package dev.crossfade.bench.writes;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether both databases hold the same, row by row as text. */
final class Comparison {
  private static final int SHOWN_CHARS = 300;

  /** What the old shape does not show; a lens may say what it is in a new row. */
  private static final Set<String> UNSEEN = Set.of("channel");

  /**
   * @param rows that were compared
   * @param differences in words, a table each; empty when all is the same
   */
  record Finding(long rows, List<String> differences) {
    Finding {
      differences = List.copyOf(differences);
    }
  }

  private Comparison() {}

  /** {@code down(new) = old} and {@code up(old) = new}. */
  static Finding compare(World world, Link old, Link target) throws IOException {
    long rows = 0;
    List<String> differences = new ArrayList<>();
    for (Map.Entry<TableName, MappedTable> table : world.downs().entrySet()) {
      var expected = rows(old, "SELECT * FROM " + table.getKey().name());
      var found = rows(target, "SELECT * FROM " + table.getValue().substitution() + " AS d");
      rows += expected.size();
      difference("down(new) = old for " + table.getKey(), expected, found, differences);
    }
    for (Map.Entry<TableName, MappedTable> table : world.ups().entrySet()) {
      MappedTable up = table.getValue();
      List<String> columns =
          up.shape().columns().stream()
              .map(column -> column.name())
              .filter(column -> up.columns().contains(column) && !UNSEEN.contains(column))
              .toList();
      String list = "\"" + String.join("\", \"", columns) + "\"";
      var expected = rows(old, "SELECT " + list + " FROM " + up.substitution() + " AS u");
      var found = rows(target, "SELECT " + list + " FROM " + table.getKey().name());
      difference("up(old) = new for " + table.getKey(), expected, found, differences);
    }
    return new Finding(rows, differences);
  }

  private static Map<List<@Nullable String>, Integer> rows(Link link, String sql)
      throws IOException {
    return switch (link.ask(sql)) {
      case Outcome.Done done -> done.rows();
      case Outcome.Failed(String state, String message) ->
          throw new IOException(state + ": " + message + ": " + sql);
    };
  }

  private static void difference(
      String what,
      Map<List<@Nullable String>, Integer> expected,
      Map<List<@Nullable String>, Integer> found,
      List<String> differences) {
    if (!expected.equals(found)) {
      differences.add(
          "%s: only on old %s, only on new %s"
              .formatted(what, more(expected, found), more(found, expected)));
    }
  }

  /** The rows that come more often here than there. */
  static String more(
      Map<List<@Nullable String>, Integer> here, Map<List<@Nullable String>, Integer> there) {
    List<String> more = new ArrayList<>();
    here.forEach(
        (row, count) -> {
          if (count > there.getOrDefault(row, 0)) {
            more.add(row.toString());
          }
        });
    String shown = more.toString();
    return shown.length() > SHOWN_CHARS ? shown.substring(0, SHOWN_CHARS) + " …" : shown;
  }
}
