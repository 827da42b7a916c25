package dev.crossfade.sidecar;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.postgresql.catalog.CatalogReader;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.catalog.PermissionCache;
import dev.crossfade.postgresql.catalog.ValidatedPlans;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.sidecar.control.SnapshotSink;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts snapshots in force. Flags alone are swapped at once; a changed migration file is first compiled against both
 * catalogs, and a snapshot with a file that does not fit is refused as a whole.
 *
 * <p>One caller at a time; blocks on both servers.
 */
final class RoutingUpdater implements SnapshotSink {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingUpdater.class);
  private static final int PLANNER_QUEUE = 1024;

  private final Routing routing;
  private final PermissionCache permissions;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final int maxPlans;
  private Map<String, String> compiled = Map.of();
  private int generation;

  RoutingUpdater(
      Routing routing,
      PermissionCache permissions,
      MetadataConnection old,
      MetadataConnection target,
      int maxPlans) {
    this.routing = routing;
    this.permissions = permissions;
    this.old = old;
    this.target = target;
    this.maxPlans = maxPlans;
  }

  @Override
  public synchronized Optional<String> offer(ControlSnapshot snapshot) {
    try {
      apply(snapshot);
      return Optional.empty();
    } catch (InvalidFileException e) {
      return Optional.of(e.problems().getFirst().toString());
    } catch (MetadataException e) {
      return Optional.of("the catalogs cannot be read: " + e.reason());
    }
  }

  /**
   * @throws InvalidFileException when a migration file does not fit the databases
   * @throws MetadataException when a catalog cannot be read
   */
  synchronized void apply(ControlSnapshot snapshot) throws InvalidFileException, MetadataException {
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, MigrationFlags> flags = new LinkedHashMap<>();
    for (MigrationEntry entry : snapshot.migrations()) {
      files.put(entry.name(), entry.yaml());
      flags.put(entry.name(), entry.flags());
    }
    if (!files.equals(compiled)) {
      routing.lenses(compile(files));
      compiled = files;
    }
    routing.flags(new FlagsSnapshot(snapshot.version(), flags));
    LOG.atInfo()
        .addKeyValue("version", snapshot.version())
        .addKeyValue("migrations", flags.values())
        .log("snapshot in force");
  }

  private Lenses compile(Map<String, String> files) throws InvalidFileException, MetadataException {
    Catalog oldCatalog = CatalogReader.read(old);
    Catalog newCatalog = CatalogReader.read(target);
    List<CompiledLens> lenses = new ArrayList<>();
    Map<String, Set<TableName>> tables = new LinkedHashMap<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      CompiledLens lens = LensCompiler.compile(MigrationFile.parse(file.getValue(), file.getKey()), oldCatalog, newCatalog);
      lenses.add(lens);
      tables.put(lens.migration(), lens.oldTables());
    }
    StatementAnalyzer analyzer = new StatementAnalyzer(lenses, oldCatalog);
    permissions.tables(tables);
    PlanCache plans = new PlanCache(new ValidatedPlans(analyzer, old, target), maxPlans, PLANNER_QUEUE);
    return new Lenses(++generation, analyzer.mappedNames(), analyzer.mappedNamesByMigration(), plans);
  }
}
