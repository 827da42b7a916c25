package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The load of pgbench in its three modes, message by message as it sends them, with reads of the
 * mapped table mixed in.
 */
class LoadModesIT {
  private static final int CLIENTS = 6;
  private static final int TRANSACTIONS = 150;
  private static final int ACCOUNTS = 1000;

  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    pair.old.executeIn(
        "shop",
        "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int NOT NULL DEFAULT"
            + " 0)",
        "INSERT INTO pgbench_accounts SELECT i, 1 FROM generate_series(1, " + ACCOUNTS + ") i",
        "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, tbalance int NOT NULL DEFAULT 0)",
        "INSERT INTO pgbench_tellers SELECT i FROM generate_series(1, 10) i",
        "CREATE TABLE pgbench_history (tid int, aid int, delta int, mtime timestamp)",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO app");
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  @ParameterizedTest
  @CsvSource({
    "SIMPLE,OFF,0%",
    "EXTENDED,OFF,0%",
    "PREPARED,OFF,0%",
    "SIMPLE,RAMP,50%",
    "EXTENDED,RAMP,50%",
    "PREPARED,RAMP,50%"
  })
  void everyTransactionCountsAndEveryReadIsRight(Mode mode, String stage, String reads)
      throws Exception {
    long before = balance();
    long moved = 0;
    try (Sidecar sidecar = pair.sidecar(stage, reads, "random");
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Long>> sums = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int seed = i;
        sums.add(clients.submit(() -> new Client(mode, seed, sidecar.address().getPort()).run()));
      }
      for (Future<Long> sum : sums) {
        moved += sum.get();
      }
      if (stage.equals("RAMP")) {
        assertThat(Pair.queries(sidecar, "side=\"new\"")).isPositive();
      }
    }
    assertThat(balance() - before).isEqualTo(moved);
  }

  private static long balance() throws SQLException {
    try (var connection = pair.old.connect("shop");
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT sum(abalance) FROM pgbench_accounts")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** {@code pgbench -M}. */
  enum Mode {
    SIMPLE,
    EXTENDED,
    PREPARED
  }

  /** One client of the load. */
  private static final class Client {
    private final Mode mode;
    private final Random random;
    private final int port;
    private final List<String> prepared = new ArrayList<>();

    Client(Mode mode, int seed, int port) {
      this.mode = mode;
      this.random = new Random(seed);
      this.port = port;
    }

    /** The sum of what it added to accounts. */
    long run() throws IOException {
      long sum = 0;
      try (WireClient client = WireClient.connect("127.0.0.1", port)) {
        client.login("shop", Pair.USER, Pair.PASSWORD);
        for (int i = 0; i < TRANSACTIONS; i++) {
          String account = Integer.toString(1 + random.nextInt(ACCOUNTS));
          String teller = Integer.toString(1 + random.nextInt(10));
          int delta = random.nextInt(10_001) - 5000;
          say(client, "BEGIN");
          say(
              client,
              "UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2",
              Integer.toString(delta),
              account);
          say(client, "SELECT abalance FROM pgbench_accounts WHERE aid = $1", account);
          say(
              client,
              "UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2",
              Integer.toString(delta),
              teller);
          say(
              client,
              "INSERT INTO pgbench_history (tid, aid, delta, mtime) VALUES ($1, $2, $3,"
                  + " CURRENT_TIMESTAMP)",
              teller,
              account,
              Integer.toString(delta));
          boolean rolledBack = i % 10 == 9;
          say(client, rolledBack ? "ROLLBACK" : "END");
          sum += rolledBack ? 0 : delta;
          int id = 1 + random.nextInt(Pair.CUSTOMERS);
          List<Frame> answer =
              say(client, "SELECT full_name FROM customers WHERE id = $1", Integer.toString(id));
          assertThat(FrameText.of(answer))
              .contains("D 'Given" + id + (id % 7 == 0 ? "'" : " Family" + id + "'"));
        }
      }
      return sum;
    }

    private List<Frame> say(WireClient client, String sql, String... values) throws IOException {
      List<Frame> answer =
          switch (mode) {
            case SIMPLE -> client.exchange(query(inserted(sql, values)));
            case EXTENDED ->
                client.exchange(
                    parse("", sql),
                    bind("", "", parameters(values)),
                    describePortal(""),
                    execute("", 0),
                    sync());
            case PREPARED -> executePrepared(client, sql, values);
          };
      assertThat(answer).as(sql).noneMatch(frame -> frame.type() == 'E');
      return answer;
    }

    private List<Frame> executePrepared(WireClient client, String sql, String... values)
        throws IOException {
      if (!prepared.contains(sql)) {
        prepared.add(sql);
        client.exchange(parse("P0_" + prepared.size(), sql), sync());
      }
      String name = "P0_" + (1 + prepared.indexOf(sql));
      return client.exchange(
          bind("", name, parameters(values)), describePortal(""), execute("", 0), sync());
    }

    private static Parameter[] parameters(String... values) {
      Parameter[] parameters = new Parameter[values.length];
      for (int i = 0; i < values.length; i++) {
        parameters[i] = Parameter.text(values[i]);
      }
      return parameters;
    }

    private static String inserted(String sql, String... values) {
      String text = sql;
      for (int i = 0; i < values.length; i++) {
        text = text.replace("$" + (i + 1), values[i]);
      }
      return text;
    }
  }
}
