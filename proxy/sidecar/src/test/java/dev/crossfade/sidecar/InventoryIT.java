package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import io.grpc.Status;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InventoryIT {
  private static final String BY_ID = "select email from customers where id = ?4";

  private static Pair pair;
  private SteeredSidecar steered;
  private SeenQueries seen;

  @BeforeAll
  static void startServers() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stopServers() throws Exception {
    pair.close();
  }

  @BeforeEach
  void start() throws Exception {
    steered = SteeredSidecar.start(pair);
    seen = new SeenQueries(steered.controlPlane);
  }

  @AfterEach
  void stop() throws Exception {
    steered.close();
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = Pair.connect(steered.sidecar, "preferQueryMode", "simple");
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private WireClient client() throws IOException {
    WireClient client = WireClient.connect("127.0.0.1", steered.sidecar.address().getPort());
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  @Test
  void everyStatementOnAMappedTableIsToldWithItsCountAndStatus() throws Exception {
    steered.use(Stage.STAGE_OFF);
    run(
        "SELECT email FROM customers WHERE id = 1",
        "select email from Customers where id=22",
        "SELECT ctid FROM customers WHERE id = 3",
        "UPDATE customers SET email = 'x' WHERE id = 4",
        "SELECT note FROM audit",
        "SELECT 1");
    seen.await(
        all ->
            all.isTranslated(BY_ID)
                && all.count(BY_ID) == 2
                && all.isRefused("select ctid from customers where id = ?4", "SYSTEM_COLUMN")
                && all.isTranslated("update customers set email = ?s where id = ?4"));
    assertThat(seen.last("select ctid from customers where id = ?4").getRefusal().getOffset())
        .isEqualTo("select ".length());
    assertThat(seen.last(BY_ID).getMigrationsList()).containsExactly("split-customers");
    assertThat(seen.last(BY_ID).getKind()).isEqualTo(QueryKind.QUERY_KIND_READ);
    assertThat(seen.timed(BY_ID, Side.SIDE_OLD)).isEqualTo(2);
    assertThat(seen.last("update customers set email = ?s where id = ?4").getKind())
        .isEqualTo(QueryKind.QUERY_KIND_WRITE);
    assertThat(seen.pages()).noneMatch(page -> page.toString().contains("audit"));
    assertThat(seen.pages().stream().mapToLong(InventoryPage::getUnmapped).sum())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void preparedStatementsAndPipelinesCountEveryExecution() throws Exception {
    steered.use(Stage.STAGE_OFF);
    try (Connection connection = Pair.connect(steered.sidecar, "prepareThreshold", "1")) {
      try (PreparedStatement read =
          connection.prepareStatement("SELECT email FROM customers WHERE id = ?")) {
        for (int i = 1; i <= 7; i++) {
          read.setLong(1, i);
          read.executeQuery();
        }
      }
      try (PreparedStatement write =
          connection.prepareStatement("UPDATE customers SET email = ? WHERE id = ?")) {
        for (int i = 1; i <= 20; i++) {
          write.setString(1, "batch");
          write.setLong(2, i);
          write.addBatch();
        }
        write.executeBatch();
      }
    }
    String read = "select email from customers where id = $1";
    String write = "update customers set email = $1 where id = $2";
    seen.await(all -> all.count(read) == 7 && all.count(write) == 20 && all.isTranslated(read));
    assertThat(seen.timed(read, Side.SIDE_OLD)).isEqualTo(7);
    assertThat(seen.timed(write, Side.SIDE_OLD)).isZero();
  }

  @Test
  void executionsBehindAFlushCount() throws Exception {
    steered.use(Stage.STAGE_OFF);
    try (WireClient client = client()) {
      client.send(Messages.parse("", "SELECT email FROM customers WHERE id = 5"), Messages.flush());
      client.read(1);
      client.send(Messages.bind("", ""), Messages.flush());
      client.read(1);
      client.exchange(Messages.execute("", 0), Messages.sync());
    }
    seen.await(all -> all.count(BY_ID) == 1);
  }

  @Test
  void answersOfNewHaveTheirOwnLatencies() throws Exception {
    steered.use(Stage.STAGE_RAMP);
    int runs = 0;
    while (Pair.queries(steered.sidecar, "side=\"new\"") < 5) {
      run("SELECT email FROM customers WHERE id = " + runs);
      runs++;
    }
    int all = runs;
    seen.await(told -> told.isTranslated(BY_ID) && told.count(BY_ID) == all);
    assertThat(seen.timed(BY_ID, Side.SIDE_NEW)).isEqualTo(5);
    assertThat(seen.timed(BY_ID, Side.SIDE_OLD)).isEqualTo(all - 5);
  }

  @Test
  void aPageIsSentAgainOnTheNextStreamAndNothingIsLost() throws Exception {
    steered.use(Stage.STAGE_OFF);
    run("SELECT email FROM customers WHERE id = 1", "SELECT email FROM customers WHERE id = 1");
    InventoryPage unacked = steered.controlPlane.page();
    run("SELECT email FROM customers WHERE id = 2");
    steered.controlPlane.endStream(Status.UNAVAILABLE);
    steered.controlPlane.hello();
    steered.controlPlane.heartbeat();
    assertThat(steered.controlPlane.page()).isEqualTo(unacked);
    steered.controlPlane.ackPage(unacked.getNumber());
    long first =
        unacked.getQueriesList().stream()
            .filter(query -> query.getText().equals(BY_ID))
            .mapToLong(query -> query.getCount())
            .sum();
    seen.await(all -> first + all.count(BY_ID) == 3);
    assertThat(seen.pages().getFirst().getNumber()).isEqualTo(unacked.getNumber() + 1);
    assertThat(seen.pages().getFirst().getIncarnation()).isEqualTo(unacked.getIncarnation());
  }

  @Test
  void noLiteralLeavesTheSidecar() throws Exception {
    steered.use(Stage.STAGE_OFF);
    String secret = "Xq7Secret";
    String number = "8675309";
    run(
        "SELECT email FROM customers WHERE full_name = '" + secret + "' AND id = " + number,
        "SELECT ctid FROM customers WHERE full_name = E'" + secret + "\\n' /* " + secret + " */",
        "SELECT pg_sleep(0), email FROM customers WHERE full_name = $t$" + secret + "$t$",
        "WITH a AS MATERIALIZED (SELECT * FROM customers WHERE id = " + number + ") TABLE a",
        "UPDATE customers SET email = '" + secret + "' WHERE id = " + number,
        "SELECT '" + secret + "' FROM customers; SELECT " + number,
        "EXPLAIN SELECT email FROM customers WHERE full_name = U&'" + secret + "'");
    for (String wrong :
        new String[] {
          "SELECT email FROM customers WHERE id = '" + secret + "'",
          "SELECT email FROM customers WHERE id = date '" + secret + "'",
          "SELECT email FROM customers WHERE id = = " + number + " '" + secret + "'"
        }) {
      assertThatThrownBy(() -> run(wrong)).isInstanceOf(SQLException.class);
    }
    run("SELECT email FROM customers WHERE id = 1");
    try (WireClient client = client()) {
      client.query("SELECT email FROM customers WHERE full_name = '" + secret + " OR " + number);
    }
    seen.await(
        all ->
            all.isTranslated(BY_ID)
                && all.isRefused("select email from customers where id = ?s", "OLD_REFUSED")
                && all.pages().stream().mapToLong(InventoryPage::getUnlisted).sum() == 1);
    assertThat(seen.last("select email from customers where id = ?s").getRefusal().getDetail())
        .isEqualTo("SQLSTATE 22P02");
    assertThat(seen.pages().stream().mapToInt(InventoryPage::getQueriesCount).sum())
        .isGreaterThanOrEqualTo(9);
    assertThat(seen.pages())
        .noneMatch(page -> page.toString().contains(secret) || page.toString().contains(number));
  }
}
