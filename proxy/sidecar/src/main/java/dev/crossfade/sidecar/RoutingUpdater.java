package dev.crossfade.sidecar;

import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.postgresql.catalog.BothSides;
import dev.crossfade.postgresql.catalog.CatalogReader;
import dev.crossfade.postgresql.catalog.Likeness;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.catalog.OldShapePlans;
import dev.crossfade.postgresql.catalog.PermissionCache;
import dev.crossfade.postgresql.catalog.ValidatedPlans;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.sidecar.control.Refusal;
import dev.crossfade.sidecar.control.SnapshotSink;
import dev.crossfade.sidecar.inventory.PlanAdvisor;
import dev.crossfade.sidecar.mirror.Mirrors;
import dev.crossfade.sidecar.mirror.StatementCaptures;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.write.Shapes;
import dev.crossfade.sql.write.WriteAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts snapshots in force. Flags alone are swapped at once; a changed migration file is first
 * compiled against both catalogs, and until then, or when it does not fit, old answers all reads of
 * that migration. What is wrong with one migration holds back no other: a rollback always arrives.
 *
 * <p>One caller at a time; blocks on both servers.
 */
final class RoutingUpdater implements SnapshotSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingUpdater.class);
  private static final int PLANNER_QUEUE = 1024;
  private static final long TURN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String OTHERS_IN_FORCE =
      " (old answers the reads of what this names; all else is in force)";

  private final Routing routing;
  private final PermissionCache permissions;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final int maxPlans;
  private final NewShapes newShapes;
  private final OldShapes oldShapes;
  private final AtomicBoolean turning = new AtomicBoolean();
  private final DatabaseTypes types;
  private Compiled inForce = new Compiled(Map.of(), Map.of());

  /** Old's, as the lenses in force were compiled with it. */
  private Catalog catalog = new Catalog(Map.of(), Set.of());

  private int generation;
  private ControlSnapshot last = new ControlSnapshot(0, List.of());
  private @Nullable PlanAdvisor advisor;
  private @Nullable Mirrors mirrors;
  private @Nullable StatementCaptures captures;
  private @Nullable Catalog catalogOfNew;
  private volatile List<MigrationState> states = List.of();

  /** Lenses by migration, and the text of the file that each was compiled from. */
  private record Compiled(Map<String, String> files, Map<String, CompiledLens> lenses) {}

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
    this.types = new DatabaseTypes(old, target);
    this.newShapes = new NewShapes(routing, old, target, types, maxPlans);
    this.oldShapes = new OldShapes(routing, old, target, types, maxPlans);
    routing.onMove(
        migration -> {
          if (turning.compareAndSet(false, true)) {
            Thread.startVirtualThread(this::turnSoon);
          }
        });
    routing.onTypeDoubt(
        () -> {
          if (types.isDoubtWorthwhile()) {
            Thread.startVirtualThread(this::readTypesAgain);
          }
        });
  }

  /** Lets somebody see the plans that are made from now on; null: nobody. */
  synchronized void advisedBy(@Nullable PlanAdvisor watcher) {
    advisor = watcher;
  }

  /**
   * Lets changes be carried from old to new; null: by nobody.
   *
   * @param answered whether all that was sent to old before a moment has been answered
   */
  synchronized void mirroredBy(@Nullable Mirrors carrier, LongPredicate answered) {
    mirrors = carrier;
    captures =
        carrier == null ? null : new StatementCaptures(routing, carrier, old, maxPlans, answered);
  }

  private void capture(ControlSnapshot snapshot) {
    if (captures != null) {
      captures.use(snapshot, inForce.files(), inForce.lenses(), catalogOfNew);
    }
  }

  @Override
  public synchronized Optional<Refusal> offer(ControlSnapshot snapshot) {
    try {
      List<String> problems = apply(snapshot, Map.of());
      logInForce();
      return problems.isEmpty()
          ? Optional.empty()
          : Optional.of(new Refusal(String.join("; ", problems) + OTHERS_IN_FORCE, false));
    } catch (MetadataException e) {
      return Optional.of(
          new Refusal("the catalogs cannot be read: " + e.reason() + OTHERS_IN_FORCE, true));
    }
  }

  /**
   * Puts in force what can be.
   *
   * @param sources where a migration's file came from, by the migration's name, for messages; one
   *     that is missing here is called by its name
   * @return what is wrong with the migrations whose reads old goes on answering; empty when all are
   *     in force
   * @throws MetadataException when a catalog cannot be read: migrations with a file that is not
   *     compiled yet stay on old
   */
  synchronized List<String> apply(ControlSnapshot snapshot, Map<String, String> sources)
      throws MetadataException {
    Map<String, List<String>> problems = new LinkedHashMap<>();
    if (mirrors != null) {
      mirrors.begin(snapshot, inForce.files(), inForce.lenses());
    }
    last = snapshot;
    routing.flags(flags(snapshot));
    if (routing.oldShape() == null) {
      // Before the first lens is there, what new has the authority of is on no side.
      oldShapes.use(snapshot, inForce.files(), inForce.lenses());
    }
    turnMirrors();
    try {
      compileChanged(snapshot, sources, problems);
    } catch (MetadataException e) {
      String unread = "the catalogs cannot be read: " + e.reason();
      snapshot.migrations().forEach(entry -> problems.put(entry.name(), List.of(unread)));
      throw e;
    } finally {
      newShapes.use(snapshot, inForce.files(), inForce.lenses());
      oldShapes.use(snapshot, inForce.files(), inForce.lenses());
      capture(snapshot);
      if (mirrors != null) {
        mirrors.end(snapshot);
      }
      states = states(snapshot, problems);
    }
    return problems.values().stream().flatMap(List::stream).toList();
  }

  private void compileChanged(
      ControlSnapshot snapshot, Map<String, String> sources, Map<String, List<String>> problems)
      throws MetadataException {
    if (!files(snapshot).equals(inForce.files())) {
      BothSides.Answers<Catalog> read = BothSides.ask(old, target, CatalogReader::read);
      Catalog oldCatalog = read.old();
      Catalog newCatalog = read.target();
      Compiled next = compile(snapshot, sources, oldCatalog, newCatalog, problems);
      if (!next.files().equals(inForce.files())) {
        DatabaseTypes.Change change = types.read();
        newShapes.catalog(newCatalog);
        newShapes.typesChanged(change);
        oldShapes.catalog(oldCatalog);
        catalogOfNew = newCatalog;
        oldShapes.typesChanged(change);
        if (mirrors != null) {
          mirrors.catalogs(oldCatalog, newCatalog);
          mirrors.begin(snapshot, next.files(), next.lenses());
        }
        catalog = oldCatalog;
        routing.lenses(lenses(next.lenses().values()));
        inForce = next;
      }
      routing.flags(flags(snapshot));
    }
  }

  /**
   * Types may be made, changed and dropped at any time. When they were, all plans are made again:
   * what they know of types holds no more.
   */
  synchronized void readTypesAgain() {
    if (inForce.lenses().isEmpty()) {
      return;
    }
    try {
      DatabaseTypes.Change change = types.read();
      if (change != DatabaseTypes.Change.NONE) {
        routing.lenses(lenses(inForce.lenses().values()));
        newShapes.typesChanged(change);
        oldShapes.typesChanged(change);
        LOG.atInfo().log("types have changed, so plans are made again");
      }
    } catch (MetadataException e) {
      LOG.atDebug().addKeyValue("detail", e.reason()).log("types cannot be read");
    }
  }

  /**
   * A database has said that an authority has moved. While nobody has it, each side names the other
   * one, again and again.
   */
  private void turnSoon() {
    LockSupport.parkNanos(TURN_PAUSE_NANOS);
    turning.set(false);
    turn();
  }

  private synchronized void turn() {
    newShapes.use(last, inForce.files(), inForce.lenses());
    capture(last);
    turnMirrors();
  }

  private void turnMirrors() {
    Map<String, Long> returning = routing.returning();
    if (mirrors != null) {
      mirrors.turn();
    }
    routing.returned(returning);
  }

  /** What the newest snapshot says of each migration, and what keeps it from being in force. */
  List<MigrationState> states() {
    return states;
  }

  private List<MigrationState> states(
      ControlSnapshot snapshot, Map<String, List<String>> problems) {
    return snapshot.migrations().stream()
        .map(
            entry -> {
              boolean inForce = entry.yaml().equals(this.inForce.files().get(entry.name()));
              List<String> wrong =
                  inForce ? List.of() : problems.getOrDefault(entry.name(), List.of());
              return new MigrationState(entry.flags(), inForce, String.join("; ", wrong));
            })
        .toList();
  }

  @Override
  public synchronized void close() {
    if (mirrors != null) {
      mirrors.close();
    }
    if (captures != null) {
      captures.close();
    }
    last = new ControlSnapshot(0, List.of());
    routing.lenses(null);
    routing.newShape(null);
    routing.oldShape(null);
  }

  /** Not part of {@link #apply}: a start that fails after it has put nothing in force. */
  void logInForce() {
    FlagsSnapshot flags = routing.flags();
    LOG.atInfo()
        .addKeyValue("version", flags.version())
        .addKeyValue("migrations", flags.migrations().values())
        .log("snapshot in force");
  }

  private static Map<String, String> files(ControlSnapshot snapshot) {
    Map<String, String> files = new LinkedHashMap<>();
    snapshot.migrations().forEach(entry -> files.put(entry.name(), entry.yaml()));
    return files;
  }

  /** The snapshot's flags, without the reads of migrations whose file is not the one in force. */
  private FlagsSnapshot flags(ControlSnapshot snapshot) {
    Map<String, MigrationFlags> flags = new LinkedHashMap<>();
    for (MigrationEntry entry : snapshot.migrations()) {
      boolean ready = entry.yaml().equals(inForce.files().get(entry.name()));
      MigrationFlags asked = entry.flags();
      flags.put(entry.name(), ready ? asked : asked.with(ReadShare.NONE));
    }
    return new FlagsSnapshot(snapshot.version(), flags);
  }

  private Compiled compile(
      ControlSnapshot snapshot,
      Map<String, String> sources,
      Catalog oldCatalog,
      Catalog newCatalog,
      Map<String, List<String>> problems)
      throws MetadataException {
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, CompiledLens> lenses = new LinkedHashMap<>();
    Map<TableName, String> owners = new HashMap<>();
    List<String> unlike = Likeness.differences(old, target);
    for (MigrationEntry entry : snapshot.migrations()) {
      String source = sources.getOrDefault(entry.name(), entry.name());
      if (!unlike.isEmpty()) {
        problem(
            problems,
            entry,
            source
                + ": the same read may give another answer on new: "
                + String.join(", ", unlike));
        continue;
      }
      try {
        MigrationFile file = MigrationFile.parse(entry.yaml(), source);
        CompiledLens lens = LensCompiler.compile(file, oldCatalog, newCatalog);
        LensProof.require(file, lens, target);
        Optional<TableName> taken =
            lens.oldTables().stream().filter(owners::containsKey).findFirst();
        if (taken.isPresent()) {
          problem(
              problems,
              entry,
              "%s spec.old: table %s belongs to migration %s already; a table is mapped by one"
                  .formatted(source, taken.get(), owners.get(taken.get())));
          continue;
        }
        lens.oldTables().forEach(table -> owners.put(table, entry.name()));
        lenses.put(entry.name(), lens);
        files.put(entry.name(), entry.yaml());
      } catch (InvalidFileException e) {
        e.problems().forEach(problem -> problem(problems, entry, problem.toString()));
      }
    }
    return new Compiled(files, lenses);
  }

  private static void problem(
      Map<String, List<String>> problems, MigrationEntry entry, String text) {
    problems.computeIfAbsent(entry.name(), name -> new ArrayList<>()).add(text);
  }

  private @Nullable Lenses lenses(Collection<CompiledLens> lenses) {
    Map<String, Set<TableName>> tables = new LinkedHashMap<>();
    lenses.forEach(lens -> tables.put(lens.migration(), lens.oldTables()));
    permissions.tables(tables);
    if (lenses.isEmpty()) {
      return null;
    }
    TypeMapping mapping = types.oldToNew();
    Catalog known = catalog.withSteadyTypes(mapping.steadyNames());
    StatementAnalyzer analyzer = new StatementAnalyzer(lenses, known);
    List<Shapes> shapes = lenses.stream().map(Shapes::oldOnNew).toList();
    PlanMaker reads = new ValidatedPlans(analyzer, old, target, mapping);
    PlanMaker maker =
        new OldShapePlans(
            reads, () -> new WriteAnalyzer(shapes, analyzer, known), old, target, mapping);
    PlanCache plans =
        new PlanCache(advisor == null ? maker : advisor.watching(maker), maxPlans, PLANNER_QUEUE);
    Map<String, ComparisonRules> rules = new LinkedHashMap<>();
    lenses.forEach(lens -> rules.put(lens.migration(), lens.comparisonRules()));
    return new Lenses(
        ++generation, analyzer.mappedNames(), analyzer.mappedNamesByMigration(), plans, rules);
  }
}
