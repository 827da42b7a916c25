package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of Vert.x, which sends many statements before the first is answered. */
class VertxIT {
  private static final int CONNECTIONS = 3;
  private static final int QUERIES = 250;

  private static Pair pair;
  private static Vertx vertx;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    vertx = Vertx.vertx();
    pair.old.executeIn(
        "shop",
        "CREATE TABLE note (id int PRIMARY KEY, body text)",
        "ALTER TABLE note OWNER TO app");
  }

  @AfterAll
  static void stop() throws Exception {
    await(vertx.close());
    pair.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static PgConnectOptions options(int port, int pipelining, boolean cached) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setDatabase("shop")
            .setUser(Pair.USER)
            .setPassword(Pair.PASSWORD);
    options.setPipeliningLimit(pipelining);
    options.setCachePreparedStatements(cached);
    return options;
  }

  private static PgConnection connect(PgConnectOptions options) throws Exception {
    return await(PgConnection.connect(vertx, options));
  }

  private static String text(RowSet<Row> rows) {
    StringBuilder text = new StringBuilder();
    for (RowSet<Row> set = rows; set != null; set = set.next()) {
      text.append(set.columnsNames()).append(set.rowCount());
      for (Row row : set) {
        text.append(' ').append(row.deepToString());
      }
    }
    return text.toString();
  }

  /** The answer, or the error, of one of several statements that differ in size and shape. */
  private static Future<String> ask(PgConnection connection, int kind, int id) {
    Future<RowSet<Row>> answer =
        switch (kind) {
          case 0 ->
              connection
                  .preparedQuery("SELECT * FROM customers WHERE id = $1")
                  .execute(Tuple.of((long) id));
          case 1 ->
              connection
                  .preparedQuery("SELECT $1::int AS number, repeat($2, $1) AS text")
                  .execute(Tuple.of(id, "é"));
          case 2 -> connection.query("SELECT email FROM customers WHERE id = " + id).execute();
          case 3 ->
              connection
                  .preparedQuery("SELECT id, full_name FROM customers WHERE id < $1 ORDER BY id")
                  .execute(Tuple.of((long) id));
          case 4 ->
              connection
                  .preparedQuery("SELECT 1 / (id - $1) FROM customers WHERE id < 9 ORDER BY id")
                  .execute(Tuple.of((long) id % 12));
          case 5 -> connection.query("SELECT 'only old', " + id + "; SELECT 2").execute();
          default -> connection.query("SELECT nothing FROM customers").execute();
        };
    return answer.map(VertxIT::text).otherwise(Throwable::getMessage);
  }

  /** All asked at once, over few connections, in the order in which they were asked. */
  private static List<String> answers(PgConnectOptions options, long seed) throws Exception {
    List<PgConnection> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(connect(options));
    }
    Random random = new Random(seed);
    List<Future<String>> asked = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      asked.add(ask(connections.get(i % CONNECTIONS), random.nextInt(7), 1 + random.nextInt(450)));
    }
    List<String> answers = new ArrayList<>();
    for (Future<String> each : asked) {
      answers.add(await(each));
    }
    for (PgConnection connection : connections) {
      await(connection.close());
    }
    return answers;
  }

  @ParameterizedTest
  @CsvSource({
    "64, true, 0%",
    "1, false, 50%",
    "64, true, 50%",
    "1, true, 100%",
    "64, false, 100%",
    "64, true, 100%"
  })
  void everyAnswerIsItsOwn(int pipelining, boolean cached, String reads) throws Exception {
    List<String> direct = answers(options(pair.old.port(), pipelining, cached), 1);
    assertThat(direct).anyMatch(answer -> answer.contains("division by zero"));
    try (Sidecar sidecar = pair.sidecar("RAMP", reads, "random")) {
      PgConnectOptions options = options(sidecar.address().getPort(), pipelining, cached);
      Await.until(
          "answers of new",
          () -> {
            long before = MarkedPair.onNew(sidecar);
            assertThat(answers(options, 1)).isEqualTo(direct);
            return reads.equals("0%") || MarkedPair.onNew(sidecar) > before;
          });
      assertThat(answers(options, 1)).isEqualTo(direct);
    }
  }

  /** Batches, transactions, cursors and streams. */
  private static List<String> session(int port, int pipelining) throws Exception {
    List<String> seen = new ArrayList<>();
    PgConnection connection = connect(options(port, pipelining, true));
    await(connection.query("TRUNCATE note").execute());
    List<Tuple> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(Tuple.of(i, i % 5 == 0 ? null : "note " + i));
    }
    seen.add(
        text(
            await(
                connection
                    .preparedQuery("INSERT INTO note VALUES ($1, $2) RETURNING id")
                    .executeBatch(rows))));
    seen.add(
        await(
            connection
                .preparedQuery("INSERT INTO note VALUES ($1, $2)")
                .executeBatch(List.of(Tuple.of(900, "lost"), Tuple.of(1, "twice")))
                .map(VertxIT::text)
                .otherwise(Throwable::getMessage)));
    List<Tuple> keys = List.of(Tuple.of(3L), Tuple.of(499L), Tuple.of(7L));
    seen.add(
        text(
            await(
                connection
                    .preparedQuery("SELECT full_name, email FROM customers WHERE id = $1")
                    .executeBatch(keys))));
    var transaction = await(connection.begin());
    seen.add(await(ask(connection, 0, 17)));
    PreparedStatement all = await(connection.prepare("SELECT * FROM customers ORDER BY id"));
    var cursor = all.cursor();
    seen.add(text(await(cursor.read(3))));
    seen.add(await(ask(connection, 3, 5)));
    while (cursor.hasMore()) {
      seen.add(text(await(cursor.read(77))));
    }
    await(cursor.close());
    await(transaction.rollback());
    await(connection.query("BEGIN READ ONLY").execute());
    List<String> streamed = new ArrayList<>();
    var stream = all.createStream(50);
    var ended = io.vertx.core.Promise.<Void>promise();
    stream.exceptionHandler(ended::fail).endHandler(ended::tryComplete);
    stream.handler(row -> streamed.add(row.deepToString()));
    await(ended.future());
    seen.add(streamed.toString());
    await(connection.query("COMMIT").execute());
    seen.add(await(ask(connection, 0, 17)));
    await(connection.close());
    return seen;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void batchesTransactionsCursorsAndStreams(int pipelining) throws Exception {
    List<String> direct = session(pair.old.port(), pipelining);
    for (String reads : new String[] {"0%", "50%", "100%"}) {
      try (Sidecar sidecar = pair.sidecar("RAMP", reads, "random")) {
        for (int round = 0; round < 3; round++) {
          assertThat(session(sidecar.address().getPort(), pipelining))
              .as("%s, round %s", reads, round)
              .isEqualTo(direct);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void notificationsAmongReads(int pipelining) throws Exception {
    try (Sidecar sidecar = pair.sidecar("RAMP", "100%", "random")) {
      PgConnectOptions options = options(sidecar.address().getPort(), pipelining, true);
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      PgSubscriber subscriber = PgSubscriber.subscriber(vertx, options);
      await(subscriber.connect());
      var subscribed = io.vertx.core.Promise.<Void>promise();
      subscriber
          .channel("news")
          .subscribeHandler(ignored -> subscribed.complete())
          .handler(heard::add);
      await(subscribed.future());
      PgConnection connection = connect(options);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(connection.query("NOTIFY news, '" + i + "'").execute());
        all.add(ask(subscriber.actualConnection(), 0, 1 + i));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Integer.toString(i));
      }
      await(Future.all(all));
      await(subscriber.close());
      await(connection.close());
    }
  }
}
