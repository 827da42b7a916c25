package dev.crossfade.postgresql.plan;

import dev.crossfade.sql.parse.MappedNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sessions need to know that speak the new shape while old is the authority. Replaced as a
 * whole when a lens or a catalog changes.
 *
 * @param generation tells plans of different lenses apart
 * @param names bare names of all new tables that a migration computes from old ones
 * @param unready of these, those of migrations that are not in force, with the migration
 * @param plans of reads; null when no migration is in force
 */
public record NewShape(
    int generation, MappedNames names, Map<String, String> unready, @Nullable Plans plans)
    implements AutoCloseable {
  /** No migration: every table is the one that old knows by that name. */
  public static final NewShape NONE =
      new NewShape(0, MappedNames.of(java.util.Set.of()), Map.of(), null);

  /**
   * @param cache by fingerprint
   * @param maker for a text that is to be judged by itself
   */
  public record Plans(PlanCache cache, PlanMaker maker) {}

  public NewShape {
    unready = Map.copyOf(unready);
  }

  @Override
  public void close() {
    if (plans != null) {
      plans.cache().close();
    }
  }
}
