package dev.crossfade.sql.lens;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a statement can be read from new, and how. */
public sealed interface StatementAnalysis {
  /**
   * @param migrations whose tables it reads; at least one
   * @param translation for this statement and every one with its fingerprint
   * @param pin null when it may be about many entities
   * @param doubts what only the servers can tell
   */
  record Translatable(
      Set<String> migrations, Translation translation, @Nullable EntityPin pin, Doubts doubts)
      implements StatementAnalysis {
    public Translatable {
      migrations = Set.copyOf(migrations);
    }
  }

  /**
   * What has to be asked before a translation is used.
   *
   * @param grouped the translation to use when new says that a column is not grouped; null when
   *     there is none
   * @param moments null when there are no such constants
   * @param records whether a row in the result may name other types on new
   */
  record Doubts(@Nullable Translation grouped, @Nullable MomentProbe moments, boolean records) {}

  /**
   * Constants such as {@code 'now'}, which are harmless as text and differ from moment to moment as
   * a date: what old takes them for shows when they stand as parameters.
   *
   * @param question the statement in the old shape with them as parameters
   * @param first number of the first of these parameters, from 1
   * @param count of them
   * @param offset in bytes of the statement in UTF-8, of the first constant
   */
  record MomentProbe(Translation question, int first, int count, int offset) {}

  /**
   * @param offset in bytes of the statement in UTF-8, where the reason stands
   * @param detail for people: what stands there
   */
  record Refused(Refusal reason, int offset, String detail) implements StatementAnalysis {}
}
