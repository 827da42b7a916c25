package dev.crossfade.sidecar.inventory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What {@code EXPLAIN (FORMAT JSON, VERBOSE)} says of the tables that a statement reads whole. Of
 * the conditions only column names are kept: they may hold literals.
 */
final class ExplainedPlan {
  /** Deeper plans are cut: what is below counts as unknown. */
  private static final int DEPTH_MAX = 200;

  private static final int SCANS_MAX = 64;
  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_$]*");
  private static final String COLUMN = "\\.(\"(?:[^\"]|\"\")+\"|[\\w$]+)";
  private static final String CAST = "\\)::[a-z][a-z ]*(?:\\(\\d+(?:,\\d+)?\\))?";

  /** As the server prints one; a backslash stands only behind another, in an E string. */
  private static final Pattern LITERAL = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'");

  private static final Set<String> CONDITIONS =
      Set.of("Filter", "Join Filter", "Hash Cond", "Merge Cond");

  /**
   * A table that is read whole.
   *
   * @param equalities columns that are compared by =, in the order of the conditions
   * @param ranges columns that are compared by {@code <} and its like
   * @param named columns that the conditions name, the others included
   */
  record Scan(
      String schema, String table, Set<String> equalities, Set<String> ranges, Set<String> named) {
    Scan {
      equalities = new LinkedHashSet<>(equalities);
      ranges = new LinkedHashSet<>(ranges);
      named = new LinkedHashSet<>(named);
    }
  }

  private final List<Scan> scans = new ArrayList<>();

  private ExplainedPlan() {}

  /**
   * @param json the whole answer of the server
   * @return its sequential scans, at most 64
   */
  static List<Scan> scans(String json) {
    ExplainedPlan plan = new ExplainedPlan();
    // JSON is YAML; what the server writes of it holds no reference and no tag.
    Object root = new Load(LoadSettings.builder().build()).loadFromString(json);
    if (root instanceof List<?> list
        && !list.isEmpty()
        && list.getFirst() instanceof Map<?, ?> first) {
      plan.walk(first.get("Plan"), List.of(), 0);
    }
    return plan.scans;
  }

  /**
   * @param above conditions of the nodes that lead here
   */
  private void walk(@Nullable Object value, List<String> above, int depth) {
    if (!(value instanceof Map<?, ?> node) || depth > DEPTH_MAX) {
      return;
    }
    List<String> conditions = new ArrayList<>();
    for (String kind : CONDITIONS) {
      if (node.get(kind) instanceof String text) {
        conditions.add(LITERAL.matcher(text).replaceAll("''"));
      }
    }
    if ("Seq Scan".equals(node.get("Node Type")) && scans.size() < SCANS_MAX) {
      // Its own conditions are what an index would serve; a join's only where it has none.
      scans.add(scan(node, conditions.isEmpty() ? above : conditions));
    }
    conditions.addAll(above);
    if (node.get("Plans") instanceof List<?> children) {
      children.forEach(child -> walk(child, conditions, depth + 1));
    }
  }

  private static Scan scan(Map<?, ?> node, List<String> conditions) {
    String alias = Pattern.quote(quoted(String.valueOf(node.get("Alias"))));
    String column = "(?<![\\w$\".])" + alias + COLUMN;
    Scan scan =
        new Scan(
            String.valueOf(node.get("Schema")),
            String.valueOf(node.get("Relation Name")),
            Set.of(),
            Set.of(),
            Set.of());
    // (c.email = $1), ((c.email)::text = $1), (p.id = c.person_id), (p.id = (c.person_id)::bigint)
    Pattern left = Pattern.compile("\\((?:" + column + "|\\(" + column + CAST + ") (=|<|<=|>|>=) ");
    Pattern right =
        Pattern.compile(" (=|<|<=|>|>=) (?:" + column + "\\)|\\(" + column + CAST + "\\))");
    Pattern any = Pattern.compile(column);
    for (String condition : conditions) {
      for (Matcher m = left.matcher(condition); m.find(); ) {
        add(scan, m.group(3), m.group(1) == null ? m.group(2) : m.group(1));
      }
      for (Matcher m = right.matcher(condition); m.find(); ) {
        add(scan, m.group(1), m.group(2) == null ? m.group(3) : m.group(2));
      }
      for (Matcher m = any.matcher(condition); m.find(); ) {
        scan.named.add(plain(m.group(1)));
      }
    }
    return scan;
  }

  private static void add(Scan scan, String operator, String column) {
    (operator.equals("=") ? scan.equalities : scan.ranges).add(plain(column));
  }

  /** As the server prints a name; a keyword that it would quote is not recognised. */
  static String quoted(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String plain(String printed) {
    return printed.startsWith("\"")
        ? printed.substring(1, printed.length() - 1).replace("\"\"", "\"")
        : printed;
  }
}
