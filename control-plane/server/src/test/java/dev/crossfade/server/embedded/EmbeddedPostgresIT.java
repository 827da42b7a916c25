package dev.crossfade.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.server.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresIT {
  private Path data;

  @BeforeEach
  void makeDirectory() throws Exception {
    data = TestDatabases.directory("embedded");
  }

  @Test
  void dataOutlivesARestartAndWhateverAKilledStartLeft() throws Exception {
    Path unfinished =
        Files.createDirectories(data.resolve("postgresql.initializing").resolve("base"));
    try (EmbeddedPostgres server = EmbeddedPostgres.start(data)) {
      execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
    }
    assertThat(unfinished).doesNotExist();

    // The pid of a process that is no server at all, as after a reboot.
    Path pidFile = data.resolve("postgresql").resolve("postmaster.pid");
    Files.writeString(
        pidFile, ProcessHandle.current().pid() + "\n" + data.resolve("postgresql") + "\n");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(data)) {
      assertThat(answer(server)).isEqualTo(42);
    }
    // And one that nobody has.
    Files.writeString(pidFile, "4194303\n" + data.resolve("postgresql") + "\n");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(data)) {
      assertThat(answer(server)).isEqualTo(42);
    }
  }

  @Test
  void aPasswordIsNeededAndOnlyItsOwnerCanReadIt() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(data)) {
      assertThatThrownBy(
              () ->
                  DriverManager.getConnection(server.facts().jdbcUrl(), "crossfade", "guess")
                      .close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(Files.getPosixFilePermissions(data.resolve("postgresql.password"))).hasSize(2);
      assertThat(server.facts().toString()).doesNotContain(server.facts().password());
    }
  }

  @Test
  void aDirectoryInUseIsRefused() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(data)) {
      assertThat(server.facts().user()).isEqualTo("crossfade");
      assertThatThrownBy(() -> EmbeddedPostgres.start(data))
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageStartingWith("another control plane uses the data directory");
    }
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int answer(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT answer FROM kept")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    EmbeddedPostgres.ConnectionFacts facts = server.facts();
    return DriverManager.getConnection(facts.jdbcUrl(), facts.user(), facts.password());
  }
}
