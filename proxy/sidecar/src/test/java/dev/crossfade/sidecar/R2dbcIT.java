package dev.crossfade.sidecar;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresTransactionDefinition;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The reactive client: what it asks for by fetch size it asks for by Flush, and a subscriber may
 * leave in the middle.
 */
class R2dbcIT {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final int ROUNDS = 2;
  private static final String POINT = "SELECT * FROM customers WHERE id = ";
  private static final String BY_ID = "SELECT full_name, email FROM customers WHERE id = $1";
  private static final String RANGE =
      "SELECT id, full_name, created_at FROM customers WHERE id <= $1 ORDER BY id";
  private static final String ALL = "SELECT id, email FROM customers ORDER BY id";

  /** Divides by zero at the tenth row. */
  private static final String FAILING =
      "SELECT id, 100 / (10 - id) FROM customers WHERE id < $1 ORDER BY id";

  private static final Map<String, Work> ROUTED = new LinkedHashMap<>();

  /** With a fetch size the driver asks by Flush, and such batches stay on old; or they write. */
  private static final Map<String, Work> ON_OLD = new LinkedHashMap<>();

  static {
    ROUTED.put("simple statements", R2dbcIT::simpleStatements);
    ROUTED.put("bound parameters", R2dbcIT::boundParameters);
    ROUTED.put("several bindings", R2dbcIT::severalBindings);
    ON_OLD.put("fetch size", R2dbcIT::fetchSize);
    ROUTED.put("read-only transaction", R2dbcIT::readOnlyTransaction);
    ROUTED.put("errors among rows", R2dbcIT::errorsAmongRows);
    ROUTED.put("subscriptions cancelled", R2dbcIT::subscriptionsCancelled);
    ROUTED.put("many at once", R2dbcIT::manyAtOnce);
    ON_OLD.put("batch", R2dbcIT::batch);
    ON_OLD.put("transaction with writes", R2dbcIT::transactionWithWrites);
  }

  private static Pair pair;
  private static LoopResources loops;
  private static Map<String, Sidecar> sidecars;

  /** Does something and notes all that comes of it. */
  private interface Work {
    void on(PostgresqlConnection connection, List<String> seen);
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    pair.old.executeIn(
        "shop",
        "CREATE TABLE note (id int PRIMARY KEY, body text)",
        "ALTER TABLE note OWNER TO app");
    loops = LoopResources.create("r2dbc", 2, true);
    sidecars = new LinkedHashMap<>();
    for (String reads : List.of("50%", "100%")) {
      sidecars.put(reads, pair.sidecar("RAMP", reads, "random"));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    loops.disposeLater(Duration.ZERO, BOUND).block(BOUND);
    for (Sidecar sidecar : sidecars.values()) {
      sidecar.close();
    }
    pair.close();
  }

  private static Sidecar sidecar(String reads) {
    return requireNonNull(sidecars.get(reads));
  }

  private static PostgresqlConnection connect(int port, boolean cached) {
    PostgresqlConnectionConfiguration configuration =
        PostgresqlConnectionConfiguration.builder()
            .host("127.0.0.1")
            .port(port)
            .database("shop")
            .username(Pair.USER)
            .password(Pair.PASSWORD)
            .preparedStatementCacheQueries(cached ? -1 : 0)
            .loopResources(loops)
            .build();
    return await(new PostgresqlConnectionFactory(configuration).create());
  }

  private static <T> T await(Mono<T> mono) {
    return mono.blockOptional(BOUND).orElseThrow();
  }

  private static void done(Mono<Void> mono) {
    mono.block(BOUND);
  }

