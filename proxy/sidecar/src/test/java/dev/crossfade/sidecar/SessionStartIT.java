package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_NEW;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitCounted;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a name means to a session and what the session may do is decided before its first statement,
 * by the server, the role and the start-up packet. A session with old itself says what is right.
 */
class SessionStartIT {
  private static final String BYTES = "SELECT email::bytea FROM customers WHERE id = 17";

  /** Long enough for whatever a sidecar asks behind a session's back to be answered. */
  private static final Duration WATCHED = Duration.ofMillis(300);

  private static final Map<String, Scope> SCOPES = new LinkedHashMap<>();

  private static MarkedPair pair;

  /** What differs from a plain session, on the server and in the start-up packet. */
  private record Scope(String read, List<String> made, List<String> undone, String... startup) {}

  static {
    server(READ, "ALTER ROLE app SET search_path TO other", "ALTER ROLE app RESET ALL");
    server(READ, "ALTER DATABASE shop SET search_path TO other", "ALTER DATABASE shop RESET ALL");
    server(
        READ,
        "ALTER ROLE app IN DATABASE shop SET search_path TO other",
        "ALTER ROLE app IN DATABASE shop RESET ALL");
    server(READ, "ALTER ROLE ALL SET search_path TO other", "ALTER ROLE ALL RESET ALL");
    server(READ, "ALTER ROLE app SET role TO reader", "ALTER ROLE app RESET ALL");
    SCOPES.put(
        "a format of the role's own",
        new Scope(
            BYTES,
            List.of(
                "CREATE ROLE clerk LOGIN IN ROLE app",
                "ALTER ROLE clerk SET bytea_output TO escape"),
            List.of("DROP ROLE clerk"),
            "user",
            "clerk"));
    SCOPES.put(
        "a schema of the user's name",
        new Scope(
            READ,
            List.of(
                "CREATE SCHEMA app AUTHORIZATION app",
                "CREATE TABLE app.customers AS SELECT * FROM other.customers",
                "ALTER TABLE app.customers OWNER TO app"),
            List.of("DROP SCHEMA app CASCADE")));
    startup(READ, "search_path", "other");
    startup(READ, "Search_Path", "other");
    startup(READ, "options", "-c search_path=other");
    startup(READ, "options", "-csearch_path=other");
    startup(READ, "options", "--search-path=other");
    startup(READ, "options", "--search_path=other");
    startup(READ, "options", "-c geqo=off --Search-Path=other");
    startup(READ, "options", "-c search_path=other,\\ public");
    startup(READ, "role", "reader");
    startup(READ, "Role", "reader");
    startup(READ, "options", "-c role=reader");
    startup(READ, "options", "--role=reader");
    startup(BYTES, "bytea_output", "escape");
    startup(BYTES, "options", "-c bytea_output=escape");
    startup(BYTES, "options", "--bytea-output=escape");
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    pair.sides.old.execute("CREATE ROLE reader", "GRANT reader TO app");
    pair.sides.target.execute(
        "CREATE ROLE reader", "GRANT reader TO app", "GRANT pg_read_all_data TO reader");
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static void server(String read, String made, String undone) {
    SCOPES.put(made, new Scope(read, List.of(made), List.of(undone)));
  }

  private static void startup(String read, String name, String value) {
    SCOPES.put(name + "=" + value, new Scope(read, List.of(), List.of(), name, value));
  }

  static Stream<String> scopes() {
    return SCOPES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("scopes")
  void readsMeanWhatTheyMeanOnOld(String name) throws Exception {
    Scope scope = Objects.requireNonNull(SCOPES.get(name));
    String usual;
    try (Sidecar plain = pair.ramp();
        WireClient client = client(plain)) {
      awaitNew(plain, client);
      awaitCounted(plain, () -> client.query(scope.read));
      usual = FrameText.of(client.query(scope.read));
      if (scope.made.isEmpty()) {
        assertAsOnOld(plain, scope, usual);
      }
    }
    if (!scope.made.isEmpty()) {
      // What a sidecar knows of a role's settings may be half a minute old: this one knows nothing.
      inShop(scope.made);
      try (Sidecar own = pair.ramp()) {
        assertAsOnOld(own, scope, usual);
      } finally {
        inShop(scope.undone);
      }
    }
  }

  private static void assertAsOnOld(Sidecar sidecar, Scope scope, String usual) throws Exception {
    try (WireClient client = client(sidecar, scope.startup);
        WireClient direct = pair.direct(scope.startup)) {
      String expected = FrameText.of(direct.query(scope.read));
      assertThat(expected).isNotEqualTo(usual);
      long end = System.nanoTime() + WATCHED.toNanos();
      Await.until(
          "reads after the plan was made",
          () -> {
            assertThat(FrameText.of(client.query(scope.read))).isEqualTo(expected);
            return System.nanoTime() > end
                && Pair.queries(sidecar) > Pair.queries(sidecar, "PLAN_PENDING");
          });
    }
  }

  private static void inShop(List<String> sql) throws Exception {
    pair.sides.old.executeIn("shop", sql.toArray(String[]::new));
  }

  @Test
  void aSessionThatNewCannotServeIsNoFaultOfNew() throws Exception {
    pair.sides.old.execute(
        "CREATE ROLE only_old", "GRANT only_old TO app", "GRANT pg_read_all_data TO only_old");
    try (Sidecar own = pair.ramp();
        WireClient plain = client(own)) {
      awaitNew(own, plain);
      for (String[] parameters :
          List.of(
              new String[] {"role", "only_old"},
              new String[] {"options", "-c role=only_old"},
              new String[] {"options", "-c temp_tablespaces=''"},
              new String[] {"DateStyle", "German"})) {
        for (int i = 0; i < 4; i++) {
          try (WireClient client = client(own, parameters);
              WireClient direct = pair.direct(parameters)) {
            for (int read = 0; read < 5; read++) {
              assertThat(answer(client.query(READ))).isIn(OF_NEW, answer(direct.query(READ)));
            }
            assertThat(answer(client.query("SELECT current_user")))
                .isEqualTo(answer(direct.query("SELECT current_user")));
          }
        }
        assertThat(Pair.metric(own, "crossfade_circuit_open")).isZero();
        assertThat(answer(plain.query(READ))).isEqualTo(OF_NEW);
      }
    }
  }
}
