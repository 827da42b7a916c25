package dev.crossfade.sql.lens;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a statement can be read from new, and how. */
public sealed interface StatementAnalysis {
  /**
   * @param migrations whose tables it reads; at least one
   * @param translation for this statement and every one with its fingerprint
   * @param pin null when it may be about many entities
   */
  record Translatable(Set<String> migrations, Translation translation, @Nullable EntityPin pin)
      implements StatementAnalysis {
    public Translatable {
      migrations = Set.copyOf(migrations);
    }
  }

  /**
   * @param offset in bytes of the statement in UTF-8, where the reason stands
   * @param detail for people: what stands there
   */
  record Refused(Refusal reason, int offset, String detail) implements StatementAnalysis {}
}
