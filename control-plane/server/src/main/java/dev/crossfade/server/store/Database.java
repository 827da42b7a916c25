package dev.crossfade.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** The pool of connections to the control plane's database, with its schema up to date. */
public final class Database implements AutoCloseable {
  private static final int POOL_MAX = 8;
  private static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(5);
  private static final Duration FIRST_CONNECTION_MAX = Duration.ofSeconds(10);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final String SCHEMA = "crossfade_control";

  private final HikariDataSource pool;
  private final Login login;

  /**
   * Where the database is and who connects.
   *
   * @param user null when the URL names it
   * @param password null for none; never logged
   */
  public record Login(String jdbcUrl, @Nullable String user, @Nullable String password) {
    @Override
    public String toString() {
      return "Login[user=" + user + "]";
    }
  }

  /** The database cannot be used; the message is one line for people, without secrets. */
  public static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private Database(HikariDataSource pool, Login login) {
    this.pool = pool;
    this.login = login;
  }

  /**
   * Connects and brings the schema {@code crossfade_control} up to date. Replicas that start
   * together take turns.
   *
   * @throws UnusableException when the URL is wrong, the database cannot be reached or its schema
   *     is not ours
   */
  public static Database open(Login login) throws UnusableException {
    if (!new Driver().acceptsURL(login.jdbcUrl())) {
      throw new UnusableException(
          "the JDBC URL is not one of PostgreSQL: write jdbc:postgresql://HOST:PORT/DATABASE",
          null);
    }
    Database database = new Database(pool(login), login);
    try {
      database.checkReachable();
      Flyway.configure()
          .dataSource(database.pool)
          .schemas(SCHEMA)
          .defaultSchema(SCHEMA)
          .createSchemas(true)
          .locations("classpath:dev/crossfade/server/store/migration")
          .load()
          .migrate();
      database.beginAudit();
      return database;
    } catch (SQLException e) {
      database.close();
      throw new UnusableException(
          "the control plane's database cannot be reached: " + e.getMessage(), e);
    } catch (FlywayException e) {
      database.close();
      throw new UnusableException(
          "the control plane's schema cannot be brought up to date: " + firstLine(e), e);
    }
  }

  private void beginAudit() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      AuditLog.begin(connection);
      connection.commit();
    }
  }

  private static String firstLine(FlywayException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("");
  }

  private static HikariDataSource pool(Login login) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("control-plane");
    config.setJdbcUrl(login.jdbcUrl());
    config.setUsername(login.user());
    config.setPassword(login.password());
    config.setMaximumPoolSize(POOL_MAX);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(CONNECTION_WAIT_MAX.toMillis());
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "crossfade-control-plane");
    config.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_MAX.toSeconds()));
    config.addDataSourceProperty("socketTimeout", String.valueOf(ANSWER_MAX.toSeconds()));
    return new HikariDataSource(config);
  }

  private void checkReachable() throws SQLException {
    try (Connection connection = connect(FIRST_CONNECTION_MAX)) {
      connection.isValid((int) CONNECT_MAX.toSeconds());
    }
  }

  public DataSource pool() {
    return pool;
  }

  /** A connection outside the pool, for LISTEN; it may be silent for as long as it likes. */
  public Connection connectToListen() throws SQLException {
    return connect(CONNECT_MAX);
  }

  private Connection connect(Duration max) throws SQLException {
    Properties properties = new Properties();
    if (login.user() != null) {
      properties.setProperty("user", login.user());
    }
    if (login.password() != null) {
      properties.setProperty("password", login.password());
    }
    properties.setProperty("ApplicationName", "crossfade-control-plane");
    properties.setProperty("connectTimeout", String.valueOf(max.toSeconds()));
    properties.setProperty("loginTimeout", String.valueOf(max.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(login.jdbcUrl(), properties);
  }

  @Override
  public void close() {
    pool.close();
  }
}
