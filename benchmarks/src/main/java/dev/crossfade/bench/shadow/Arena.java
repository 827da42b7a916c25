package dev.crossfade.bench.shadow;

import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Two servers with the same customers, and two sidecars: one compares all reads, one none. */
final class Arena implements AutoCloseable {
  static final int CUSTOMERS = 5_000;
  private static final String DATABASE = EmbeddedServer.SUPERUSER;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

  private final Scratch scratch = Scratch.create("crossfade-shadow-");
  private final Sides sides;
  private final SidecarProcess without;
  private final SidecarProcess with;

  Arena()
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    scratch.write("split-customers.yaml", Sides.yaml());
    sides = Sides.start();
    sides.fill(CUSTOMERS);
    sides.capture();
    // What was there before arrives on new as changes of today.
    sides.old().executeIn(DATABASE, "UPDATE customers SET id = id", "VACUUM ANALYZE customers");
    with = sidecar("with", "shadow: {perSecond: 1000000}");
    without = sidecar("without", "shadow: {share: 0%}");
    settle();
    sides.next().executeIn(DATABASE, "VACUUM ANALYZE people", "VACUUM ANALYZE contacts");
  }

  private SidecarProcess sidecar(String name, String shadow) {
    return SidecarProcess.start(
        scratch.write(
            name + ".yaml",
            """
            service: bench
            listen: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            old: {host: %s, port: %d, database: %s, user: postgres}
            new: {host: %s, port: %d, database: %s, user: postgres}
            mirror: {old: {user: postgres}, new: {user: postgres}}
            parity: {share: 0%%}
            %s
            stateDirectory: state-%s
            migrations: [{file: split-customers.yaml, stage: SHADOW}]
            """
                .formatted(
                    sides.old().host(),
                    sides.old().port(),
                    DATABASE,
                    sides.next().host(),
                    sides.next().port(),
                    DATABASE,
                    shadow,
                    name)));
  }

  SidecarProcess sidecar(boolean compares) {
    return compares ? with : without;
  }

  Connection connect(boolean compares) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&connectTimeout=10&socketTimeout=60"
            .formatted(sidecar(compares).port(), DATABASE));
  }

  Connection connectToNew() throws SQLException {
    return sides.next().connect(DATABASE);
  }

  /** Nothing arrives on new for so long; reads there go on. */
  void holdMirror(long nanos) throws SQLException {
    try (Connection connection = sides.next().connect(DATABASE);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE people IN EXCLUSIVE MODE");
      LockSupport.parkNanos(nanos);
      connection.rollback();
    }
  }

  /** Waits until everything is carried. */
  void settle() throws SQLException {
    await("SELECT count(*) FROM crossfade.mutation");
  }

  /** Waits until what has been written by now is carried, whatever is written meanwhile. */
  void catchUp() throws SQLException {
    long last = asked("SELECT coalesce(max(id), 0) FROM crossfade.mutation");
    await("SELECT count(*) FROM crossfade.mutation WHERE id <= " + last);
  }

  /** For how long the oldest change has waited to be carried. */
  long lagMillis() throws SQLException {
    return asked(
        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - at) * 1000), 0)::bigint"
            + " FROM crossfade.mutation");
  }

  private void await(String noneLeft) throws SQLException {
    long start = System.nanoTime();
    while (asked(noneLeft) > 0) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("what was written never arrives");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private long asked(String sql) throws SQLException {
    try (Connection connection = sides.old().connect(DATABASE);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() {
    with.close();
    without.close();
    sides.close();
    scratch.close();
  }
}
