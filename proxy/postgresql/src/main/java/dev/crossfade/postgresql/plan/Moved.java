package dev.crossfade.postgresql.plan;

import dev.crossfade.sql.parse.MappedNames;
import java.util.Map;

/**
 * What sessions of the old shape need to know of migrations whose authority is new. Replaced as a
 * whole when an authority moves or a lens changes.
 *
 * @param names bare names of all their old tables, also of migrations without a lens in force
 * @param byMigration the same for each migration whose lens is in force
 * @param others bare names of the mapped tables that old has the authority of
 */
public record Moved(MappedNames names, Map<String, MappedNames> byMigration, MappedNames others) {
  public Moved {
    byMigration = Map.copyOf(byMigration);
  }
}
