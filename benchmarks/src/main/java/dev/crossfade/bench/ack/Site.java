package dev.crossfade.bench.ack;

import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two servers that wait for the disk, and every way to them. Each way has databases of its own, so
 * that none pays for another one's capture.
 */
final class Site implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final String PENDING = "SELECT count(*) FROM crossfade.mutation";
  private static final String PLAIN = "plain";

  private final Scratch scratch = Scratch.create("crossfade-ack-");
  private final EmbeddedServer old = server();
  private final EmbeddedServer next = server();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Map<Way, String> urls = new EnumMap<>(Way.class);
  private final List<String> left = new ArrayList<>();
  private final SidecarProcess mirrored;
  private final int customers;
  private final int clients;

  /**
   * @param clients at once, at most
   */
  Site(int customers, int clients)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    this.customers = customers;
    this.clients = clients;
    scratch.write("split-customers.yaml", Sides.yaml());
    create(PLAIN, false);
    urls.put(Way.DIRECT, url(old.port(), PLAIN));
    urls.put(Way.SIDECAR, url(sidecar(PLAIN, "stage: OFF", false).port(), PLAIN));
    carried(Way.ASYNC, "stage: DUAL_WRITE");
    mirrored = carried(Way.MIRRORED, "stage: DUAL_WRITE, ack: mirrored");
    pooled();
  }

  private static EmbeddedServer server() {
    return EmbeddedServer.builder()
        .setting("fsync", "on")
        .setting("full_page_writes", "on")
        .setting("shared_buffers", "256MB")
        .setting("max_wal_size", "4GB")
        .setting("max_connections", "200")
        .start();
  }

  static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&connectTimeout=10&socketTimeout=60"
        .formatted(port, database, EmbeddedServer.SUPERUSER);
  }

  private Sides create(String database, boolean captured)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    old.createDatabase(database);
    next.createDatabase(database);
    Sides sides = Sides.in(database, old, next);
    sides.fill(customers);
    if (captured) {
      sides.capture();
      // What was there before arrives on new as changes of today.
      old.executeIn(database, "UPDATE customers SET id = id", "VACUUM ANALYZE customers");
    }
    return sides;
  }

  /** A migration whose changes are carried, by one sidecar. */
  private SidecarProcess carried(Way way, String migration)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    String database = way.name().toLowerCase(Locale.ROOT);
    create(database, true);
    SidecarProcess sidecar = sidecar(database, migration, true);
    urls.put(way, url(sidecar.port(), database));
    settle(way);
    return sidecar;
  }

  private SidecarProcess sidecar(String database, String migration, boolean mirrors) {
    Path config =
        scratch.write(
            "sidecar-" + started.size() + ".yaml",
            """
            service: bench
            listen: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            old: {host: %s, port: %d, database: %s, user: postgres}
            new: {host: %s, port: %d, database: %s, user: postgres}
            %s
            stateDirectory: state-%d
            migrations: [{file: split-customers.yaml, %s}]
            """
                .formatted(
                    old.host(),
                    old.port(),
                    database,
                    next.host(),
                    next.port(),
                    database,
                    mirrors ? "mirror: {old: {user: postgres}, new: {user: postgres}}" : "",
                    started.size(),
                    migration));
    SidecarProcess sidecar = SidecarProcess.start(config);
    started.push(sidecar);
    return sidecar;
  }

  private void pooled() throws SQLException {
    Optional<Path> found = ChildProgram.find("pgpool");
    if (found.isEmpty()) {
      left.add("pgpool-II is not installed (Debian package pgpool2): that way is left out");
      return;
    }
    String database = Way.PGPOOL.name().toLowerCase(Locale.ROOT);
    old.createDatabase(database);
    next.createDatabase(database);
    Pgpool pgpool = Pgpool.start(found.get(), scratch, old, next, clients);
    started.push(pgpool);
    urls.put(Way.PGPOOL, pgpool.url(database));
    // Both have the old shape: it can do no other.
    for (EmbeddedServer server : List.of(old, next)) {
      server.executeIn(
          database,
          "CREATE TABLE customers (id bigint PRIMARY KEY, full_name varchar(80) NOT NULL, email"
              + " text, balance_cents bigint NOT NULL, created_at timestamptz NOT NULL)",
          "CREATE TABLE ledger (n bigint PRIMARY KEY, client int NOT NULL)",
          "CREATE INDEX ON ledger (client)",
          "INSERT INTO customers SELECT i, 'Given' || i || ' Family' || i, 'c' || i ||"
              + " '@example.org', i * 17, timestamptz '2020-01-01 00:00:00Z' FROM"
              + " generate_series(1, "
              + customers
              + ") i",
          "VACUUM ANALYZE customers");
    }
  }

  /** Those that are possible here. */
  List<Way> ways() {
    return List.copyOf(urls.keySet());
  }

  /** Why others are not, a sentence each. */
  List<String> left() {
    return left;
  }

  Connection connect(Way way) throws SQLException {
    String url = urls.get(way);
    if (url == null) {
      throw new IllegalArgumentException(way + " is not possible here");
    }
    return DriverManager.getConnection(url);
  }

  /** Changes of this way that are still to be carried. */
  long pending(Way way) throws SQLException {
    return way == Way.ASYNC || way == Way.MIRRORED
        ? number(old, way.name().toLowerCase(Locale.ROOT), PENDING)
        : 0;
  }

  /** Waits until everything is carried, so that nobody else pays for it. */
  void settle(Way way) throws SQLException {
    long start = System.nanoTime();
    while (pending(way) > 0) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("what was written by way of " + way + " never arrives");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Writes of the mirrored way that were acknowledged before the other side had them. */
  long late() {
    return (long) mirrored.scrape().sum("crossfade_mirror_late_acks_total", Map.of());
  }

  /**
   * By how much both sides differ, of the ways that write to both: in rows of the ledger, in
   * customers, and in cents.
   */
  long missing(Way way) throws SQLException {
    String database = way.name().toLowerCase(Locale.ROOT);
    return switch (way) {
      case DIRECT, SIDECAR -> 0;
      case ASYNC, MIRRORED ->
          differs(database, "count(*) FROM ledger", "count(*) FROM journal")
              + differs(database, "count(*) FROM customers", "count(*) FROM people")
              + differs(
                  database,
                  "sum(balance_cents)::bigint FROM customers",
                  "(sum(balance) * 100)::bigint FROM people");
      case PGPOOL ->
          differs(database, "count(*) FROM ledger", "count(*) FROM ledger")
              + differs(
                  database,
                  "sum(balance_cents)::bigint FROM customers",
                  "sum(balance_cents)::bigint FROM customers");
    };
  }

  private long differs(String database, String ofOld, String ofNew) throws SQLException {
    return Math.abs(
        number(old, database, "SELECT " + ofOld) - number(next, database, "SELECT " + ofNew));
  }

  private static long number(EmbeddedServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() {
    for (AutoCloseable each : started) {
      try {
        each.close();
      } catch (Exception e) {
        System.err.println("could not be ended in order: " + e.getMessage());
      }
    }
    old.close();
    next.close();
    scratch.close();
  }
}
