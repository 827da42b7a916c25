package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Judgement.Inconclusive;
import dev.crossfade.postgresql.parity.Judgement.Unclear;
import dev.crossfade.postgresql.parity.Outcome.Done;
import dev.crossfade.postgresql.parity.Outcome.Refused;
import dev.crossfade.postgresql.parity.WriteForm.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two answers to a write. New is asked later than old, of rows that others go on
 * changing and that may hold the write's own effect already: whatever can be explained by that is
 * no difference.
 *
 * @param form of the statement
 * @param complete whether all rows of old are on new, as far as changes under way go
 */
record Judge(WriteForm form, boolean complete) {
  private static final String CHECK = "23514";
  private static final String NOT_PERMITTED = "42501";
  private static final String UNSUPPORTED = "0A000";

  /** The error of a fence: the authority has moved meanwhile. */
  private static final String FENCED = "CF001";

  /**
   * @param before what new said to the same statement the last time; null at the first
   */
  Judgement judge(Outcome old, Outcome now, @Nullable Outcome before) {
    if (old instanceof Refused refused && !refused.isOfValues()) {
      return new Inconclusive(Unclear.NOT_OF_VALUES);
    }
    Unclear unable = now instanceof Refused refused ? unable(refused) : null;
    if (unable != null) {
      return new Inconclusive(unable);
    }
    return switch (old) {
      case Refused was ->
          switch (now) {
            case Refused is -> bothRefuse(was, is);
            case Done is -> accepted(was, is);
          };
      case Done was ->
          switch (now) {
            case Refused is -> refused(was, is);
            case Done is -> bothDo(was, is, before);
          };
    };
  }

  /** Why a refusal of new's says nothing; null when it does. */
  private static @Nullable Unclear unable(Refused now) {
    return switch (now.sqlState()) {
      case NOT_PERMITTED -> Unclear.NOT_PERMITTED;
      case UNSUPPORTED -> Unclear.NOT_TRANSLATED;
      case FENCED -> Unclear.NEW_UNAVAILABLE;
      default -> now.isOfTheMoment() ? Unclear.NEW_UNAVAILABLE : null;
    };
  }

  /** The translation's own CHECK, which has no name, asks for rows of other tables. */
  private static boolean isOfOtherRows(Refused now) {
    return now.isOfOtherRows() || now.sqlState().equals(CHECK) && now.constraint().isEmpty();
  }

  private static Judgement bothRefuse(Refused was, Refused is) {
    if (was.sqlState().equals(is.sqlState())) {
      return new Judgement.Equal();
    }
    return was.isOfOtherRows() || isOfOtherRows(is)
        ? new Inconclusive(Unclear.OTHER_ROWS)
        : new Judgement.Different(Difference.OTHER_ERROR);
  }

  /** Old has changed nothing, so new cannot have met the statement's own effect. */
  private Judgement accepted(Refused was, Done is) {
    if (is.rows() == 0) {
      return new Inconclusive(Unclear.OTHER_ROWS);
    }
    return was.isOfOtherRows() && !complete
        ? new Inconclusive(Unclear.INCOMPLETE)
        : new Judgement.Different(Difference.ACCEPTED);
  }

  private Judgement refused(Done was, Refused is) {
    if (was.rows() == 0 && is.isOfValues()) {
      // Old has had nothing to check.
      return new Inconclusive(Unclear.OTHER_ROWS);
    }
    if (isOfOtherRows(is)) {
      return new Inconclusive(
          form.kind() == Kind.INSERT || form.kind() == Kind.MIXED
              ? Unclear.OWN_EFFECT
              : Unclear.OTHER_ROWS);
    }
    return is.isOfValues() && !form.isGiven()
        ? new Inconclusive(Unclear.OWN_EFFECT)
        : new Judgement.Different(Difference.REFUSED);
  }

  private Judgement bothDo(Done was, Done is, @Nullable Outcome before) {
    boolean sameCount = was.command().equals(is.command()) && was.rows() == is.rows();
    if (!sameCount) {
      // How many rows an UPDATE finds, others may have changed, or the row be gone.
      return form.kind() == Kind.INSERT
          ? new Judgement.Different(Difference.COUNT)
          : new Inconclusive(form.steady() ? Unclear.OTHER_ROWS : Unclear.OWN_EFFECT);
    }
    return form.isGiven() ? rows(was, is, before) : new Judgement.Equal();
  }

  /** A value that comes out another way each time, such as a number drawn, says nothing. */
  private Judgement rows(Done was, Done is, @Nullable Outcome before) {
    boolean unsettled = false;
    for (int column : form.returned()) {
      if (at(was, column) != at(is, column)) {
        if (!(before instanceof Done last)) {
          unsettled = true;
        } else if (at(last, column) == at(is, column)) {
          return new Judgement.Different(Difference.ROWS);
        }
      }
    }
    return unsettled ? new Judgement.LookAgain() : new Judgement.Equal();
  }

  private static long at(Done done, int column) {
    return column < done.columns().length ? done.columns()[column] : 0;
  }
}
