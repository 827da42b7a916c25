package dev.crossfade.sql.write;

import java.util.Arrays;
import java.util.List;

/**
 * How a statement that writes is carried out where the data is. Immutable.
 *
 * <p>All steps in one transaction, each with a snapshot of its own (READ COMMITTED): what goes
 * ahead of the last one locks rows and notes their keys, or takes what the client copies in.
 *
 * @param steps at least one, in the order in which they run; what others than the last one answer
 *     is of no interest
 */
public record WriteTranslation(List<Step> steps, Answer answer) {
  public WriteTranslation {
    steps = List.copyOf(steps);
  }

  /** One statement. */
  public sealed interface Step {
    Template sql();

    /** Is run. */
    record Run(Template sql) implements Step {}

    /** Takes the rows that the client sends: COPY FROM STDIN. */
    record Receive(Template sql) implements Step {}
  }

  /** What the client is told. */
  public sealed interface Answer {
    /**
     * The rows of the last step; their number stands in the tag.
     *
     * @param tag of the CommandComplete, the number comes behind a blank; such as {@code INSERT 0}
     */
    record Rows(String tag) implements Answer {}

    /** No rows; the number in the tag is the one value of the last step's one row, a bigint. */
    record Count(String tag) implements Answer {}

    /** What the last step answers. */
    record AsItIs() implements Answer {}
  }

  /** Steps that are all run. */
  static WriteTranslation of(Answer answer, Template... statements) {
    return new WriteTranslation(
        Arrays.stream(statements).<Step>map(Step.Run::new).toList(), answer);
  }

  /** What it takes in memory, about. */
  public int bytes() {
    return steps.stream().mapToInt(step -> step.sql().bytes()).sum();
  }
}
