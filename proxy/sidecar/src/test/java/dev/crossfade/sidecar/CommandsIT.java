package dev.crossfade.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sidecar's own commands over real connections: answered as a server would answer. */
class CommandsIT {
  static final String ENABLED = "commands: {enabled: true}";
  private static final String STATUS = "SHOW CROSSFADE.STATUS";

  private static MarkedPair pair;
  private static Sidecar on;
  private static Sidecar off;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    on = pair.sides.sidecar("RAMP", "100%", "random", ENABLED);
    off = pair.sides.sidecar("RAMP", "100%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    on.close();
    off.close();
    pair.close();
  }

  static String types(List<Frame> frames) {
    return frames.stream().map(frame -> String.valueOf(frame.type())).collect(Collectors.joining());
  }

  static Frame last(List<Frame> frames) {
    return frames.getLast();
  }

  static Frame error(List<Frame> frames) {
    return frames.stream().filter(frame -> frame.type() == 'E').findFirst().orElseThrow();
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return rows(result);
    }
  }

  static List<List<String>> rows(ResultSet result) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        row.add(result.getString(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, String> status(Connection connection) throws SQLException {
    Map<String, String> values = new TreeMap<>();
    rows(connection, STATUS).forEach(row -> values.put(row.get(0), row.get(1)));
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void driversShowEverything(String mode) throws Exception {
    try (Connection connection =
        Pair.connect(on, "preferQueryMode", mode, "prepareThreshold", "2")) {
      for (int round = 0; round < 6; round++) {
        assertThat(status(connection))
            .containsEntry("service", "shop")
            .containsEntry("version", Version.text())
            .containsEntry("circuit_of_new", "closed")
            .containsEntry("control_plane", "none")
            .containsKeys("instance", "uptime_seconds", "snapshot_version", "heap_bytes");
        assertThat(rows(connection, "show Crossfade . migrations ;"))
            .containsExactly(
                java.util.Arrays.asList(
                    "split-customers",
                    "RAMP",
                    "100%",
                    "random",
                    "read-your-writes",
                    "async",
                    "old",
                    "yes",
                    "no",
                    null));
        assertThat(rows(connection, "SELECT 'between'")).containsExactly(List.of("between"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void aDriversTransactionMayBeginWithACommand(String mode) throws Exception {
    try (Connection connection = Pair.connect(on, "preferQueryMode", mode)) {
      connection.setAutoCommit(false);
      for (int round = 0; round < 8; round++) {
        assertThat(status(connection)).containsEntry("service", "shop");
        assertThat(rows(connection, "SELECT pg_current_xact_id_if_assigned() IS NULL")).hasSize(1);
        assertThat(status(connection)).containsEntry("service", "shop");
        connection.commit();
      }
    }
  }

  @Test
  void aDriverReadsARowAtATime() throws Exception {
    try (Connection connection = Pair.connect(on)) {
      connection.setAutoCommit(false);
      int all = rows(connection, STATUS).size();
      try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
        statement.setFetchSize(2);
        for (int round = 0; round < 7; round++) {
          try (ResultSet result = statement.executeQuery()) {
            assertThat(rows(result)).hasSize(all);
          }
        }
        statement.setMaxRows(3);
        try (ResultSet result = statement.executeQuery()) {
          assertThat(rows(result)).hasSize(3);
        }
      }
      connection.commit();
    }
  }

  @Test
  void routesAreCountedAndCommandsAreNot() throws Exception {
    try (Connection connection = Pair.connect(on)) {
      rows(connection, "SELECT 1");
      long batches = Pair.queries(on, "side=");
      List<List<String>> routes = rows(connection, "SHOW CROSSFADE.ROUTES");
      long shown =
          routes.stream()
              .filter(row -> row.get(0).equals("batches"))
              .mapToLong(row -> Long.parseLong(row.get(4)))
              .sum();
      assertThat(shown).isEqualTo(batches);
      assertThat(Pair.queries(on, "side=")).isEqualTo(batches);
      assertThat(routes).extracting(List::getFirst).contains("fallbacks", "plan_hits", "plans");
    }
  }

  @Test
  void simpleAnswersLookLikeAServers() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      List<Frame> frames =
          client.query("/* a /* nested */ tag */ -- line\n show crossfade.status;");
      assertThat(types(frames)).matches("TD+CZ");
      assertThat(frames.get(frames.size() - 2).tag()).isEqualTo("SHOW");
      assertThat(last(frames).status()).isEqualTo('I');
      client.query("BEGIN");
      assertThat(last(client.query(STATUS)).status()).isEqualTo('T');
      assertThat(last(client.query("COMMIT")).status()).isEqualTo('I');
    }
  }

  @Test
  void namedStatementsAndBinaryResults() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      List<Frame> prepared =
          client.exchange(
              Messages.parse("s", STATUS), Messages.describeStatement("s"), Messages.sync());
      assertThat(types(prepared)).isEqualTo("1tTZ");
      client.query("SELECT 1");
      List<Frame> text =
          client.exchange(
              Messages.bind("", "s"),
              Messages.describePortal(""),
              Messages.execute("", 0),
              Messages.sync());
      assertThat(types(text)).matches("2TD+CZ");
      List<Frame> binary =
          client.exchange(
              Messages.bind("p", "s", List.of(), List.of(1)),
              Messages.describePortal("p"),
              Messages.execute("p", 0),
              Messages.sync());
      assertThat(types(binary)).isEqualTo(types(text));
      assertThat(binary.get(2).values()[0]).isEqualTo("version".getBytes(UTF_8));
      byte[] described = binary.get(1).body();
      assertThat(described[described.length - 1]).isEqualTo((byte) 1);
      assertThat(types(client.exchange(Messages.closeStatement("s"), Messages.sync())))
          .isEqualTo("3Z");
      assertThat(error(client.exchange(Messages.bind("", "s"), Messages.sync())).sqlState())
          .as("closed, so old is asked, which never had it")
          .isEqualTo("26000");
    }
  }

  @Test
  void aPortalIsReadInParts() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      client.query("BEGIN");
      List<Frame> first =
          client.exchange(
              Messages.parse("", STATUS),
              Messages.bind("p", ""),
              Messages.execute("p", 3),
              Messages.sync());
      assertThat(types(first)).isEqualTo("12DDDsZ");
      client.exchange(Messages.parse("", "SELECT 1"), Messages.sync());
      List<Frame> rest = client.exchange(Messages.execute("p", 0), Messages.sync());
      assertThat(types(rest)).matches("D+CZ");
      client.query("COMMIT");
      assertThat(error(client.exchange(Messages.execute("p", 0), Messages.sync())).sqlState())
          .isEqualTo("34000");
    }
  }

  @Test
  void anUnnamedCommandEndsWithTheNextUnnamedStatement() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      client.exchange(Messages.parse("", STATUS), Messages.sync());
      client.query("SELECT 1");
      assertThat(error(client.exchange(Messages.bind("", ""), Messages.sync())).sqlState())
          .isEqualTo("26000");
      client.exchange(Messages.parse("", STATUS), Messages.sync());
      client.exchange(Messages.parse("", "SELECT 'other'"), Messages.sync());
      List<Frame> other =
          client.exchange(Messages.bind("", ""), Messages.execute("", 0), Messages.sync());
      assertThat(MarkedPair.answer(other)).isEqualTo("other");
    }
  }

  @Test
  void oldsFramesBeforeACommandAreAnsweredFirst() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      List<Frame> frames =
          client.exchange(
              Messages.closeStatement("none"),
              Messages.parse("b", "BEGIN"),
              Messages.bind("", "b"),
              Messages.execute("", 0),
              Messages.parse("", STATUS),
              Messages.bind("", ""),
              Messages.execute("", 2),
              Messages.sync());
      assertThat(types(frames)).isEqualTo("312C12DDsZ");
      assertThat(last(frames).status()).isEqualTo('T');
      List<Frame> failing =
          client.exchange(
              Messages.parse("", "SELECT nothing_such"),
              Messages.bind("", ""),
              Messages.execute("", 0),
              Messages.parse("c", STATUS),
              Messages.sync());
      assertThat(types(failing)).isEqualTo("EZ");
      assertThat(last(failing).status()).isEqualTo('E');
      assertThat(last(client.query("ROLLBACK")).status()).isEqualTo('I');
      assertThat(MarkedPair.answer(client.query("SELECT 'well'"))).isEqualTo("well");
    }
  }

  @Test
  void aSlowBatchBeforeIsAnsweredFirst() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      client.send(
          Messages.query("SELECT 'slow', pg_sleep(0.3)"),
          Messages.query(STATUS),
          Messages.parse("", STATUS),
          Messages.bind("", ""),
          Messages.execute("", 0),
          Messages.sync(),
          Messages.query("SELECT 'after'"));
      assertThat(MarkedPair.answer(client.readUntilReady())).isEqualTo("slow");
      assertThat(types(client.readUntilReady())).matches("TD+CZ");
      assertThat(types(client.readUntilReady())).matches("12D+CZ");
      assertThat(MarkedPair.answer(client.readUntilReady())).isEqualTo("after");
    }
  }

  @Test
  void framesCutShortAreOldsToRefuse() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      client.exchange(Messages.parse("s", STATUS), Messages.sync());
      for (char type : new char[] {'B', 'D', 'C', 'E'}) {
        List<Frame> refused = client.exchange(Messages.raw(type, new byte[0]), Messages.sync());
        assertThat(error(refused).sqlState()).as("%s", type).isEqualTo("08P01");
      }
    }
  }

  @Test
  void whatIsMoreThanACommandIsOlds() throws Exception {
    try (WireClient client = MarkedPair.client(on);
        WireClient direct = pair.direct()) {
      for (String sql :
          List.of(
              STATUS + "; SELECT 1",
              "SHOW \"CROSSFADE\".status",
              "EXPLAIN (VERBOSE) SELECT 1",
              "SHOW server_version",
              "SHOW")) {
        assertThat(client.query(sql)).as(sql).isEqualTo(direct.query(sql));
      }
    }
  }

  @Test
  void offByDefaultTheyAreOlds() throws Exception {
    try (WireClient client = MarkedPair.client(off);
        WireClient direct = pair.direct()) {
      for (String sql : List.of(STATUS, "EXPLAIN CROSSFADE SELECT 1", "SHOW CROSSFADE.x")) {
        List<Frame> answered = client.query(sql);
        assertThat(error(answered).sqlState()).as(sql).startsWith("42");
        assertThat(answered).as(sql).isEqualTo(direct.query(sql));
      }
    }
    try (Connection connection = Pair.connect(off)) {
      assertThatThrownBy(() -> rows(connection, STATUS)).isInstanceOf(SQLException.class);
    }
  }
}
