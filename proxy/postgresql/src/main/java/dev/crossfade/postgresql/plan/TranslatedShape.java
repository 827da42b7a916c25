package dev.crossfade.postgresql.plan;

import dev.crossfade.sql.parse.MappedNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sessions need to know that speak another shape than that of the authority: the new one while
 * old has it, or the old one while new has it. Replaced as a whole when a lens or a catalog
 * changes.
 *
 * @param generation tells plans of different lenses apart
 * @param names bare names of all tables of the shape that a migration maps
 * @param unready of these, those of migrations that are not in force, with the migration
 * @param plans null when no migration is in force
 * @param describes the plans know how the side whose shape it is describes its rows
 */
public record TranslatedShape(
    int generation,
    MappedNames names,
    Map<String, String> unready,
    @Nullable Plans plans,
    boolean describes)
    implements AutoCloseable {
  /** No migration: every table is the one that old knows by that name. */
  public static final TranslatedShape NONE =
      new TranslatedShape(0, MappedNames.of(java.util.Set.of()), Map.of(), null, false);

  /**
   * @param cache by fingerprint
   * @param maker for a text that is to be judged by itself
   */
  public record Plans(PlanCache cache, PlanMaker maker) {}

  public TranslatedShape {
    unready = Map.copyOf(unready);
  }

  @Override
  public void close() {
    if (plans != null) {
      plans.cache().close();
    }
  }
}
