package dev.crossfade.core.compare;

import dev.crossfade.core.compare.KeptAnswer.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what is different between two answers whose rows were kept: rows that both have are taken
 * away, the rest are paired, by their keys where the answer shows these.
 *
 * @param rules of the columns, and which hold the key
 * @param order places of the columns that the statement orders by, as far as the answer shows them
 * @param choice where the statement may pick some of several rows
 */
public record AnswerComparison(ComparisonRules rules, List<Integer> order, Choice choice) {
  private static final int MOST_COLUMNS = 20;
  private static final int MOST_SHOWN = 10;
  private static final int MOST_TEXT = 256;

  /** Rows that share these values of the order may be others, when they are as many. */
  public enum Choice {
    NONE,
    /** The last: LIMIT. */
    AT_END,
    /** The first and the last: OFFSET. */
    AT_BOTH_ENDS
  }

  public AnswerComparison {
    order = List.copyOf(order);
  }

  /**
   * @return empty when they count as equal
   */
  public Optional<Difference> compare(KeptAnswer old, KeptAnswer target) {
    if (!old.columns().equals(target.columns())) {
      return Optional.of(
          new Difference(Verdict.VALUE, namesThatDiffer(old, target), List.of(), List.of()));
    }
    List<Row> missing = less(old.rows(), target.rows());
    List<Row> extra = less(target.rows(), old.rows());
    pairByRules(old, missing, extra);
    boolean chosen = choice != Choice.NONE && !old.rows().isEmpty();
    if (chosen && old.rows().size() == target.rows().size()) {
      Row last = old.rows().getLast().of(order);
      if (last.equals(target.rows().getLast().of(order))) {
        takeChoice(last, missing, extra);
      }
      Row first = old.rows().getFirst().of(order);
      if (choice == Choice.AT_BOTH_ENDS && first.equals(target.rows().getFirst().of(order))) {
        takeChoice(first, missing, extra);
      }
    }
    if (!missing.isEmpty() || !extra.isEmpty()) {
      return Optional.of(explain(old, missing, extra));
    }
    return hasOrder(old, target) ? Optional.empty() : Optional.of(Difference.of(Verdict.ORDER));
  }

  private static List<String> namesThatDiffer(KeptAnswer old, KeptAnswer target) {
    Set<String> names = new LinkedHashSet<>(old.columns());
    target
        .columns()
        .forEach(
            name -> {
              if (!names.remove(name)) {
                names.add(name);
              }
            });
    return names.stream().limit(MOST_COLUMNS).toList();
  }

  /** The rows of one that the other does not have, each as often as it lacks it. */
  private static List<Row> less(List<Row> rows, List<Row> others) {
    Map<Row, Integer> counts = new HashMap<>();
    others.forEach(row -> counts.merge(row, 1, Integer::sum));
    List<Row> left = new ArrayList<>();
    for (Row row : rows) {
      int count = counts.getOrDefault(row, 0);
      if (count > 0) {
        counts.put(row, count - 1);
      } else {
        left.add(row);
      }
    }
    return left;
  }

  /** Takes away pairs of rows that the columns' rules call equal. */
  private void pairByRules(KeptAnswer answer, List<Row> missing, List<Row> extra) {
    if (rules.columns().isEmpty()) {
      return;
    }
    missing.removeIf(
        row -> {
          for (int i = 0; i < extra.size(); i++) {
            if (differing(answer, row, extra.get(i)).isEmpty()) {
              extra.remove(i);
              return true;
            }
          }
          return false;
        });
  }

