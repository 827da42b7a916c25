package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.wire.ErrorFields;

/** What a server said of one write, without any value of a row. */
public sealed interface Outcome {
  /**
   * It has changed nothing.
   *
   * @param constraint what it says it has broken: the name of a constraint or, where a value was
   *     missing, of a column; empty where it says none
   */
  record Refused(String sqlState, String constraint) implements Outcome {
    /** Whether a constraint, or the type of a column, has refused a value. */
    boolean isOfValues() {
      return sqlState.startsWith("22") || sqlState.startsWith("23");
    }

    /** Whether it depends on rows of which others may have made something else since. */
    boolean isOfOtherRows() {
      return switch (sqlState) {
        case "23503", "23505", "23P01" -> true;
        default -> false;
      };
    }

    /**
     * Whether it says nothing of the statement: a lock, a limit, a server that ends, a conflict of
     * transactions.
     */
    boolean isOfTheMoment() {
      return ErrorFields.isOfTheMoment(sqlState);
    }

    @Override
    public String toString() {
      return sqlState + (constraint.isEmpty() ? "" : " (" + constraint + ')');
    }
  }

  /**
   * @param command the word of its tag, such as {@code UPDATE}
   * @param rows the number in its tag
   * @param columns of what it returned: for each column a hash over the values of all rows, in
   *     whatever order; empty where it returned none
   */
  record Done(String command, long rows, long[] columns) implements Outcome {
    @Override
    public String toString() {
      return command + ' ' + rows;
    }
  }
}
