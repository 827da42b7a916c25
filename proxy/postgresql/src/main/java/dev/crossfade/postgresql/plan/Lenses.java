package dev.crossfade.postgresql.plan;

import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.sql.parse.MappedNames;
import java.util.Map;

/**
 * The compiled lenses of all migrations at one time, and the plans made with them. Replaced as a
 * whole when a lens or a catalog changes.
 *
 * @param generation tells plans of different lenses apart
 * @param names bare names of all mapped tables
 * @param namesByMigration the same for each migration
 * @param comparison how each migration's reads are compared, where its file says so
 */
public record Lenses(
    int generation,
    MappedNames names,
    Map<String, MappedNames> namesByMigration,
    PlanCache plans,
    Map<String, ComparisonRules> comparison) {
  public Lenses {
    namesByMigration = Map.copyOf(namesByMigration);
    comparison = Map.copyOf(comparison);
  }

  /** Where nobody says how reads are compared. */
  public Lenses(
      int generation,
      MappedNames names,
      Map<String, MappedNames> namesByMigration,
      PlanCache plans) {
    this(generation, names, namesByMigration, plans, Map.of());
  }

  /** How a migration's reads are compared. */
  public ComparisonRules rules(String migration) {
    return comparison.getOrDefault(migration, ComparisonRules.USUAL);
  }
}
