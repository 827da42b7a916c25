package dev.crossfade.mirror;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.image.EntityGroup;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Installs and removes capture on one side. A table's lock is waited for only briefly, for whoever
 * wants to write that table waits behind; then it lets go and tries again.
 */
public final class Capture {
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String DEADLOCK = "40P01";

  private final Endpoint side;
  private final Patience patience;

  /**
   * @param lockTimeout how long a table's lock is waited for at a time
   * @param attempts how often
   */
  public record Patience(Duration lockTimeout, int attempts) {
    public static final Patience USUAL = new Patience(Duration.ofMillis(200), 50);
  }

  public Capture(Endpoint side, Patience patience) {
    this.side = side;
    this.patience = patience;
  }

  /**
   * @throws SQLException when a table is locked all the time, or a right is missing; what was
   *     installed until then stays, and installing again goes on from there. With {@link
   *     Mirror#NOT_CAPTURED} when some changes would pass all triggers by; then nothing was done
   */
  public void install(CaptureScript script) throws SQLException {
    try (Connection connection = side.open(Endpoint.Use.WRITE)) {
      requireNoObstacle(connection, script);
      execute(connection, script.register());
      List<TableName> tables =
          script.tables().keySet().stream().sorted(EntityGroup.BY_NAME).toList();
      for (TableName table : tables) {
        execute(connection, script.tables().getOrDefault(table, ""));
      }
    }
  }

  private static void requireNoObstacle(Connection connection, CaptureScript script)
      throws SQLException {
    List<String> obstacles = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(script.obstacles())) {
      while (result.next()) {
        obstacles.add(result.getString(1));
      }
    }
    connection.rollback();
    if (!obstacles.isEmpty()) {
      throw new SQLException(
          script.side() + " can not be watched: " + String.join("; ", obstacles),
          Mirror.NOT_CAPTURED);
    }
  }

  /**
   * @param scripts of {@link CaptureScript#remove}
   */
  public void remove(List<String> scripts) throws SQLException {
    try (Connection connection = side.open(Endpoint.Use.WRITE)) {
      for (String script : scripts) {
        execute(connection, script);
      }
    }
  }

  /**
   * Makes tables read-only.
   *
   * @param scripts of {@link dev.crossfade.sql.capture.ArchiveScript#create}
   */
  public void archive(List<String> scripts) throws SQLException {
    remove(scripts);
  }

  private void execute(Connection connection, String sql) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = " + patience.lockTimeout().toMillis());
        statement.execute(sql);
        connection.commit();
        return;
      } catch (SQLException e) {
        connection.rollback();
        boolean busy =
            LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
        if (!busy || attempt == patience.attempts()) {
          throw e;
        }
        // Those who waited behind it go first.
        long pause = patience.lockTimeout().toNanos();
        LockSupport.parkNanos(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
      }
    }
  }
}
