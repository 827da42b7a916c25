package dev.crossfade.postgresql.plan;

import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.write.WriteTranslation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How every statement with one fingerprint is carried out on the authority, whose shape is not its
 * client's. Validated by both servers before it exists.
 *
 * @param migrations whose tables it writes or reads
 * @param parameterTypes OIDs that the authority has for what the client's own shape infers
 * @param rows what it returns, as the client's own shape describes it; null when it returns none
 */
public record WritePlan(
    Set<String> migrations,
    WriteTranslation translation,
    int[] parameterTypes,
    @Nullable RowDescription rows) {
  public WritePlan {
    migrations = Set.copyOf(migrations);
  }

  /** What it takes in memory, about. */
  int bytes() {
    return translation.bytes() + 4 * parameterTypes.length + (rows == null ? 0 : rows.bytes());
  }
}
