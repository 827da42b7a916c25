package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With the sidecar gone, clients that know a second address go on there. */
class BypassIT {
  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
  }

  private static Sidecar off() throws Exception {
    return pair.sidecar("OFF", "0%", "session");
  }

  /** The sidecar first, then the database itself. */
  private static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + port
            + ','
            + pair.old.host()
            + ':'
            + pair.old.port()
            + "/shop?connectTimeout=5&socketTimeout=20&hostRecheckSeconds=0",
        Pair.USER,
        Pair.PASSWORD);
  }

  /** Whether the sidecar has counted what the client asked. */
  private static boolean isThroughSidecar(Connection connection, Sidecar sidecar)
      throws SQLException {
    long before = Pair.queries(sidecar);
    assertThat(customers(connection)).isEqualTo(Pair.CUSTOMERS);
    return Pair.queries(sidecar) > before;
  }

  private static long customers(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM customers")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void aJdbcClientGoesOnByTheSecondAddressAndComesBack() throws Exception {
    Connection lost;
    int port;
    try (Sidecar sidecar = off()) {
      port = sidecar.address().getPort();
      lost = connect(port);
      assertThat(isThroughSidecar(lost, sidecar)).isTrue();
    }
    try (lost) {
      assertThatThrownBy(() -> customers(lost)).isInstanceOf(SQLException.class);
    }
    try (Connection bypassing = connect(port);
        Statement statement = bypassing.createStatement()) {
      assertThat(customers(bypassing)).isEqualTo(Pair.CUSTOMERS);
      assertThat(statement.executeUpdate("INSERT INTO audit (note) VALUES ('past the sidecar')"))
          .isEqualTo(1);
    }
    String again =
        pair.config("OFF", "0%", "session", "")
            .replaceFirst("listen: \\{[^}]*}", "listen: {host: 127.0.0.1, port: " + port + "}");
    try (Sidecar sidecar = pair.start(again);
        Connection connection = connect(port)) {
      assertThat(isThroughSidecar(connection, sidecar)).isTrue();
    }
  }

  @Test
  void libpqGoesOnByTheSecondAddress() throws Exception {
    String psql = Tools.require("psql");
    int port;
    try (Sidecar sidecar = off()) {
      port = sidecar.address().getPort();
      assertThat(psql(psql, port)).isEqualTo(Integer.toString(port));
    }
    assertThat(psql(psql, port)).isEqualTo(Integer.toString(pair.old.port()));
  }

  /** The port that psql is connected to. */
  private static String psql(String program, int port) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            program,
            "-X",
            "-A",
            "-t",
            "-d",
            "postgresql://"
                + Pair.USER
                + "@127.0.0.1:"
                + port
                + ','
                + pair.old.host()
                + ':'
                + pair.old.port()
                + "/shop?connect_timeout=10",
            "-c",
            "SELECT count(*) FROM customers",
            "-c",
            "\\echo :PORT");
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).startsWith(Pair.CUSTOMERS + "\n");
    return printed.lines().skip(1).findFirst().orElseThrow();
  }
}
