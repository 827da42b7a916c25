package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What EXPLAIN CROSSFADE says is what then happens, and saying it changes nothing. */
class ExplainIT {
  private static final String BY_ID = "SELECT full_name FROM customers WHERE id = ";

  private static MarkedPair pair;
  private static Sidecar whole;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    whole = pair.sides.sidecar("RAMP", "100%", "session", CommandsIT.ENABLED);
  }

  @AfterAll
  static void stop() throws Exception {
    whole.close();
    pair.close();
  }

  private static Map<String, String> explain(WireClient client, String sql) throws Exception {
    return values(client.query("EXPLAIN CROSSFADE " + sql));
  }

  private static Map<String, String> values(List<Frame> frames) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Frame frame : frames) {
      assertThat(frame.type()).as("%s", frame).isNotEqualTo('E');
      if (frame.type() == 'D') {
        values.put(frame.text(0), frame.text(1));
      }
    }
    return values;
  }

  private static Map<String, String> values(ResultSet result) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    while (result.next()) {
      values.put(result.getString(1), result.getString(2));
    }
    return values;
  }

  @Test
  void aReadThatGoesToNew() throws Exception {
    try (WireClient client = MarkedPair.client(whole)) {
      Map<String, String> told =
          explain(client, "SELECT upper(email) FROM Customers WHERE id = 3;");
      assertThat(told)
          .containsEntry("statement", "READ")
          .containsEntry("tables", "customers")
          .containsEntry("migration", "split-customers")
          .containsEntry("fingerprint", "select upper ( email ) from customers where id = ?4")
          .containsEntry("side", "new")
          .containsEntry("reason", "IN_SHARE")
          .containsEntry("stage", "RAMP")
          .containsEntry("reads", "100%")
          .containsEntry("stickiness", "session");
      assertThat(Integer.parseInt(String.valueOf(told.get("bucket")))).isBetween(0, 99_999);
      assertThat(told.get("translated"))
          .startsWith("SELECT upper(email) FROM (")
          .contains("people")
          .endsWith(" WHERE id = 3");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "SELECT note FROM audit|READ|old|UNMAPPED||",
        "UPDATE customers SET email = version()|WRITE|old|NOT_A_READ|SERVER_DEPENDENT|30",
        "UPDATE customers SET nothing_such = 1|WRITE|old|NOT_A_READ|OLD_REFUSED|",
        "SELECT * FROM customers c JOIN audit a ON a.id ="
            + " c.id|READ|old|MIXED_TABLES|MIXED_TABLES|32",
        "SELECT  ctid FROM customers|READ|old|NOT_TRANSLATABLE|SYSTEM_COLUMN|9",
        "SELECT 'é', id FROM customers WHERE id = 1 FOR UPDATE SKIP"
            + " LOCKED|READ|old|NOT_A_READ|UNSUPPORTED_SYNTAX|48",
        "SELECT nothing_such FROM customers|READ|old|NOT_TRANSLATABLE|OLD_REFUSED|",
        "SHOW CROSSFADE.STATUS|CROSSFADE|sidecar|||",
        "BEGIN|BEGIN|old|UNMAPPED||"
      })
  void whatStaysOnOldAndWhy(
      String sql, String kind, String side, String reason, String refused, String position)
      throws Exception {
    try (WireClient client = MarkedPair.client(whole)) {
      Map<String, String> told = explain(client, sql);
      assertThat(told).containsEntry("statement", kind).containsEntry("side", side);
      assertThat(told.get("reason")).isEqualTo(reason);
      assertThat(told.get("refused")).isEqualTo(refused);
      assertThat(told.get("position")).isEqualTo(position);
      assertThat(told).doesNotContainKey("translated");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "UPDATE customers SET email = 'x' WHERE id = 3|WRITE",
        "INSERT INTO customers (id, full_name, created_at) VALUES (1, 'A B', now())|WRITE",
        "SELECT id FROM customers WHERE id = 1 FOR UPDATE|READ",
        "COPY customers TO STDOUT|COPY_TO"
      })
  void whatTheAuthorityDoesAndCouldDoOnNew(String sql, String kind) throws Exception {
    try (WireClient client = MarkedPair.client(whole)) {
      assertThat(explain(client, sql))
          .containsEntry("statement", kind)
          .containsEntry("side", "old")
          .containsEntry("reason", "NOT_A_READ")
          .containsEntry("migration", "split-customers")
          .containsEntry("live", "translated")
          .doesNotContainKeys("refused", "translated", "note");
    }
  }

  @Test
  void thePlaceOfARefusalIsThatInTheTextAtHand() throws Exception {
    try (WireClient client = MarkedPair.client(whole)) {
      assertThat(explain(client, "SELECT 'a secret', ctid FROM customers"))
          .containsEntry("position", "20")
          .containsEntry("near", "ctid");
      assertThat(explain(client, "SELECT  ''  ,\n ctid FROM customers"))
          .containsEntry("position", "16")
          .containsEntry("near", "ctid");
    }
  }

  @Test
  void literalsOfOthersAreNotShown() throws Exception {
    try (WireClient client = MarkedPair.client(whole);
        WireClient other = MarkedPair.client(whole)) {
      Map<String, String> first =
          explain(client, "SELECT email FROM customers WHERE id = 'a secret'");
      assertThat(first).containsEntry("refused", "OLD_REFUSED");
      Map<String, String> second = explain(other, "SELECT email FROM customers WHERE id = '17'");
      assertThat(second.toString()).doesNotContain("secret");
    }
  }

  @Test
  void itExecutesCountsAndMarksNothing() throws Exception {
    try (Sidecar own = pair.sides.sidecar("RAMP", "100%", "random", CommandsIT.ENABLED);
        WireClient client = MarkedPair.client(own)) {
      explain(client, MarkedPair.READ);
      explain(client, "UPDATE customers SET email = 'x' WHERE id = 3");
      explain(client, "DELETE FROM customers");
      explain(client, "WITH gone AS (DELETE FROM customers RETURNING id) SELECT * FROM gone");
      explain(client, "SET search_path = other");
      explain(client, "CREATE TEMP TABLE customers (id int)");
      assertThat(explain(client, MarkedPair.READ)).containsEntry("side", "new");
      assertThat(Pair.queries(own, "side=")).isZero();
      assertThat(MarkedPair.answer(client.query("SELECT count(*) FROM customers")))
          .isEqualTo(Integer.toString(Pair.CUSTOMERS));
      assertThat(Pair.queries(own, "UNMIRRORED_WRITE")).isZero();
    }
  }

  /** The next read, which EXPLAIN was asked about, and whether new gave its answer. */
  private static void assertAgrees(Map<String, String> told, String answer) {
    assertThat(told.get("side")).isEqualTo(answer.startsWith("NEW") ? "new" : "old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "random", "user"})
  void whatItSaysIsWhereTheNextReadGoes(String stickiness) throws Exception {
    try (Sidecar half = pair.sides.sidecar("RAMP", "50%", stickiness, CommandsIT.ENABLED)) {
      int onNew = 0;
      for (int session = 0; session < 12; session++) {
        try (WireClient client = MarkedPair.client(half)) {
          for (int read = 0; read < 3; read++) {
            Map<String, String> told = explain(client, MarkedPair.READ);
            explain(client, "SELECT email FROM customers");
            assertAgrees(told, MarkedPair.answer(client.query(MarkedPair.READ)));
            onNew += "new".equals(told.get("side")) ? 1 : 0;
            boolean in = Integer.parseInt(String.valueOf(told.get("bucket"))) < 50_000;
            assertThat(told.get("side")).isEqualTo(in ? "new" : "old");
          }
        }
      }
      if (!stickiness.equals("user")) {
        assertThat(onNew).isBetween(1, 35);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void theKeyOfAnEntityDecides(String mode) throws Exception {
    try (Sidecar half = pair.sides.sidecar("RAMP", "50%", "entity", CommandsIT.ENABLED);
        Connection connection =
            Pair.connect(
                half, "preferQueryMode", mode, "prepareThreshold", "2", "binaryTransfer", "true");
        PreparedStatement explained =
            connection.prepareStatement("EXPLAIN CROSSFADE " + BY_ID + "?");
        PreparedStatement read = connection.prepareStatement(BY_ID + "?")) {
      int onNew = 0;
      for (long id = 1; id <= 40; id++) {
        explained.setLong(1, id);
        read.setLong(1, id);
        try (ResultSet told = explained.executeQuery()) {
          Map<String, String> values = values(told);
          assertThat(values).containsEntry("entity", Long.toString(id));
          try (ResultSet answer = read.executeQuery()) {
            assertThat(answer.next()).isTrue();
            // Until its second use pgjdbc's own way of preparing keeps a statement on old.
            if (id > 3) {
              assertAgrees(values, answer.getString(1));
              onNew += "new".equals(values.get("side")) ? 1 : 0;
            }
          }
        }
      }
      assertThat(onNew).isBetween(5, 32);
    }
  }

  @Test
  void parametersAreDescribedAsOldInfersThem() throws Exception {
    try (WireClient client = MarkedPair.client(whole)) {
      List<Frame> described =
          client.exchange(
              Messages.parse("e", "EXPLAIN CROSSFADE " + BY_ID + "$1 AND full_name = $2"),
              Messages.describeStatement("e"),
              Messages.sync());
      assertThat(described.get(1).type()).isEqualTo('t');
      assertThat(described.get(1).body()).isEqualTo(new byte[] {0, 2, 0, 0, 0, 20, 0, 0, 0, 25});
      Map<String, String> told =
          values(
              client.exchange(
                  Messages.bind("", "e", Parameter.int8(5), Parameter.text("any")),
                  Messages.execute("", 0),
                  Messages.sync()));
      assertThat(told).containsEntry("side", "new");
    }
  }

  @Test
  void insideATransactionItSaysWhatHoldsThere() throws Exception {
    try (WireClient client = MarkedPair.client(whole)) {
      client.query("BEGIN");
      assertThat(explain(client, MarkedPair.READ)).containsEntry("reason", "IN_TRANSACTION");
      client.query("COMMIT");
      client.query("BEGIN READ ONLY");
      assertThat(explain(client, MarkedPair.READ)).containsEntry("side", "new");
      assertThat(MarkedPair.answer(client.query(MarkedPair.READ))).startsWith("NEW");
      client.query("COMMIT");
      client.query("SET search_path = other, public");
      assertThat(explain(client, MarkedPair.READ)).containsEntry("reason", "SESSION_STATE");
    }
    try (Connection connection = Pair.connect(whole)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement();
          ResultSet told = statement.executeQuery("EXPLAIN CROSSFADE " + MarkedPair.READ)) {
        assertThat(values(told)).containsEntry("reason", "IN_TRANSACTION");
      }
    }
  }

  @Test
  void whatCannotBePlannedInTimeIsPendingAndHoldsUpNobody() throws Exception {
    try (WireClient client = MarkedPair.client(whole);
        WireClient gone = MarkedPair.client(whole);
        WireClient other = MarkedPair.client(whole)) {
      pair.sides.target.freeze();
      try {
        gone.send(Messages.query("EXPLAIN CROSSFADE SELECT id, email FROM customers WHERE id = 1"));
        client.send(
            Messages.query("EXPLAIN CROSSFADE SELECT email, id FROM customers WHERE id = 1"),
            Messages.query("SELECT 'after'"));
        assertThat(MarkedPair.answer(other.query("SELECT 'meanwhile'"))).isEqualTo("meanwhile");
        gone.reset();
        assertThat(values(client.readUntilReady()))
            .containsEntry("side", "old")
            .containsEntry("reason", "PLAN_PENDING")
            .containsEntry("migration", "split-customers");
        assertThat(MarkedPair.answer(client.readUntilReady())).isEqualTo("after");
      } finally {
        pair.sides.target.thaw();
      }
    }
  }

  @Test
  void itAnswersInTheClientsEncoding() throws Exception {
    try (WireClient client = MarkedPair.client(whole, "client_encoding", "LATIN1")) {
      byte[] sql =
          "EXPLAIN CROSSFADE SELECT 'é', ctid FROM customers\0"
              .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      Map<String, String> told = values(client.exchange(Messages.raw('Q', sql)));
      assertThat(told).containsEntry("position", "13").containsEntry("near", "ctid");
    }
  }
}