  /** Places of the columns in which two rows differ. */
  private List<Integer> differing(KeptAnswer answer, Row row, Row other) {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < row.size(); place++) {
      if (!equal(answer.columns().get(place), row.get(place), other.get(place))) {
        places.add(place);
      }
    }
    return places;
  }

  private boolean equal(String column, @Nullable String value, @Nullable String other) {
    ColumnRule rule = rules.columns().get(column);
    if (Objects.equals(value, other) || rule instanceof ColumnRule.Ignore) {
      return true;
    }
    return rule != null && value != null && other != null && RuleJudge.equal(rule, value, other);
  }

  /**
   * Which of the rows at one value of the order are picked is the server's choice, how many is not.
   * Without an order all rows are at one value.
   */
  private void takeChoice(Row value, List<Row> missing, List<Row> extra) {
    long gone = missing.stream().filter(row -> row.of(order).equals(value)).count();
    long come = extra.stream().filter(row -> row.of(order).equals(value)).count();
    if (gone == come) {
      missing.removeIf(row -> row.of(order).equals(value));
      extra.removeIf(row -> row.of(order).equals(value));
    }
  }

  private boolean hasOrder(KeptAnswer old, KeptAnswer target) {
    for (int row = 0; row < old.rows().size() && !order.isEmpty(); row++) {
      for (int place : order) {
        if (!equal(
            old.columns().get(place),
            old.rows().get(row).get(place),
            target.rows().get(row).get(place))) {
          return false;
        }
      }
    }
    return true;
  }

  private Difference explain(KeptAnswer answer, List<Row> missing, List<Row> extra) {
    List<Integer> key = keyPlaces(answer);
    Map<Row, Row> byKey = new HashMap<>();
    if (!key.isEmpty()) {
      extra.forEach(row -> byKey.put(row.of(key), row));
    }
    int surplus = missing.size() - extra.size();
    Found found = new Found(answer, key);
    List<Row> alone = new ArrayList<>();
    for (Row row : missing) {
      Row partner = byKey.remove(row.of(key));
      if (partner == null) {
        alone.add(row);
      } else {
        extra.remove(partner);
        found.pair(row, partner, differing(answer, row, partner));
      }
    }
    if (key.isEmpty() && surplus == 0) {
      for (int i = 0; i < alone.size(); i++) {
        found.pair(alone.get(i), extra.get(i), differing(answer, alone.get(i), extra.get(i)));
      }
    } else {
      alone.forEach(found::alone);
      extra.forEach(found::alone);
    }
    Verdict verdict =
        surplus > 0 ? Verdict.MISSING_ROWS : surplus < 0 ? Verdict.EXTRA_ROWS : Verdict.VALUE;
    return found.difference(verdict);
  }

  /** All columns of the first key that the answer shows, or none. */
  private List<Integer> keyPlaces(KeptAnswer answer) {
    for (List<String> key : rules.keys()) {
      List<Integer> places = new ArrayList<>();
      for (String name : key) {
        int place = answer.columns().indexOf(name);
        if (place >= 0 && place == answer.columns().lastIndexOf(name)) {
          places.add(place);
        }
      }
      if (!key.isEmpty() && places.size() == key.size()) {
        return places;
      }
    }
    return List.of();
  }

  /** What is told of the rows that differ. */
  private final class Found {
    private final KeptAnswer answer;
    private final List<Integer> key;
    private final Set<String> columns = new LinkedHashSet<>();
    private final Set<String> keys = new LinkedHashSet<>();
    private final List<Difference.Pair> values = new ArrayList<>();

    Found(KeptAnswer answer, List<Integer> key) {
      this.answer = answer;
      this.key = key;
    }

    void pair(Row row, Row other, List<Integer> differing) {
      alone(row);
      for (int place : differing) {
        String column = answer.columns().get(place);
        if (columns.size() < MOST_COLUMNS) {
          columns.add(column);
        }
        if (values.size() < MOST_SHOWN && rules.values() != ComparisonRules.Values.NONE) {
          values.add(new Difference.Pair(column, cut(row.get(place)), cut(other.get(place))));
        }
      }
    }

    void alone(Row row) {
      if (!key.isEmpty() && keys.size() < MOST_SHOWN && rules.showsKeys()) {
        List<String> parts = new ArrayList<>();
        for (int place : key) {
          parts.add(cut(row.get(place)));
        }
        keys.add(String.join(", ", parts));
      }
    }

    Difference difference(Verdict verdict) {
      return new Difference(verdict, List.copyOf(columns), List.copyOf(keys), values);
    }
  }

  private static String cut(@Nullable String value) {
    String text = String.valueOf(value);
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }
}
