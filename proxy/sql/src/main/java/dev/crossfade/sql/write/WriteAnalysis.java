package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.StatementAnalysis;
import java.util.Set;

/** Whether a statement can be written where the data is, and how. */
public sealed interface WriteAnalysis {
  /**
   * @param migrations whose tables it writes or reads
   */
  record Written(Set<String> migrations, WriteTranslation translation) implements WriteAnalysis {
    public Written {
      migrations = Set.copyOf(migrations);
    }
  }

  record Refused(StatementAnalysis.Refused why) implements WriteAnalysis {}
}
