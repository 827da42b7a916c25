package dev.crossfade.postgresql.plan;

import dev.crossfade.sql.parse.MappedNames;
import java.util.Map;

/**
 * The compiled lenses of all migrations at one time, and the plans made with them. Replaced as a whole when a lens or a
 * catalog changes.
 *
 * @param generation tells plans of different lenses apart
 * @param names bare names of all mapped tables
 * @param namesByMigration the same for each migration
 */
public record Lenses(int generation, MappedNames names, Map<String, MappedNames> namesByMigration, PlanCache plans) {
  public Lenses {
    namesByMigration = Map.copyOf(namesByMigration);
  }
}
