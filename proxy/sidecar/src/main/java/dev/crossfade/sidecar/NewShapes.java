package dev.crossfade.sidecar;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.NewShapePlans;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.write.Shapes;
import dev.crossfade.sql.write.WriteAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts in force what sessions of the new shape go by. A table of a migration that is not in force
 * is known by its name, so that no statement takes old's table of that name for it.
 */
final class NewShapes {
  private static final int PLANNER_QUEUE = 1024;

  private final Routing routing;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final int maxPlans;
  private final DatabaseTypes types;
  private @Nullable Known known;
  private @Nullable Catalog catalog;
  private int generation;

  /**
   * @param unready bare names of new tables, each with why there is no lens for it
   */
  private record Known(Map<String, CompiledLens> lenses, Map<String, String> unready) {
    boolean isLike(Known other) {
      return lenses.equals(other.lenses) && unready.equals(other.unready);
    }
  }

  NewShapes(
      Routing routing,
      MetadataConnection old,
      MetadataConnection target,
      DatabaseTypes types,
      int maxPlans) {
    this.routing = routing;
    this.old = old;
    this.target = target;
    this.types = types;
    this.maxPlans = maxPlans;
  }

  /** New's catalog, with which the lenses have been compiled. */
  void catalog(Catalog read) {
    catalog = read;
  }

  /**
   * @param files in force, by their migrations
   * @param inForce their lenses
   */
  void use(ControlSnapshot snapshot, Map<String, String> files, Map<String, CompiledLens> inForce) {
    Map<String, CompiledLens> lenses = new LinkedHashMap<>();
    Map<String, String> unready = new HashMap<>();
    Map<TableName, String> writers = new HashMap<>();
    for (MigrationEntry entry : snapshot.migrations()) {
      boolean ready = entry.yaml().equals(files.get(entry.name()));
      CompiledLens lens = ready ? inForce.get(entry.name()) : null;
      Set<TableName> tables = lens == null ? tables(entry) : lens.ups().keySet();
      boolean shared = tables.stream().anyMatch(writers::containsKey);
      boolean moved = routing.authority(entry.name()) == Side.NEW;
      tables.forEach(table -> writers.putIfAbsent(table, entry.name()));
      if (lens == null || shared || moved) {
        String why = shared ? entry.name() + " and another one write it" : "not in force";
        String told = entry.name() + ": " + (moved ? "new has the authority: connect to new" : why);
        tables.forEach(table -> unready.put(table.name(), told));
      } else {
        lenses.put(entry.name(), lens);
      }
    }
    Known next = new Known(lenses, unready);
    if (known == null || !next.isLike(known)) {
      known = next;
      generation++;
      routing.newShape(shape(next));
    }
  }

  /** The types that users made are others than before. What was prepared goes on if it can. */
  void typesChanged(DatabaseTypes.Change change) {
    if (change == DatabaseTypes.Change.OTHER) {
      generation++;
    }
    if (known != null && change != DatabaseTypes.Change.NONE) {
      routing.newShape(shape(known));
    }
  }

  /** What the file says, though it does not fit the databases. */
  private static Set<TableName> tables(MigrationEntry entry) {
    Set<TableName> tables = new HashSet<>();
    try {
      MigrationFile file = MigrationFile.parse(entry.yaml(), entry.name());
      tables.addAll(file.allNewTables());
    } catch (InvalidFileException e) {
      // Its problems are told where it is compiled; no table of it is known.
    }
    return tables;
  }

  private TranslatedShape shape(Known next) {
    Set<String> names = new HashSet<>(next.unready().keySet());
    next.lenses().values().forEach(lens -> lens.ups().keySet().forEach(t -> names.add(t.name())));
    Catalog newCatalog = catalog;
    return new TranslatedShape(
        generation,
        MappedNames.of(names),
        next.unready(),
        newCatalog == null || next.lenses().isEmpty() ? null : plans(next, newCatalog),
        false);
  }

  private TranslatedShape.Plans plans(Known next, Catalog ofNew) {
    Catalog newCatalog = ofNew.withSteadyTypes(types.newToOld().steadyNames());
    Collection<CompiledLens> lenses = next.lenses().values();
    WriteAnalyzer writes =
        new WriteAnalyzer(
            lenses.stream().map(Shapes::newOnOld).toList(),
            StatementAnalyzer.ofNewShapeForWrites(lenses, newCatalog),
            newCatalog);
    NewShapePlans maker =
        new NewShapePlans(
            StatementAnalyzer.ofNewShape(lenses, newCatalog),
            writes,
            old,
            target,
            types.newToOld());
    return new TranslatedShape.Plans(new PlanCache(maker, maxPlans, PLANNER_QUEUE), maker);
  }
}
