package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.AnswerDigest;
import dev.crossfade.core.compare.KeptAnswer;
import dev.crossfade.postgresql.wire.ErrorFields;
import org.jspecify.annotations.Nullable;

/** What a side said to one read. */
sealed interface Answer {
  /**
   * @param kept null unless the rows were to be kept
   */
  record Rows(AnswerDigest digest, @Nullable KeptAnswer kept) implements Answer {
    @Override
    public Answer digested() {
      return kept == null ? this : new Rows(digest, null);
    }
  }

  record Failed(String sqlState) implements Answer {
    /** Whether it says nothing of the statement. */
    boolean isOfTheMoment() {
      return ErrorFields.isOfTheMoment(sqlState);
    }
  }

  /** The same without its rows: what waits is small. */
  default Answer digested() {
    return this;
  }

  /** Whether both are the same, as far as digests tell. */
  default boolean equalsByDigest(Answer other) {
    return switch (this) {
      case Failed failed -> failed.equals(other);
      case Rows rows ->
          other instanceof Rows others
              && rows.digest().hasRowsOf(others.digest())
              && rows.digest().hasOrderOf(others.digest());
    };
  }
}
