package dev.crossfade.bench.writes;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether both databases hold the same, row by row as text. */
final class Comparison {
  private static final int SHOWN_CHARS = 400;

  /** What the old shape does not show; a lens may say what it is in a new row. */
  private static final Set<String> UNSEEN = Set.of("channel", "lang", "board");

  /** Old keeps for the test what new has to hold where old shows nothing. */
  private static final String UNSEEN_EXPECTED =
      """
      SELECT 'people', CAST(u AS text) FROM unseen_customers AS u
      UNION ALL SELECT 'purchase', CAST(u AS text) FROM unseen_orders AS u
      UNION ALL SELECT 'article', CAST(u AS text) FROM unseen_articles AS u
      UNION ALL SELECT 'accounts', CAST(u AS text) FROM unseen_accounts AS u
      UNION ALL SELECT 'visit', CAST(u AS text) FROM unseen_visits AS u
      UNION ALL SELECT 'guest', CAST(u AS text) FROM unseen_guests AS u
      UNION ALL SELECT 'stay', CAST(u AS text) FROM unseen_stays AS u
      UNION ALL SELECT 'shipment', CAST(u AS text) FROM unseen_parcels AS u
      """;

  private static final String UNSEEN_FOUND =
      """
      SELECT 'people', CAST(u AS text)
      FROM (SELECT p.id, p.region, c.verified FROM people AS p LEFT JOIN contacts AS c ON c.person_id = p.id) AS u
      UNION ALL SELECT 'purchase', CAST(u AS text) FROM (SELECT order_id, channel FROM purchase) AS u
      UNION ALL SELECT 'article', CAST(u AS text) FROM (SELECT id, shelf FROM article) AS u
      UNION ALL SELECT 'accounts', CAST(u AS text) FROM (SELECT id, origin FROM accounts) AS u
      UNION ALL SELECT 'visit', CAST(u AS text) FROM (SELECT visit_id, agent FROM visit) AS u
      UNION ALL SELECT 'guest', CAST(u AS text)
      FROM (SELECT m.old_key, g.lang FROM guest AS g JOIN guest_ids AS m ON m.new_key = g.id) AS u
      UNION ALL SELECT 'stay', CAST(u AS text) FROM (SELECT id, board FROM stay) AS u
      UNION ALL SELECT 'shipment', CAST(u AS text) FROM (SELECT shipment_id, carrier FROM shipment) AS u
      """;

  private final String old;
  private final String down;
  private final String up;
  private final String target;

  /**
   * @param rows that were compared
   * @param differences in words; empty when all is the same
   */
  record Finding(long rows, List<String> differences) {
    Finding {
      differences = List.copyOf(differences);
    }
  }

  Comparison(World world) {
    this.old = union(world.downs(), table -> "SELECT * FROM " + name(table));
    this.down = union(world.downs(), table -> "SELECT * FROM " + table.substitution() + " AS d");
    this.up = union(world.ups(), table -> seen(table) + table.substitution() + " AS u");
    this.target = union(world.ups(), table -> seen(table) + name(table));
  }

  private interface Rows {
    String of(MappedTable table);
  }

  private static String union(Map<TableName, MappedTable> tables, Rows rows) {
    return tables.values().stream()
        .map(
            table ->
                "SELECT '%s', CAST(r AS text) FROM (%s) AS r"
                    .formatted(table.shape().name().name(), rows.of(table)))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private static String name(MappedTable table) {
    return table.shape().name().name();
  }

  private static String seen(MappedTable table) {
    return table.shape().columns().stream()
        .map(ColumnShape::name)
        .filter(column -> table.columns().contains(column) && !UNSEEN.contains(column))
        .collect(Collectors.joining("\", \"", "SELECT \"", "\" FROM "));
  }

  /** {@code down(new) = old}, {@code up(old) = new}, and new's own columns. */
  Finding compare(Link oldLink, Link newLink) throws IOException {
    var rows = rows(oldLink, old);
    List<String> differences = new ArrayList<>();
    difference("down(new) = old", rows, rows(newLink, down), differences);
    difference("up(old) = new", rows(oldLink, up), rows(newLink, target), differences);
    difference(
        "what only new shows",
        rows(oldLink, UNSEEN_EXPECTED),
        rows(newLink, UNSEEN_FOUND),
        differences);
    return new Finding(rows.values().stream().mapToInt(each -> each).sum(), differences);
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
