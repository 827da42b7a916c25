package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.PermissionCache;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots meet two real catalogs. */
class RoutingUpdaterIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String GOOD = "split-customers";

  private static Pair pair;

  private final Routing routing = new Routing();
  private EventLoops loops;
  private ExecutorService blocking;
  private MetadataConnection old;
  private MetadataConnection target;
  private RoutingUpdater updater;

  @BeforeAll
  static void startPair() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stopPair() throws Exception {
    pair.close();
  }

  @BeforeEach
  void open() {
    loops = EventLoops.open(1);
    blocking = Executors.newVirtualThreadPerTaskExecutor();
    old = metadata(pair.old, "shop");
    target = metadata(pair.target, "shop2");
    PermissionCache permissions =
        new PermissionCache(old, blocking, System::nanoTime, Duration.ofSeconds(30));
    updater = new RoutingUpdater(routing, permissions, old, target, 100);
  }

  @AfterEach
  void close() {
    routing.lenses(null);
    old.close();
    target.close();
    blocking.close();
    loops.close();
  }

  private MetadataConnection metadata(EmbeddedServer server, String database) {
    Endpoint endpoint = new Endpoint(server.host(), server.port());
    assertThat(endpoint.refresh()).isTrue();
    return new MetadataConnection(
        new Connector(loops, TIMEOUT),
        loops.group().next(),
        blocking,
        new MetadataConnection.Target(
            endpoint, database, new Credentials(Pair.USER, Pair.PASSWORD)),
        TIMEOUT);
  }

  private static MigrationEntry entry(String name, String yaml, int buckets) {
    return new MigrationEntry(
        name,
        yaml,
        new MigrationFlags(name, Stage.RAMP, new ReadShare(buckets), Stickiness.RANDOM));
  }

  private static ControlSnapshot snapshot(long version, MigrationEntry... entries) {
    return new ControlSnapshot(version, List.of(entries));
  }

  private int buckets(String migration) {
    return Objects.requireNonNull(routing.flags().of(migration)).effectiveReads().buckets();
  }

  @Test
  void flagsAloneKeepTheLensesAndTheirPlans() {
    assertThat(updater.offer(snapshot(1, entry(GOOD, Pair.LENS, 100)))).isEmpty();
    Lenses lenses = routing.lenses();
    assertThat(updater.offer(snapshot(2, entry(GOOD, Pair.LENS, 200)))).isEmpty();
    assertThat(routing.lenses()).isSameAs(lenses);
    assertThat(buckets(GOOD)).isEqualTo(200);
    assertThat(routing.flags().version()).isEqualTo(2);
  }

  @Test
  void aMigrationThatDoesNotFitHoldsNoOtherBack() {
    String elsewhere =
        Pair.LENS.replace(GOOD, "elsewhere").replace("    customers:", "    nowhere:");
    updater.offer(snapshot(1, entry(GOOD, Pair.LENS, 50_000)));
    Lenses lenses = routing.lenses();
    for (int version = 2; version < 4; version++) {
      assertThat(
              updater.offer(
                  snapshot(
                      version,
                      entry("elsewhere", elsewhere, 50_000),
                      entry(GOOD, Pair.LENS, 1000 * version))))
          .hasValueSatisfying(
              refusal ->
                  assertThat(refusal.reason())
                      .contains("nowhere")
                      .contains("all else is in force"));
      assertThat(buckets(GOOD)).isEqualTo(1000 * version);
      assertThat(buckets("elsewhere")).isZero();
      assertThat(routing.lenses()).as("what was planned stays planned").isSameAs(lenses);
    }
  }

  @Test
  void aFileThatNoLongerFitsSendsItsReadsToOld() {
    updater.offer(snapshot(1, entry(GOOD, Pair.LENS, 50_000)));
    String broken = Pair.LENS.replace("c.email,", "c.mail,");
    assertThat(updater.offer(snapshot(2, entry(GOOD, broken, 50_000)))).isPresent();
    assertThat(buckets(GOOD)).isZero();
    assertThat(updater.offer(snapshot(3, entry(GOOD, Pair.LENS, 50_000)))).isEmpty();
    assertThat(buckets(GOOD)).isEqualTo(50_000);
  }

  @Test
  void twoMigrationsOfOneTableAreNotMixed() {
    String twin = Pair.LENS.replace(GOOD, "twin");
    assertThat(
            updater.offer(snapshot(1, entry(GOOD, Pair.LENS, 50_000), entry("twin", twin, 50_000))))
        .hasValueSatisfying(
            refusal ->
                assertThat(refusal.reason()).contains("twin").contains("customers").contains(GOOD));
    assertThat(buckets(GOOD)).isEqualTo(50_000);
    assertThat(buckets("twin")).isZero();
  }

  @Test
  void aRollbackArrivesWhileNewIsAway() {
    updater.offer(snapshot(1, entry(GOOD, Pair.LENS, 50_000)));
    target.close();
    target = metadata(pair.target, "no_such_database");
    RoutingUpdater cut =
        new RoutingUpdater(
            routing,
            new PermissionCache(old, blocking, System::nanoTime, Duration.ofSeconds(30)),
            old,
            target,
            100);
    assertThat(cut.offer(snapshot(2, entry(GOOD, Pair.LENS, 50_000))))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.reason()).contains("catalogs cannot be read");
              assertThat(refusal.away()).isTrue();
            });
    assertThat(buckets(GOOD)).as("nothing was compiled yet").isZero();
    assertThat(updater.offer(snapshot(3, entry(GOOD, Pair.LENS, 0)))).isEmpty();
    assertThat(routing.flags().version()).isEqualTo(3);
    assertThat(buckets(GOOD)).isZero();
  }

  @Test
  void databasesThatOrderTextInAnotherWayAreNotMixed() throws Exception {
    pair.target.execute(
        "CREATE DATABASE other_encoding OWNER app TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE"
            + " 'C'",
        "ALTER DATABASE other_encoding SET bytea_output = 'escape'");
    try {
      target.close();
      target = metadata(pair.target, "other_encoding");
      RoutingUpdater unlike =
          new RoutingUpdater(
              routing,
              new PermissionCache(old, blocking, System::nanoTime, Duration.ofSeconds(30)),
              old,
              target,
              100);
      assertThat(unlike.offer(snapshot(1, entry(GOOD, Pair.LENS, 50_000))))
          .hasValueSatisfying(
              refusal ->
                  assertThat(refusal.reason())
                      .contains(GOOD + ": the same read may give another answer on new")
                      .contains("encoding is UTF8 on old and SQL_ASCII on new")
                      .contains("setting bytea_output is hex on old and escape on new"));
      assertThat(buckets(GOOD)).isZero();
      assertThat(routing.lenses()).isNull();
    } finally {
      target.close();
      pair.target.execute("DROP DATABASE other_encoding WITH (FORCE)");
    }
  }

  @Test
  void withoutMigrationsThereIsNothingToLookFor() {
    updater.offer(snapshot(1, entry(GOOD, Pair.LENS, 50_000)));
    assertThat(updater.offer(snapshot(2))).isEmpty();
    assertThat(routing.lenses()).isNull();
    assertThat(routing.flags().migrations()).isEmpty();
  }
}
