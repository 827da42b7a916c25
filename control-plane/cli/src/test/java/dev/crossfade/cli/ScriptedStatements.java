package dev.crossfade.cli;

import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sidecar.control.ControlClient;
import dev.crossfade.sidecar.control.ControlSettings;
import dev.crossfade.sidecar.control.ControlTiming;
import dev.crossfade.sidecar.control.ReportSource;
import dev.crossfade.sidecar.control.SidecarIdentity;
import dev.crossfade.sidecar.inventory.InventoryPages;
import dev.crossfade.sidecar.inventory.KnownOfNew;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.MappedNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** A sidecar without databases: its statements and their plans are what a test says. */
final class ScriptedStatements implements ReportSource, AutoCloseable {
  private final Map<String, PlanState> plans = new ConcurrentHashMap<>();
  private final QueryInventory inventory = new QueryInventory(100, System::nanoTime);
  private final Routing routing = new Routing();
  private final Lenses lenses;
  private final InventoryPages pages;
  private final ControlClient client;

  ScriptedStatements(int port, Path state, String instance) {
    MappedNames names = MappedNames.of(Set.of("customers"));
    lenses =
        new Lenses(
            1,
            names,
            Map.of("split-customers", names),
            new PlanCache(
                (sql, types) -> plans.getOrDefault(sql, new PlanState.Pending()), 100, 100));
    routing.lenses(lenses);
    pages =
        new InventoryPages(
            inventory,
            routing,
            new KnownOfNew(this::scans, statement -> Optional.empty()),
            System::nanoTime,
            InstantSource.system());
    client =
        ControlClient.start(
            new ControlSettings(
                "127.0.0.1",
                port,
                new SidecarIdentity("shop", instance, "test", List.of("postgresql")),
                state.resolve(instance),
                ControlTiming.DEFAULT),
            snapshot -> Optional.empty(),
            this,
            RandomGenerator.getDefault());
  }

  private List<SequentialScan> scans(Fingerprint fingerprint) {
    return fingerprint.normalizedText().contains("email")
        ? List.of(
            SequentialScan.newBuilder()
                .setTable("public.people")
                .addColumns("email")
                .addConditionColumns("email")
                .setProposal("CREATE INDEX CONCURRENTLY ON public.people (email)")
                .setSizeBytes(12 << 20)
                .build())
        : List.of();
  }

  /** What becomes of a statement from now on. */
  void plan(String sql, PlanState state) {
    plans.put(sql, state);
  }

  static PlanState.Refused refused(String code, int token, String detail) {
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE, PlanState.Consequence.NONE, code, token, detail);
  }

  /** A session executes a statement so often, each in so many microseconds on old. */
  void run(QueryTally.Kind kind, String sql, int times, int micros) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    PlanKey key = new PlanKey(Fingerprint.of(text, new Lexer().lex(text, text.length)), new int[0]);
    QueryTally tally =
        Objects.requireNonNull(
            inventory.find(
                key, 1, () -> new QueryTally.Sighting(List.of("split-customers"), kind)));
    lenses.plans().find(key, () -> sql);
    for (int i = 0; i < times; i++) {
      tally.answered(Side.OLD, micros * 1_000L, System.nanoTime());
    }
  }

  void runUnmapped(int times) {
    for (int i = 0; i < times; i++) {
      inventory.unmapped();
    }
  }

  @Override
  public Report take() {
    return Report.getDefaultInstance();
  }

  @Override
  public Optional<InventoryPage> inventory(long stream) {
    return pages.next(stream);
  }

  @Override
  public void inventoryAcked(long number) {
    pages.acked(number);
  }

  @Override
  public void close() {
    client.close();
    lenses.plans().close();
  }
}
