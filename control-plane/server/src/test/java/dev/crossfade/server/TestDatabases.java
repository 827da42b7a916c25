package dev.crossfade.server;

import dev.crossfade.server.embedded.EmbeddedPostgres;
import dev.crossfade.server.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One real PostgreSQL for all tests of this module, with a database of its own for each that asks.
 */
public final class TestDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final AtomicReference<@Nullable EmbeddedPostgres> STARTED =
      new AtomicReference<>();
  private static final Path BASE =
      Path.of("target", "it", String.valueOf(ProcessHandle.current().pid())).toAbsolutePath();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(TestDatabases::cleanUp));
  }

  private TestDatabases() {}

  /** Starts with the first use and stops with the process; a killed test process takes it along. */
  private static final class Shared {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server = EmbeddedPostgres.start(directory("shared-postgresql"));
        STARTED.set(server);
        forgetful(server.facts());
        return server;
      } catch (Exception e) {
        throw new IllegalStateException("the tests' database did not start", e);
      }
    }
  }

  /** No test turns the machine off, and syncing hundreds of databases takes its time. */
  private static void forgetful(EmbeddedPostgres.ConnectionFacts facts) throws SQLException {
    execute(facts, facts.jdbcUrl(), "ALTER SYSTEM SET fsync = off");
    execute(facts, facts.jdbcUrl(), "ALTER SYSTEM SET full_page_writes = off");
    execute(facts, facts.jdbcUrl(), "SELECT pg_reload_conf()");
  }

  /** A new directory for what a test leaves behind, below the build's own. */
  public static Path directory(String name) throws IOException {
    Files.createDirectories(BASE);
    return Files.createTempDirectory(BASE, name + "-");
  }

  private static void cleanUp() {
    EmbeddedPostgres server = STARTED.get();
    if (server != null) {
      server.close();
    }
    removeSoon(BASE);
  }

  /** The tens of thousands of files of a server take a while, which nobody has to wait for. */
  private static void removeSoon(Path tree) {
    ProcessBuilder remove = new ProcessBuilder("setsid", "rm", "-rf", tree.toString());
    remove.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      remove.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new, empty database. */
  public static Database.Login create() throws SQLException {
    EmbeddedPostgres.ConnectionFacts facts = Shared.SERVER.facts();
    String name = "test_" + NUMBER.incrementAndGet();
    execute(facts.jdbcUrl(), "CREATE DATABASE " + name);
    return new Database.Login(
        facts.jdbcUrl().replaceFirst("/postgres$", "/" + name), facts.user(), facts.password());
  }

  /** Runs a statement as the owner of everything. */
  public static void execute(String jdbcUrl, String sql) throws SQLException {
    execute(Shared.SERVER.facts(), jdbcUrl, sql);
  }

  private static void execute(EmbeddedPostgres.ConnectionFacts owner, String jdbcUrl, String sql)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(jdbcUrl, owner.user(), owner.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