  private static String text(Row row, RowMetadata metadata) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < metadata.getColumnMetadatas().size(); i++) {
      text.append(metadata.getColumnMetadata(i).getName()).append('=').append(row.get(i));
      text.append(' ');
    }
    return text.toString();
  }

  private static Flux<String> rows(Flux<PostgresqlResult> results) {
    return results.concatMap(result -> result.map(R2dbcIT::text));
  }

  private static Flux<String> rows(PostgresqlStatement statement) {
    return rows(statement.execute());
  }

  /** The rows, then how they ended. */
  private static Mono<List<String>> all(Flux<String> rows) {
    return rows.concatWithValues("end")
        .onErrorResume(error -> Flux.just(message(error)))
        .collectList();
  }

  private static String message(Throwable error) {
    return error instanceof R2dbcException known
        ? known.getSqlState() + " " + known.getMessage()
        : error.toString();
  }

  private static void note(Flux<String> rows, List<String> seen) {
    seen.addAll(await(all(rows)));
  }

  private static void simpleStatements(PostgresqlConnection connection, List<String> seen) {
    for (int id = 1; id < 30; id += 4) {
      note(rows(connection.createStatement(POINT + id)), seen);
    }
    note(rows(connection.createStatement(ALL)), seen);
    note(rows(connection.createStatement("SELECT nothing FROM customers")), seen);
    note(rows(connection.createStatement("SELECT 1 AS one; SELECT 'two' AS two")), seen);
  }

  private static void boundParameters(PostgresqlConnection connection, List<String> seen) {
    for (long id = 1; id < 30; id += 4) {
      note(rows(connection.createStatement(BY_ID).bind("$1", id)), seen);
      note(rows(connection.createStatement(RANGE).bind("$1", id)), seen);
      note(rows(connection.createStatement(BY_ID).bindNull("$1", Long.class)), seen);
      note(
          rows(
              connection
                  .createStatement("SELECT $1::text AS text, $2::numeric + 1 AS number")
                  .bind("$1", "é'" + id)
                  .bind("$2", new java.math.BigDecimal("1.25"))),
          seen);
    }
  }

  private static void severalBindings(PostgresqlConnection connection, List<String> seen) {
    PostgresqlStatement statement = connection.createStatement(BY_ID);
    for (long id = 1; id < 20; id++) {
      statement.bind("$1", id).add();
    }
    note(rows(statement.bind("$1", 499L)), seen);
  }

  private static void fetchSize(PostgresqlConnection connection, List<String> seen) {
    for (int size : new int[] {1, 7, 100, 1000}) {
      long last = size == 1 ? 9 : 300;
      note(rows(connection.createStatement(RANGE).bind("$1", last).fetchSize(size)), seen);
    }
    note(rows(connection.createStatement(ALL).fetchSize(100)), seen);
  }

  private static void readOnlyTransaction(PostgresqlConnection connection, List<String> seen) {
    done(connection.beginTransaction(PostgresTransactionDefinition.mutability(false)));
    note(rows(connection.createStatement(POINT + 17)), seen);
    note(rows(connection.createStatement(BY_ID).bind("$1", 18L)), seen);
    note(rows(connection.createStatement(RANGE).bind("$1", 60L).fetchSize(25)), seen);
    done(connection.commitTransaction());
    seen.add(connection.isAutoCommit() + " " + connection.getTransactionIsolationLevel());
    done(connection.beginTransaction(PostgresTransactionDefinition.mutability(false)));
    note(rows(connection.createStatement(BY_ID).bind("$1", 18L)), seen);
    note(rows(connection.createStatement("DELETE FROM note RETURNING id")), seen);
    note(rows(connection.createStatement(BY_ID).bind("$1", 18L)), seen);
    done(connection.rollbackTransaction());
    note(rows(connection.createStatement(POINT + 17)), seen);
  }

  private static void transactionWithWrites(PostgresqlConnection connection, List<String> seen) {
    done(connection.beginTransaction());
    note(rows(connection.createStatement("DELETE FROM note")), seen);
    PostgresqlStatement insert =
        connection.createStatement("INSERT INTO note VALUES ($1, $2) RETURNING id");
    for (int i = 0; i < 20; i++) {
      insert.bind("$1", i).bind("$2", "note " + i).add();
    }
    note(rows(insert.bind("$1", 20).bindNull("$2", String.class)), seen);
    done(connection.createSavepoint("before"));
    PostgresqlStatement twice = connection.createStatement("INSERT INTO note VALUES ($1, 'x')");
    note(rows(twice.bind("$1", 50).add().bind("$1", 3).add().bind("$1", 51)), seen);
    note(rows(connection.createStatement(POINT + 17)), seen);
    done(connection.rollbackTransactionToSavepoint("before"));
    note(rows(connection.createStatement(BY_ID).bind("$1", 18L)), seen);
    note(rows(connection.createStatement("SELECT * FROM note ORDER BY id").fetchSize(8)), seen);
    done(connection.commitTransaction());
    note(rows(connection.createStatement("SELECT count(*) FROM note")), seen);
  }

  private static void batch(PostgresqlConnection connection, List<String> seen) {
    for (String second : List.of("SELECT 2 AS two", "SELECT nothing FROM customers")) {
      note(
          rows(connection.createBatch().add(POINT + 3).add(second).add(POINT + 4).execute()), seen);
    }
    note(rows(connection.createBatch().add(POINT + 3).execute()), seen);
  }

  private static void errorsAmongRows(PostgresqlConnection connection, List<String> seen) {
    for (int size : new int[] {0, 1, 4, 100}) {
      for (long below : new long[] {9, 30}) {
        note(rows(connection.createStatement(FAILING).bind("$1", below).fetchSize(size)), seen);
        note(rows(connection.createStatement(BY_ID).bind("$1", below)), seen);
      }
    }
    note(rows(connection.createStatement(FAILING.replace("$1", "30"))), seen);
  }

  /** Without a fetch size the client reads on and throws away, with one it closes the portal. */
  private static void subscriptionsCancelled(PostgresqlConnection connection, List<String> seen) {
    for (int size : new int[] {0, 2, 50}) {
      for (int taken : new int[] {1, 2, 3, 55}) {
        PostgresqlStatement bound = connection.createStatement(RANGE).bind("$1", 400L);
        note(rows(bound.fetchSize(size)).take(taken), seen);
        note(rows(connection.createStatement(BY_ID).bind("$1", (long) taken)), seen);
        note(rows(connection.createStatement(ALL).fetchSize(size)).take(taken), seen);
        note(rows(connection.createStatement(POINT + taken)), seen);
      }
    }
  }

  private static void manyAtOnce(PostgresqlConnection connection, List<String> seen) {
    List<Mono<List<String>>> asked = new ArrayList<>();
    for (long id = 1; id <= 60; id++) {
      PostgresqlStatement statement =
          switch ((int) id % 5) {
            case 0 -> connection.createStatement(POINT + id);
            case 1 -> connection.createStatement(RANGE).bind("$1", id).fetchSize(10);
            case 2 -> connection.createStatement("SELECT $1 AS own").bind("$1", "row " + id);
            case 3 -> connection.createStatement(FAILING).bind("$1", id);
            default -> connection.createStatement(BY_ID).bind("$1", id);
          };
      asked.add(all(rows(statement)));
    }
    await(Flux.mergeSequential(asked, asked.size(), 1).collectList()).forEach(seen::addAll);
  }

  private static List<String> seen(int port, boolean cached, Work work) {
    PostgresqlConnection connection = connect(port, cached);
    try {
      List<String> seen = new ArrayList<>();
      work.on(connection, seen);
      return seen;
    } finally {
      done(connection.close());
    }
  }

  private static Stream<Arguments> each(Map<String, Work> works) {
    return works.keySet().stream()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, "50%", true),
                    Arguments.of(name, "50%", false),
                    Arguments.of(name, "100%", true),
                    Arguments.of(name, "100%", false)));
  }

  static Stream<Arguments> routed() {
    return each(ROUTED);
  }

  static Stream<Arguments> onOld() {
    return each(ON_OLD);
  }

  @ParameterizedTest
  @MethodSource("routed")
  void sameFromNew(String name, String reads, boolean cached) {
    Work work = requireNonNull(ROUTED.get(name));
    Sidecar sidecar = sidecar(reads);
    List<String> direct = seen(pair.old.port(), cached, work);
    long before = MarkedPair.onNew(sidecar);
    Await.until(
        "answers of new",
        BOUND,
        () -> {
          assertThat(seen(sidecar.address().getPort(), cached, work)).isEqualTo(direct);
          return MarkedPair.onNew(sidecar) > before;
        });
    for (int round = 1; round < ROUNDS; round++) {
      assertThat(seen(sidecar.address().getPort(), cached, work)).isEqualTo(direct);
    }
  }

  @ParameterizedTest
  @MethodSource("onOld")
  void sameFromOld(String name, String reads, boolean cached) {
    Work work = requireNonNull(ON_OLD.get(name));
    List<String> direct = seen(pair.old.port(), cached, work);
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(seen(sidecar(reads).address().getPort(), cached, work)).isEqualTo(direct);
    }
  }

  @Test
  void aRequestToCancelReachesTheRunningStatement() throws Exception {
    InetSocketAddress address = sidecar("100%").address();
    PostgresqlConnection connection = connect(address.getPort(), true);
    try {
      CompletableFuture<@Nullable List<String>> sleeping =
          all(rows(connection.createStatement("SELECT pg_sleep($1)").bind("$1", 60.0))).toFuture();
      Await.until("the statement to run", () -> OneServer.sleepers(pair.old) == 1);
      done(connection.cancelRequest());
      assertThat(sleeping.get(BOUND.toSeconds(), TimeUnit.SECONDS))
          .containsExactly("57014 canceling statement due to user request");
      List<String> after = new ArrayList<>();
      note(rows(connection.createStatement(BY_ID).bind("$1", 17L)), after);
      assertThat(after).containsExactly("full_name=Given17 Family17 email=c17@example.org ", "end");
    } finally {
      done(connection.close());
    }
  }
}
