package dev.crossfade.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

final class EmbeddedServerIT {
  @Test
  void servesQueriesAndLeavesNothingBehind() throws SQLException {
    Path directory;
    long pid;
    try (EmbeddedServer server = EmbeddedServer.start()) {
      directory = server.directory();
      pid = server.pid();
      server.createDatabase("shop");
      server.executeIn("shop", "CREATE TABLE t (id int)", "INSERT INTO t VALUES (42)");
      assertThat(query(server, "shop", "SELECT id FROM t")).isEqualTo("42");
      assertThat(query(server, "shop", "SHOW synchronous_commit")).isEqualTo("on");
    }
    assertThat(directory).doesNotExist();
    assertThat(Path.of("/proc", Long.toString(pid))).doesNotExist();
  }

  @Test
  void demandsThePasswordOfEachNamedRole() throws SQLException {
    try (EmbeddedServer server =
        EmbeddedServer.builder()
            .role("sam", "s3cret")
            .role("mia", "m'd", Authentication.MD5)
            .role("cleo", "clear", Authentication.CLEARTEXT)
            .start()) {
      for (String[] login : new String[][] {{"sam", "s3cret"}, {"mia", "m'd"}, {"cleo", "clear"}}) {
        try (Connection connection = server.connect("postgres", login[0], login[1])) {
          assertThat(connection.isValid(1)).isTrue();
        }
        assertThatThrownBy(() -> server.connect("postgres", login[0], "wrong").close())
            .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      }
      assertThat(query(server, "postgres", "SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = 'mia'"))
          .isEqualTo("md5");
      assertThat(query(server, "postgres", "SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'sam'"))
          .isEqualTo("SCRAM-SHA-256");
    }
  }

  static String query(EmbeddedServer server, String database, String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
