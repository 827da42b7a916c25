package dev.crossfade.server.job;

import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Place;
import dev.crossfade.server.store.JobRow.Progress;
import dev.crossfade.server.store.JobRow.Size;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Runs a file's statements on one side, each in a transaction of its own with the note that it is
 * done, so that none is run twice. What the server runs outside transactions only is noted before
 * and after: when nobody knows how far such a statement came, the index that it was to make is
 * looked at, and one that came to nothing is dropped and made again.
 */
final class ApplyWork {
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String DEADLOCK = "40P01";
  private static final String IN_TRANSACTION = "25001";
  private static final Set<String> GONE_ALREADY = Set.of("42704", "42P01");

  /** Whoever reads and writes the table queues up behind a lock that is waited for. */
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);

  private static final int ATTEMPTS = 20;

  private static final String VALID =
      "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(?)";

  private final Ledger ledger;
  private final Halt halt;
  private final DdlFile file;

  ApplyWork(Ledger ledger, Halt halt, DdlFile file) {
    this.ledger = ledger;
    this.halt = halt;
    this.file = file;
  }

  /**
   * @return false when it was stopped
   * @throws SQLException with the place of the statement that failed
   */
  boolean run(String migration, DatabaseUrl url) throws SQLException {
    try (Connection connection = connect(url)) {
      DdlLog log = DdlLog.open(connection, migration);
      if (ledger.isToBeginAgain()) {
        log.clear();
      }
      ledger.begins();
      for (int i = 0; i < file.statements().size(); i++) {
        DdlFile.Statement statement = file.statements().get(i);
        told(i, statement);
        if (log.isDone(statement)) {
          continue;
        }
        if (halt.isAsked()) {
          return false;
        }
        try {
          if (!run(connection, log, statement)) {
            return false;
          }
        } catch (SQLException e) {
          throw placed(i, statement, e);
        }
      }
      told(file.statements().size(), null);
      return true;
    }
  }

  private static Connection connect(DatabaseUrl url) throws SQLException {
    Properties properties = url.properties();
    properties.setProperty("ApplicationName", "crossfade-apply");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("options", "-c statement_timeout=0 -c standard_conforming_strings=on");
    return DriverManager.getConnection(url.jdbc(), properties);
  }

  private void told(int done, DdlFile.@Nullable Statement next) {
    ledger.reached(
        new Progress(
            next == null ? "" : file.source() + ":" + next.line(),
            new Size(done, file.statements().size(), 0),
            new Counts(0, 0, 0, 0),
            List.of(),
            Place.START));
  }

  /**
   * @return false when it was stopped
   */
  private boolean run(Connection connection, DdlLog log, DdlFile.Statement statement)
      throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        attempt(connection, log, statement);
        return true;
      } catch (SQLException e) {
        boolean busy =
            LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
        if (!busy || attempt == ATTEMPTS) {
          throw e;
        }
        if (!ledger.waits("waits for the lock of a table: tried " + attempt + " times")) {
          return false;
        }
        // Those who waited behind it go first.
        long pause = LOCK_TIMEOUT.toNanos();
        if (halt.pause(Duration.ofNanos(pause / 2 + ThreadLocalRandom.current().nextLong(pause)))) {
          return false;
        }
      }
    }
  }

  private static void attempt(Connection connection, DdlLog log, DdlFile.Statement statement)
      throws SQLException {
    if (statement.isSetting()) {
      execute(connection, statement.text());
      return;
    }
    if (log.isBegun(statement)) {
      again(connection, log, statement);
      return;
    }
    connection.setAutoCommit(false);
    try {
      execute(connection, "SET LOCAL lock_timeout = " + LOCK_TIMEOUT.toMillis());
      execute(connection, statement.text());
      log.note(statement, true);
      connection.commit();
      return;
    } catch (SQLException e) {
      connection.rollback();
      if (!IN_TRANSACTION.equals(e.getSQLState())) {
        throw e;
      }
    } finally {
      connection.setAutoCommit(true);
    }
    log.note(statement, false);
    outside(connection, log, statement);
  }

  /** Nobody knows how far it came. */
  private static void again(Connection connection, DdlLog log, DdlFile.Statement statement)
      throws SQLException {
    Boolean valid = statement.index().isEmpty() ? null : valid(connection, statement.index());
    if (Boolean.TRUE.equals(valid)) {
      log.note(statement, true);
      return;
    }
    if (valid != null) {
      execute(connection, "DROP INDEX CONCURRENTLY " + statement.index());
    }
    try {
      outside(connection, log, statement);
    } catch (SQLException e) {
      if (!statement.isDrop() || !GONE_ALREADY.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      log.note(statement, true);
    }
  }

  /** Null when there is none of this name. */
  private static @Nullable Boolean valid(Connection connection, String index) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(VALID)) {
      select.setString(1, index);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getBoolean(1) : null;
      }
    }
  }

  private static void outside(Connection connection, DdlLog log, DdlFile.Statement statement)
      throws SQLException {
    execute(
        connection,
        "SET lock_timeout = " + (statement.isConcurrent() ? 0 : LOCK_TIMEOUT.toMillis()));
    execute(connection, statement.text());
    log.note(statement, true);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** With the line that the server points to, or else the statement's first. */
  private SQLException placed(int index, DdlFile.Statement statement, SQLException e) {
    ServerErrorMessage said =
        e instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
    int line = statement.line();
    if (said != null && said.getPosition() > 1) {
      String before =
          statement
              .text()
              .substring(0, Math.min(said.getPosition() - 1, statement.text().length()));
      line += (int) before.chars().filter(c -> c == '\n').count();
    }
    return new SQLException(
        file.source()
            + ":"
            + line
            + ": statement "
            + (index + 1)
            + " of "
            + file.statements().size()
            + ": "
            + (said == null ? e.getMessage() : said.getMessage()),
        e.getSQLState(),
        e);
  }
}
