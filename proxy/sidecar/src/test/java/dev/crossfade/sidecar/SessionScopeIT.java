package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that begin so that a table's name means another table, or with another's privileges. */
class SessionScopeIT {
  private static final String SQL = "SELECT full_name FROM customers WHERE id = 17";

  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    pair.old.executeIn(
        "shop",
        "CREATE SCHEMA other",
        "CREATE TABLE other.customers (id bigint, full_name varchar(80), email text,"
            + " balance_cents bigint, created_at timestamptz)",
        "INSERT INTO other.customers VALUES (17, 'Other', NULL, 0, now())",
        "GRANT USAGE ON SCHEMA other TO PUBLIC",
        "GRANT SELECT ON other.customers TO PUBLIC",
        "CREATE ROLE nobody",
        "GRANT nobody TO app");
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static String read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(SQL)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  /** Until reads go to new for whoever is not out of scope. */
  private static void warm(Sidecar sidecar) throws SQLException {
    try (Connection usual = Pair.connect(sidecar)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                long before = Pair.queries(sidecar, "side=\"new\"");
                assertThat(read(usual)).isEqualTo("Given17 Family17");
                return Pair.queries(sidecar, "side=\"new\"") > before;
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c search_path=other",
        "-csearch_path=other",
        "--search-path=other",
        "-c geqo=off --SEARCH_PATH=other"
      })
  void optionsThatLeadElsewhereAreOlds(String options) throws Exception {
    try (Sidecar sidecar = pair.sidecar("RAMP", "100%", "random")) {
      warm(sidecar);
      try (Connection through = Pair.connect(sidecar, "options", options)) {
        for (int i = 0; i < 10; i++) {
          assertThat(read(through)).isEqualTo("Other");
        }
      }
      assertThat(Pair.queries(sidecar, "SESSION_SCOPE")).isEqualTo(10);
    }
  }

  @Test
  void aRoleOfTheStartUpHasItsOwnPrivileges() throws Exception {
    try (Sidecar sidecar = pair.sidecar("RAMP", "100%", "random")) {
      warm(sidecar);
      try (Connection through = Pair.connect(sidecar, "options", "-c role=nobody")) {
        for (int i = 0; i < 10; i++) {
          assertThatThrownBy(() -> read(through))
              .isInstanceOfSatisfying(
                  SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLE app", "DATABASE shop", "ROLE app IN DATABASE shop"})
  void aPathThatOldGivesItsSessionsIsOlds(String target) throws Exception {
    pair.old.execute("ALTER " + target + " SET search_path = other");
    try (Sidecar sidecar = pair.sidecar("RAMP", "100%", "random");
        Connection through = Pair.connect(sidecar)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                assertThat(read(through)).isEqualTo("Other");
                return Pair.queries(sidecar, "PRIVILEGES") > 3;
              });
    } finally {
      pair.old.execute("ALTER " + target + " RESET search_path");
    }
  }

  @Test
  void aTableInTheUsersOwnSchemaIsOlds() throws Exception {
    pair.old.executeIn(
        "shop",
        "CREATE SCHEMA app AUTHORIZATION app",
        "CREATE VIEW app.customers AS SELECT * FROM other.customers",
        "GRANT SELECT ON app.customers TO app");
    try (Sidecar sidecar = pair.sidecar("RAMP", "100%", "random");
        Connection through = Pair.connect(sidecar)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                assertThat(read(through)).isEqualTo("Other");
                return Pair.queries(sidecar, "PRIVILEGES") > 3;
              });
    } finally {
      pair.old.executeIn("shop", "DROP SCHEMA app CASCADE");
    }
  }
}
