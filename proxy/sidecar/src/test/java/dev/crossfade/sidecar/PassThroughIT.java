package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What a client does that concerns no mapped table works as without the sidecar. */
class PassThroughIT {
  private static Pair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    sidecar = pair.sidecar("OFF", "0%", "session");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  @Test
  void simpleAndExtendedQueries() throws Exception {
    for (String mode : new String[] {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"}) {
      try (Connection connection = Pair.connect(sidecar, "preferQueryMode", mode);
          PreparedStatement statement = connection.prepareStatement("SELECT ?::int + 1, 'x', NULL::text")) {
        for (int i = 0; i < 20; i++) {
          statement.setInt(1, i);
          try (ResultSet rows = statement.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(i + 1);
          }
        }
      }
    }
  }

  @Test
  void copyBothWays() throws Exception {
    try (Connection connection = Pair.connect(sidecar)) {
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      connection.createStatement().execute("CREATE TEMP TABLE t (a int, b text)");
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < 50_000; i++) {
        rows.append(i).append("\tvalue ").append(i).append('\n');
      }
      assertThat(copy.copyIn("COPY t FROM STDIN", new StringReader(rows.toString()))).isEqualTo(50_000);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy.copyOut("COPY t TO STDOUT", out);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(rows.toString());
      assertThatThrownBy(() -> copy.copyIn("COPY t FROM STDIN", new StringReader("x\ty\n")))
          .isInstanceOf(SQLException.class);
      assertThat(connection.createStatement().executeQuery("SELECT 1").next()).isTrue();
    }
  }

  @Test
  void cursorsWithFetchSizeInATransaction() throws Exception {
    try (Connection connection = Pair.connect(sidecar)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(7);
        try (ResultSet rows = statement.executeQuery("SELECT i FROM generate_series(1, 100) i")) {
          int expected = 1;
          while (rows.next()) {
            assertThat(rows.getInt(1)).isEqualTo(expected++);
          }
          assertThat(expected).isEqualTo(101);
        }
      }
      connection.commit();
    }
  }

  @Test
  void cancelReachesTheQuery() throws Exception {
    try (Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      Thread canceller =
          Thread.ofVirtual()
              .start(
                  () ->
                      Awaitility.await()
                          .atMost(Duration.ofSeconds(10))
                          .until(
                              () -> {
                                try (Connection watcher = pair.old.connect("shop");
                                    ResultSet rows =
                                        watcher
                                            .createStatement()
                                            .executeQuery(
                                                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'")) {
                                  rows.next();
                                  if (rows.getInt(1) == 0) {
                                    return false;
                                  }
                                  statement.cancel();
                                  return true;
                                }
                              }));
      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)"))
          .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      canceller.join();
      assertThat(statement.executeQuery("SELECT 1").next()).isTrue();
    }
  }

  @Test
  void notificationsArrive() throws Exception {
    try (Connection listener = Pair.connect(sidecar);
        Connection notifier = Pair.connect(sidecar)) {
      listener.createStatement().execute("LISTEN news");
      notifier.createStatement().execute("NOTIFY news, 'hello'");
      var found = listener.unwrap(PGConnection.class).getNotifications(10_000);
      assertThat(found).hasSize(1);
      assertThat(found[0].getParameter()).isEqualTo("hello");
    }
  }

  @Test
  void aWrongPasswordIsTheServersToRefuse() {
    assertThatThrownBy(() -> Pair.connect(sidecar, "password", "wrong").close())
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void aRowOf64MegabytesPasses() throws Exception {
    try (Connection connection = Pair.connect(sidecar);
        ResultSet rows = connection.createStatement().executeQuery("SELECT length(r), r FROM repeat('x', 67108864) r")) {
      rows.next();
      assertThat(rows.getString(2)).hasSize(67_108_864);
    }
  }
}
