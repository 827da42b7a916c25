package dev.crossfade.bench.writes;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements one after the other on both sides, in transactions that are undone in the end,
 * and compares after each.
 */
final class Lockstep implements AutoCloseable {
  static final String OLD_NUMBERS =
      "SELECT setval('customers_id_seq', %d), setval('orders_id_seq', %d), setval('visits_id_seq',"
          + " %d)";
  static final String NEXT_NUMBERS =
      "SELECT nextval('people_id_seq'), nextval('purchase_order_id_seq'),"
          + " nextval('visit_visit_id_seq')";
  static final String NEW_NUMBERS =
      "SELECT currval('people_id_seq'), currval('purchase_order_id_seq'),"
          + " currval('visit_visit_id_seq')";

  private final Comparison comparison;
  private final Link old;
  private final Link target;
  private final Translated translated;

  /**
   * @param difference in words; null when both sides are the same
   */
  record Result(Executed executed, Outcome expected, @Nullable String difference) {}

  Lockstep(World world) throws IOException {
    this.comparison = new Comparison(world);
    this.old = world.old();
    this.target = world.target();
    this.translated = new Translated(world.analyzer(), target);
    target.must(NEXT_NUMBERS);
  }

  void begin() throws IOException {
    old.must("BEGIN");
    target.must("BEGIN");
  }

  void undo() throws IOException {
    old.must("ROLLBACK");
    target.must("ROLLBACK");
  }

  /** One that fails, is refused or differs leaves both sides as they were. */
  Result step(Draft draft) throws IOException {
    return step(draft, true);
  }

  private Result step(Draft draft, boolean compares) throws IOException {
    old.must("SAVEPOINT s");
    target.must("SAVEPOINT s");
    long[] numbers = target.numbers(NEW_NUMBERS);
    Executed executed = translated.run(draft.sql(), draft.copied());
    if (!(executed instanceof Executed.Answered(Outcome found, String ignored, long nanos))) {
      back();
      return new Result(executed, new Outcome.Failed("", "not asked"), null);
    }
    if (found instanceof Outcome.Failed) {
      target.must("ROLLBACK TO s");
    }
    old.must(OLD_NUMBERS.formatted(numbers[0], numbers[1], numbers[2]));
    Outcome expected = old.ask(draft);
    if (expected instanceof Outcome.Failed) {
      old.must("ROLLBACK TO s");
    }
    String difference = difference(expected, found);
    if (difference == null && compares) {
      List<String> rows = comparison.compare(old, target).differences();
      difference = rows.isEmpty() ? null : String.join("\n", rows);
    }
    if (difference != null) {
      back();
    }
    return new Result(executed, expected, difference);
  }

  /**
   * Runs a sequence from the rows of the beginning, and undoes it.
   *
   * @return what went wrong with its last statement, or with the rows in the end; null when nothing
   */
  @Nullable Result last(List<Draft> sequence) throws IOException {
    begin();
    try {
      for (Draft draft : sequence.subList(0, sequence.size() - 1)) {
        step(draft, false);
      }
      Result result = step(sequence.getLast(), true);
      return result.difference() == null ? null : result;
    } finally {
      undo();
    }
  }

  private void back() throws IOException {
    old.must("ROLLBACK TO s");
    target.must("ROLLBACK TO s");
  }

  /** What a client would notice; null when nothing. */
  static @Nullable String difference(Outcome expected, Outcome found) {
    if (expected.isLike(found)) {
      return null;
    }
    if (expected instanceof Outcome.Done one
        && found instanceof Outcome.Done two
        && one.tag().equals(two.tag())
        && one.columns().equals(two.columns())) {
      return "rows only of old: %s, only of new: %s"
          .formatted(
              Comparison.more(one.rows(), two.rows()), Comparison.more(two.rows(), one.rows()));
    }
    return "old: %s, new: %s".formatted(expected, found);
  }

  @Override
  public void close() throws IOException {
    old.close();
    target.close();
  }
}
