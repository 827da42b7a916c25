package dev.crossfade.bench.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What a server's EXPLAIN comes to, without any value.
 *
 * @param text kinds of nodes, the outermost first, with the index or table, and the estimates
 * @param cost the planner's estimate
 * @param scans tables that are read whole
 * @param indexes that are used
 */
record PlanOutline(String text, double cost, List<Table> scans, List<String> indexes) {
  private static final int DEPTH_MAX = 100;
  private static final int TEXT_MAX = 1_000;

  /** A table with its schema. */
  record Table(String schema, String name) {
    @Override
    public String toString() {
      return schema + "." + name;
    }
  }

  PlanOutline {
    scans = List.copyOf(scans);
    indexes = List.copyOf(indexes);
  }

  /**
   * @param json as {@code EXPLAIN (FORMAT JSON, VERBOSE)} answers
   * @throws IllegalArgumentException when it is none
   */
  static PlanOutline parse(String json) {
    // JSON is YAML; what the server writes of it holds no reference and no tag.
    Object root = new Load(LoadSettings.builder().build()).loadFromString(json);
    if (root instanceof List<?> list
        && !list.isEmpty()
        && list.getFirst() instanceof Map<?, ?> first
        && first.get("Plan") instanceof Map<?, ?> top) {
      Walk walk = new Walk(new StringBuilder(), new ArrayList<>(), new ArrayList<>());
      walk.node(top, 0);
      double cost = number(top.get("Total Cost"));
      String text =
          String.format(
              Locale.ROOT,
              "%s; cost %.0f, %.0f rows",
              walk.text.length() > TEXT_MAX ? walk.text.substring(0, TEXT_MAX) : walk.text,
              cost,
              number(top.get("Plan Rows")));
      return new PlanOutline(text, cost, walk.scans, walk.indexes);
    }
    throw new IllegalArgumentException("the server's EXPLAIN is no plan");
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  /** What is found on the way through the nodes. */
  private record Walk(StringBuilder text, List<Table> scans, List<String> indexes) {
    void node(Map<?, ?> node, int depth) {
      if (depth > DEPTH_MAX) {
        return;
      }
      String kind = String.valueOf(node.get("Node Type"));
      text.append(kind);
      Object index = node.get("Index Name");
      Object relation = node.get("Relation Name");
      if (index != null) {
        text.append(' ').append(index);
        indexes.add(String.valueOf(index));
      } else if (relation != null) {
        text.append(' ').append(relation);
      }
      if (kind.equals("Seq Scan") && relation != null) {
        scans.add(new Table(String.valueOf(node.get("Schema")), String.valueOf(relation)));
      }
      if (node.get("Plans") instanceof List<?> children && !children.isEmpty()) {
        text.append(" (");
        for (int i = 0; i < children.size(); i++) {
          if (children.get(i) instanceof Map<?, ?> child) {
            text.append(i == 0 ? "" : ", ");
            node(child, depth + 1);
          }
        }
        text.append(')');
      }
    }
  }
}
