package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Executed.Answered;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of all statements. One thread's own. */
final class Tally {
  private static final int MOST_WRONG = 20;

  private final Map<Form, Counts> forms = new EnumMap<>(Form.class);
  private final Map<String, Reason> refusals = new TreeMap<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private final List<Wrong> wrong = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private int wrongCount;
  private int retries;
  private long rows;

  /** Of a form; times in nanoseconds, of the equal ones. */
  static final class Counts {
    int statements;
    int refused;
    int equal;
    int failedAlike;
    int withRows;
    int hot;
    int unplaced;
    int wrong;
    long newNanos;
    long oldNanos;

    int translated() {
      return statements - refused;
    }

    private void add(Counts other) {
      statements += other.statements;
      refused += other.refused;
      equal += other.equal;
      failedAlike += other.failedAlike;
      withRows += other.withRows;
      hot += other.hot;
      unplaced += other.unplaced;
      wrong += other.wrong;
      newNanos += other.newNanos;
      oldNanos += other.oldNanos;
    }
  }

  /**
   * @param example the shortest
   */
  record Reason(int count, String detail, String example) {}

  /**
   * @param sql that ran on new
   * @param difference in words
   * @param small statements that fail in one session alone, the last of them as this one; empty
   *     when none were found
   */
  record Wrong(int shard, Draft draft, String sql, String difference, List<Draft> small) {
    Wrong {
      small = List.copyOf(small);
    }

    Wrong(int shard, Draft draft, String sql, String difference) {
      this(shard, draft, sql, difference, List.of());
    }
  }

  private Counts counts(Draft draft) {
    return forms.computeIfAbsent(draft.form(), form -> new Counts());
  }

  void refused(Draft draft, Executed.Refused refused) {
    Counts counts = counts(draft);
    counts.statements++;
    counts.refused++;
    Reason before = refusals.get(refused.reason());
    boolean shorter = before == null || draft.sql().length() < before.example().length();
    int count = before == null ? 1 : before.count() + 1;
    refusals.put(
        refused.reason(),
        shorter || before == null
            ? new Reason(count, refused.detail(), draft.sql())
            : new Reason(count, before.detail(), before.example()));
  }

  /**
   * What another session may have been before or behind: its outcome is only plausible. A key that
   * is there or not, and a number that the other one made too large for its column, are.
   */
  void unplaced(Draft draft, Answered answered) {
    Counts counts = counts(draft);
    counts.statements++;
    counts.unplaced++;
    if (answered.outcome() instanceof Outcome.Failed(String state, String message)
        && !List.of("23505", "23503", "22003").contains(state)) {
      wrong(new Wrong(0, draft, answered.sql(), "a hot row: " + state + ": " + message));
      counts.statements--;
      counts.unplaced--;
    }
  }

  void equal(Draft draft, Answered answered, long oldNanos) {
    Counts counts = counts(draft);
    counts.statements++;
    counts.equal++;
    counts.hot += draft.hot() ? 1 : 0;
    counts.newNanos += answered.nanos();
    counts.oldNanos += oldNanos;
    switch (answered.outcome()) {
      case Outcome.Failed(String state, String ignored) -> {
        counts.failedAlike++;
        failures.merge(state, 1, Integer::sum);
      }
      case Outcome.Done done -> {
        counts.withRows += done.count() > 0 ? 1 : 0;
        rows += done.count();
      }
    }
  }

  void wrong(Wrong each) {
    Counts counts = counts(each.draft());
    counts.statements++;
    counts.wrong++;
    wrongCount++;
    if (wrong.size() < MOST_WRONG) {
      wrong.add(each);
    }
  }

  void shrunk(Wrong each, List<Draft> small) {
    wrong.replaceAll(
        other ->
            other == each
                ? new Wrong(each.shard(), each.draft(), each.sql(), each.difference(), small)
                : other);
  }

  void retries(int count) {
    retries = count;
  }

  void differences(List<String> found) {
    differences.addAll(found);
  }

  Map<Form, Counts> forms() {
    return forms;
  }

  Map<String, Reason> refusals() {
    return refusals;
  }

  /** SQLSTATEs that both sides gave, and how often. */
  Map<String, Integer> failures() {
    return failures;
  }

  /** The first ones. */
  List<Wrong> wrong() {
    return wrong;
  }

  int wrongCount() {
    return wrongCount;
  }

  /** Of the tables in the end, in words. */
  List<String> differences() {
    return differences;
  }

  int retries() {
    return retries;
  }

  /** Rows that equal statements were about. */
  long rows() {
    return rows;
  }

  Counts total() {
    Counts total = new Counts();
    forms.values().forEach(total::add);
    return total;
  }

  /** Of the statements; 0 when there were none. */
  double acceptedShare() {
    Counts total = total();
    return total.statements == 0 ? 0 : (double) total.translated() / total.statements;
  }
}
