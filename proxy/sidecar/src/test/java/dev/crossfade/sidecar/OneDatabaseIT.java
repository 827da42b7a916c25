package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.mirror.Capture;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Flip;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.mirror.OneDatabase;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A sidecar in front of one database that has both sides. */
class OneDatabaseIT {
  private static final String DIFFERENCES =
      """
      SELECT count(*) FROM customers AS c FULL JOIN people AS p USING (id)
      WHERE c.balance_cents IS DISTINCT FROM (p.balance * 100)::bigint
      """;

  private static Pair sides;
  private static List<SyncPlan> up;
  private static List<SyncPlan> down;

  @BeforeAll
  static void start() throws Exception {
    sides = Pair.together();
    Catalog catalog = MirroredPair.catalog(sides.old, "shop");
    CompiledLens lens =
        LensCompiler.compile(MigrationFile.parse(Pair.LENS, "split-customers"), catalog, catalog);
    up = SyncPlan.of(lens, Side.OLD, catalog);
    down = SyncPlan.of(lens, Side.NEW, catalog);
    install();
    sides.old.executeIn(
        "shop",
        "GRANT USAGE ON SCHEMA crossfade TO app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossfade TO app",
        "GRANT SELECT ON ALL SEQUENCES IN SCHEMA crossfade TO app");
  }

  @AfterAll
  static void stop() throws Exception {
    sides.close();
  }

  private static Endpoint superuser() {
    return new Endpoint(sides.old.jdbcUrl("shop", "postgres"), new Properties());
  }

  private static void install() throws SQLException {
    Capture capture = new Capture(superuser(), Capture.Patience.USUAL);
    capture.install(OneDatabase.capture(down, true));
    capture.install(OneDatabase.capture(up, true));
  }

  private static void flip(Side target) throws Exception {
    Mirror.Link forth =
        new Mirror.Link(up, OneDatabase.capture(up, true), superuser(), superuser());
    Mirror.Link back =
        new Mirror.Link(down, OneDatabase.capture(down, true), superuser(), superuser());
    Flip.Settings settings = new Flip.Settings(Duration.ofSeconds(20), Duration.ofSeconds(4));
    new Flip(
            target == Side.NEW ? forth : back,
            target == Side.NEW ? back : forth,
            settings,
            step -> {})
        .run();
  }

  private static Sidecar sidecar(String more) throws Exception {
    return sides.sidecar("RAMP", "100%", "session" + more, MirroredPair.MIRROR);
  }

  private static Connection connect(Sidecar sidecar) throws SQLException {
    return Pair.connect(sidecar, "socketTimeout", "20");
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).as(sql).isTrue();
      return result.getLong(1);
    }
  }

  private static void awaitNew(Sidecar sidecar, Connection client) {
    Await.until(
        "new answers",
        () -> {
          long before = Pair.queries(sidecar, "side=\"new\"");
          number(client, "SELECT balance_cents FROM customers WHERE id = 500");
          return Pair.queries(sidecar, "side=\"new\"") > before;
        });
  }

  @Test
  void whoHasWrittenReadsItFromNewAtOnce() throws Exception {
    try (Sidecar sidecar = sidecar(", ack: mirrored");
        Connection client = connect(sidecar);
        Statement statement = client.createStatement()) {
      awaitNew(sidecar, client);
      long before = Pair.queries(sidecar, "side=\"new\"");
      for (int i = 1; i <= 100; i++) {
        statement.executeUpdate("UPDATE customers SET balance_cents = " + i + " WHERE id = 7");
        assertThat(number(client, "SELECT balance_cents FROM customers WHERE id = 7")).isEqualTo(i);
      }
      assertThat(Pair.queries(sidecar, "side=\"new\"") - before).isEqualTo(100);
      assertThat(Pair.metric(sidecar, "crossfade_mirror_late_acks_total")).isZero();
    }
  }

  @Test
  void oldAnswersWhileATriggerIsMissing() throws Exception {
    try (Sidecar sidecar = sidecar("");
        Connection client = connect(sidecar)) {
      awaitNew(sidecar, client);
      sides.old.executeIn("shop", "ALTER TABLE customers DISABLE TRIGGER USER");
      Await.until(
          "old answers",
          () -> {
            long before = Pair.queries(sidecar, "side=\"old\"", "NOT_FRESH");
            number(client, "SELECT balance_cents FROM customers WHERE id = 500");
            return Pair.queries(sidecar, "side=\"old\"", "NOT_FRESH") > before;
          });
      install();
      awaitNew(sidecar, client);
    }
  }

  /** Each client adds to a row of its own, and no addition is lost or done twice. */
  @Test
  void theAuthorityGoesToAndFroAndNoWriteIsLost() throws Exception {
    AtomicInteger written = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    try (Sidecar sidecar = sidecar("");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Connection looking = sides.old.connect("shop")) {
      List<Future<Long>> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int id = 101 + i;
        sides.old.executeIn("shop", "UPDATE customers SET balance_cents = 0 WHERE id = " + id);
        clients.add(threads.submit(() -> add(sidecar, id, written, ended)));
      }
      for (int flip = 0; flip < 6; flip++) {
        int until = written.get() + 40;
        Await.until("they write", Duration.ofSeconds(60), () -> written.get() > until);
        flip(flip % 2 == 0 ? Side.NEW : Side.OLD);
        assertThat(number(looking, DIFFERENCES)).isZero();
      }
      ended.set(1);
      for (int i = 0; i < 4; i++) {
        long added = clients.get(i).get(30, TimeUnit.SECONDS);
        assertThat(number(looking, "SELECT balance_cents FROM customers WHERE id = " + (101 + i)))
            .isEqualTo(added);
      }
      assertThat(number(looking, DIFFERENCES)).isZero();
    }
  }

  private static long add(Sidecar sidecar, int id, AtomicInteger written, AtomicInteger ended)
      throws SQLException {
    long added = 0;
    try (Connection client = connect(sidecar);
        Statement statement = client.createStatement()) {
      while (ended.get() == 0) {
        try {
          added +=
              statement.executeUpdate(
                  "UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = " + id);
          written.incrementAndGet();
        } catch (SQLException e) {
          assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("40001");
        }
      }
    }
    return added;
  }
}
