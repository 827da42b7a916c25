package dev.crossfade.postgresql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.session.ReadPermission.Answer;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionCacheIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Map<String, Set<TableName>> TABLES =
      Map.of("m", Set.of(new TableName("public", "customers"), new TableName("shop", "orders")));

  private static EmbeddedServer server;
  private static EventLoops loops;
  private static MetadataConnection old;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedServer.builder().role("sidecar", "secret").role("app", "secret").start();
    server.createDatabase("db");
    server.executeIn(
        "db",
        "CREATE TABLE customers (id bigint)",
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.orders (id bigint)",
        "GRANT USAGE ON SCHEMA shop TO PUBLIC",
        "GRANT SELECT ON customers, shop.orders TO app");
    loops = EventLoops.open(1);
    Endpoint endpoint = new Endpoint(server.host(), server.port());
    assertThat(endpoint.refresh()).isTrue();
    old = connection(endpoint);
  }

  private static MetadataConnection connection(Endpoint endpoint) {
    return new MetadataConnection(
        new Connector(loops, TIMEOUT),
        loops.group().next(),
        Thread::startVirtualThread,
        new MetadataConnection.Target(endpoint, "db", new Credentials("sidecar", "secret")),
        TIMEOUT);
  }

  @AfterAll
  static void stop() {
    old.close();
    loops.close();
    server.close();
  }

  /** The first answer that is known. */
  private static Answer answer(String user) {
    PermissionCache cache = new PermissionCache(old, Runnable::run, () -> 0, TIMEOUT);
    cache.tables(TABLES);
    assertThat(cache.mayRead(user, "m")).isEqualTo(Answer.UNKNOWN);
    return cache.mayRead(user, "m");
  }

  private static void expectDenied(String change, String undo) throws SQLException {
    server.executeIn("db", change);
    old.close();
    try {
      assertThat(answer("app")).as(change).isEqualTo(Answer.DENIED);
    } finally {
      server.executeIn("db", undo);
      old.close();
    }
    assertThat(answer("app")).as(undo).isEqualTo(Answer.ALLOWED);
  }

  @Test
  void privilegesOfOldHold() throws SQLException {
    assertThat(answer("app")).isEqualTo(Answer.ALLOWED);
    assertThat(answer("sidecar")).as("has no privilege itself").isEqualTo(Answer.DENIED);
    assertThat(answer("no'body\\")).isEqualTo(Answer.DENIED);
    expectDenied("REVOKE SELECT ON customers FROM app", "GRANT SELECT ON customers TO app");
    expectDenied(
        "ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROLE app SET search_path = other, public",
        "ROLE app IN DATABASE db SET search_path = other",
        "DATABASE db SET search_path = other",
        "ROLE ALL SET search_path = other",
        "ROLE app SET bytea_output = escape",
        "ROLE app SET default_transaction_isolation = serializable",
        "ROLE ALL IN DATABASE db SET row_security = off"
      })
  void settingsThatCouldChangeAnAnswerKeepReadsOnOld(String setting) throws SQLException {
    String target = setting.substring(0, setting.indexOf(" SET"));
    expectDenied("ALTER " + setting, "ALTER " + target + " RESET ALL");
  }

  @Test
  void settingsThatCannotChangeAnAnswerDoNot() throws SQLException {
    server.executeIn(
        "db",
        "ALTER ROLE app SET statement_timeout = '5s'",
        "ALTER ROLE app SET TimeZone = 'Asia/Tokyo'",
        "ALTER ROLE app SET search_path = \"$user\", public",
        "ALTER DATABASE db SET log_min_duration_statement = '1s'",
        "ALTER ROLE app IN DATABASE postgres SET search_path = other",
        "ALTER ROLE sidecar SET bytea_output = escape");
    try {
      assertThat(answer("app")).isEqualTo(Answer.ALLOWED);
    } finally {
      server.executeIn(
          "db",
          "ALTER ROLE app RESET ALL",
          "ALTER DATABASE db RESET ALL",
          "ALTER ROLE app IN DATABASE postgres RESET ALL",
          "ALTER ROLE sidecar RESET ALL");
    }
  }

  @Test
  void aSearchPathOfTheServersOwnKeepsReadsOnOld() throws SQLException {
    for (String reset :
        List.of("ALTER SYSTEM RESET search_path", "ALTER ROLE sidecar RESET search_path")) {
      String set = reset.replace("RESET search_path", "SET search_path = other");
      server.execute(set, "SELECT pg_reload_conf()");
      old.close();
      awaitAnswer(Answer.DENIED);
      server.execute(reset, "SELECT pg_reload_conf()");
      old.close();
      awaitAnswer(Answer.ALLOWED);
    }
  }

  /** A reload takes the server a moment. */
  private static void awaitAnswer(Answer expected) {
    org.awaitility.Awaitility.await().until(() -> answer("app") == expected);
  }

  @Test
  void aTableInTheUsersOwnSchemaKeepsReadsOnOld() throws SQLException {
    expectDenied(
        "CREATE SCHEMA app CREATE VIEW customers AS SELECT 1 AS id", "DROP SCHEMA app CASCADE");
    server.executeIn("db", "CREATE SCHEMA app CREATE TABLE orders (id int)");
    try {
      assertThat(answer("app")).as("orders is mapped in another schema").isEqualTo(Answer.ALLOWED);
    } finally {
      server.executeIn("db", "DROP SCHEMA app CASCADE");
    }
  }

  @Test
  void anAnswerAboutOtherTablesCountsForNothing() {
    ArrayDeque<Runnable> asked = new ArrayDeque<>();
    PermissionCache cache = new PermissionCache(old, asked::add, () -> 0, TIMEOUT);
    cache.tables(TABLES);
    assertThat(cache.mayRead("app", "m")).isEqualTo(Answer.UNKNOWN);
    cache.tables(Map.of("m", Set.of(new TableName("public", "secrets"))));
    Objects.requireNonNull(asked.poll()).run();
    assertThat(cache.mayRead("app", "m")).isEqualTo(Answer.UNKNOWN);
    Objects.requireNonNull(asked.poll()).run();
    assertThat(cache.mayRead("app", "m")).isEqualTo(Answer.DENIED);
    assertThat(asked).isEmpty();
  }

  @Test
  void whileOldIsAwayItsLastWordHolds() {
    AtomicLong clock = new AtomicLong();
    FaultProxy network = FaultProxy.to(server.host(), server.port());
    Endpoint endpoint = new Endpoint(network.host(), network.port());
    assertThat(endpoint.refresh()).isTrue();
    MetadataConnection cut = connection(endpoint);
    PermissionCache cache = new PermissionCache(cut, Runnable::run, clock::get, TIMEOUT);
    cache.tables(TABLES);
    cache.mayRead("app", "m");
    cache.mayRead("sidecar", "m");
    network.close();
    cut.close();
    for (int round = 0; round < 3; round++) {
      clock.addAndGet(TIMEOUT.toNanos());
      assertThat(cache.mayRead("app", "m")).isEqualTo(Answer.ALLOWED);
      assertThat(cache.mayRead("sidecar", "m")).isEqualTo(Answer.DENIED);
      assertThat(cache.mayRead("other", "m")).isEqualTo(Answer.UNKNOWN);
    }
    cut.close();
  }
}
