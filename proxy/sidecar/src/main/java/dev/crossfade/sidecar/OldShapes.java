package dev.crossfade.sidecar;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MovedPlans;
import dev.crossfade.postgresql.catalog.ValidatedPlans;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.postgresql.type.TypeMapping;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts in force what sessions of the old shape go by where new is the authority. It is there before
 * the authority moves: a session may learn of that from a fence, in the middle of a statement.
 */
final class OldShapes {
  private static final int PLANNER_QUEUE = 1024;

  private final Routing routing;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final int maxPlans;
  private @Nullable Known known;
  private Catalog catalog = new Catalog(Map.of(), Set.of());
  private final DatabaseTypes types;
  private int generation;

  /**
   * @param unready bare names of tables whose authority is new, each with why there is no lens
   */
  private record Known(List<CompiledLens> lenses, Map<String, String> unready) {
    boolean isLike(Known other) {
      return lenses.equals(other.lenses) && unready.equals(other.unready);
    }
  }

  OldShapes(
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

  /** Old's catalog, with which the lenses have been compiled. */
  void catalog(Catalog read) {
    catalog = read;
  }

  /**
   * @param files in force, by their migrations
   * @param inForce their lenses
   */
  void use(ControlSnapshot snapshot, Map<String, String> files, Map<String, CompiledLens> inForce) {
    Map<String, String> unready = new HashMap<>();
    for (MigrationEntry entry : snapshot.migrations()) {
      boolean ready = entry.yaml().equals(files.get(entry.name()));
      if (!ready && entry.flags().stage().authority() == Side.NEW) {
        tables(entry).forEach(table -> unready.put(table, entry.name()));
      }
    }
    Known next = new Known(List.copyOf(inForce.values()), unready);
    if (known == null || !next.isLike(known)) {
      known = next;
      generation++;
      routing.oldShape(shape(next));
    }
  }

  /** The types that users made are others than before. What was prepared goes on if it can. */
  void typesChanged(DatabaseTypes.Change change) {
    if (known != null && change != DatabaseTypes.Change.NONE) {
      generation++;
      routing.oldShape(shape(known));
    }
  }

  private static Set<String> tables(MigrationEntry entry) {
    Set<String> tables = new HashSet<>();
    try {
      MigrationFile.parse(entry.yaml(), entry.name())
          .oldPlaces()
          .keySet()
          .forEach(table -> tables.add(table.name()));
    } catch (InvalidFileException e) {
      // Its problems are told where it is compiled; no table of it is known.
    }
    return tables;
  }

  private TranslatedShape shape(Known next) {
    Set<String> names = new HashSet<>(next.unready().keySet());
    next.lenses().forEach(lens -> lens.oldTables().forEach(table -> names.add(table.name())));
    return new TranslatedShape(
        generation,
        MappedNames.of(names),
        next.unready(),
        next.lenses().isEmpty() ? null : plans(next.lenses()),
        true);
  }

  private TranslatedShape.Plans plans(Collection<CompiledLens> lenses) {
    TypeMapping mapping = types.oldToNew();
    Catalog ofOld = catalog.withSteadyTypes(mapping.steadyNames());
    WriteAnalyzer writes =
        new WriteAnalyzer(
            lenses.stream().map(Shapes::oldOnNew).toList(),
            new StatementAnalyzer(lenses, ofOld),
            ofOld);
    ValidatedPlans reads =
        new ValidatedPlans(StatementAnalyzer.ofOldShapeOnNew(lenses, ofOld), old, target, mapping);
    MovedPlans maker = new MovedPlans(reads, writes, old, target, mapping);
    return new TranslatedShape.Plans(new PlanCache(maker, maxPlans, PLANNER_QUEUE), maker);
  }
}
