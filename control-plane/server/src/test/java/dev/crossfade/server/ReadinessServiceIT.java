package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.LatencyBucket;
import dev.crossfade.api.v1.LatencyHistogram;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.api.v1.SeenQuery;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.TranslationRefusal;
import dev.crossfade.api.v1.TranslationStatus;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.QueryStore;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessServiceIT {
  private static final int PAGE = 200;

  private Database.Login login;
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    login = TestDatabases.create();
    replica = Replica.start(login);
    replica.apply("orders");
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private ScriptedSidecar sidecar(String service, String instance) throws Exception {
    ScriptedSidecar sidecar =
        ScriptedSidecar.connect(replica.channel()).hello(service, instance, 0);
    sidecar.snapshot();
    return sidecar;
  }

  private static InventoryPage page(String incarnation, long number, SeenQuery... queries) {
    return InventoryPage.newBuilder()
        .setIncarnation(incarnation)
        .setNumber(number)
        .addAllQueries(List.of(queries))
        .build();
  }

  private static SeenQuery.Builder read(String text, int count) {
    return SeenQuery.newBuilder()
        .setText(text)
        .addMigrations("orders")
        .setKind(QueryKind.QUERY_KIND_READ)
        .setStatus(TranslationStatus.TRANSLATION_STATUS_TRANSLATED)
        .setCount(count)
        .setLastSeen(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() - 60));
  }

  private static LatencyHistogram latency(Side side, long micros, long count) {
    return LatencyHistogram.newBuilder()
        .setSide(side)
        .addBuckets(LatencyBucket.newBuilder().setUpperMicros(micros).setCount(count))
        .build();
  }

  private Readiness readiness(ReadinessRequest.Builder request) {
    return ReadinessServiceGrpc.newBlockingStub(replica.channel())
        .getReadiness(request.setMigration("orders").build());
  }

  private Readiness readiness() {
    return readiness(ReadinessRequest.newBuilder().setLimit(1000));
  }

  @Test
  void aPageCountsOnceHoweverOftenItComes() throws Exception {
    ScriptedSidecar sidecar = sidecar("shop", "pod-1");
    InventoryPage first = page("a", 1, read("select 1", 5).build());
    assertThat(sidecar.inventory(first)).isEqualTo(1);
    assertThat(sidecar.inventory(first)).isEqualTo(1);
    assertThat(sidecar("shop", "pod-1").inventory(first)).isEqualTo(1);
    ScriptedSidecar restarted = sidecar("shop", "pod-1");
    assertThat(restarted.inventory(page("b", 1, read("select 1", 2).build()))).isEqualTo(1);
    assertThat(restarted.inventory(page("b", 2, read("select 1", 1).build()))).isEqualTo(2);
    assertThat(readiness().getReads().getExecutions()).isEqualTo(8);
    assertThat(readiness().getReads().getFingerprints()).isEqualTo(1);
  }

  @Test
  void countsAndLatenciesAddUpOverInstancesAndTheNewestStatusStands() throws Exception {
    SeenQuery.Builder query = read("select a from orders", 3);
    sidecar("shop", "pod-1")
        .inventory(page("a", 1, query.addLatencies(latency(Side.SIDE_OLD, 100, 3)).build()));
    sidecar("shop", "pod-2")
        .inventory(
            page(
                "b",
                1,
                read("select a from orders", 1)
                    .setStatus(TranslationStatus.TRANSLATION_STATUS_REFUSED)
                    .setRefusal(
                        TranslationRefusal.newBuilder()
                            .setCode("CLOCK")
                            .setOffset(7)
                            .setDetail("a"))
                    .addLatencies(latency(Side.SIDE_OLD, 9_000, 1))
                    .addLatencies(latency(Side.SIDE_NEW, 50, 1))
                    .build()));
    sidecar("billing", "pod-1").inventory(page("c", 1, read("select a from orders", 10).build()));
    Readiness readiness = readiness(ReadinessRequest.newBuilder().setService("shop").setLimit(10));
    Query merged = readiness.getQueries(0);
    assertThat(readiness.getQueriesCount()).isEqualTo(1);
    assertThat(merged.getExecutions()).isEqualTo(4);
    assertThat(merged.getOnOld().getCount()).isEqualTo(4);
    assertThat(merged.getOnOld().getP50Micros()).isBetween(100L, 125L);
    assertThat(merged.getOnOld().getP99Micros()).isBetween(9_000L, 11_250L);
    assertThat(merged.getOnNew().getCount()).isEqualTo(1);
    assertThat(merged.getRefusal().getCode()).isEqualTo("CLOCK");
    assertThat(merged.getRefusal().getOffset()).isEqualTo(7);
    assertThat(readiness().getReads().getFingerprints()).isEqualTo(2);
  }

  @Test
  void theStatementsSeenLastAreKeptWhenThereAreTooMany() throws Exception {
    ScriptedSidecar sidecar = sidecar("shop", "pod-1");
    long begin = Instant.now().getEpochSecond() - 100_000;
    int all = QueryStore.PER_MIGRATION + PAGE / 2;
    for (int from = 0, number = 1; from < all; from += PAGE, number++) {
      SeenQuery[] queries =
          IntStream.range(from, Math.min(from + PAGE, all))
              .mapToObj(
                  i ->
                      read("select c" + i + " from orders", 1)
                          .setLastSeen(Timestamp.newBuilder().setSeconds(begin + i))
                          .build())
              .toArray(SeenQuery[]::new);
      sidecar.inventory(page("a", number, queries));
    }
    Readiness readiness = readiness();
    assertThat(readiness.getReads().getFingerprints()).isEqualTo(QueryStore.PER_MIGRATION);
    assertThat(readiness.getEvicted()).isEqualTo(PAGE / 2);
    assertThat(readiness.getQueriesCount()).isEqualTo(1_000);
    assertThat(readiness.getLeftOut()).isEqualTo(QueryStore.PER_MIGRATION - 1_000);
    sidecar.inventory(page("a", 1_000, read("select c0 from orders", 1).build()));
    assertThat(readiness().getEvicted()).isEqualTo(PAGE / 2 + 1);
  }

  @Test
  void whatIsNotSeenForAMonthIsForgotten() throws Exception {
    ScriptedSidecar sidecar = sidecar("shop", "pod-1");
    sidecar.inventory(page("a", 1, read("select 1", 1).build(), read("select 2.0", 1).build()));
    try (Connection connection =
            DriverManager.getConnection(login.jdbcUrl(), login.user(), login.password());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE crossfade_control.query SET last_seen = now() - interval '31 days' WHERE text ="
              + " 'select 1'");
    }
    try (Database database = Database.open(login)) {
      new QueryStore(database.pool()).forgetLongUnseen();
    }
    assertThat(readiness().getQueriesList())
        .extracting(Query::getText)
        .containsExactly("select 2.0");
  }

  @Test
  void pagesOfManySidecarsAtOnceAreAllCounted() throws Exception {
    int sidecars = 8;
    int pages = 6;
    try (ExecutorService pool = Executors.newFixedThreadPool(sidecars)) {
      List<Future<?>> running =
          IntStream.range(0, sidecars)
              .<Future<?>>mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            ScriptedSidecar sidecar = sidecar("shop", "pod-" + i);
                            for (int number = 1; number <= pages; number++) {
                              // Each in another order: what is stored has one.
                              SeenQuery[] queries = new SeenQuery[20];
                              for (int q = 0; q < queries.length; q++) {
                                queries[q] =
                                    read("select q" + (q * 7 + i) % queries.length, 1).build();
                              }
                              sidecar.inventory(page("a", number, queries));
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> future : running) {
        future.get();
      }
    }
    Readiness readiness = readiness();
    assertThat(readiness.getReads().getFingerprints()).isEqualTo(20);
    assertThat(readiness.getReads().getExecutions()).isEqualTo(20L * sidecars * pages);
  }

  @Test
  void whatIsOutOfRangeIsCutAndUnknownMigrationsAreLeftOut() throws Exception {
    ScriptedSidecar sidecar = sidecar("shop", "pod-1");
    sidecar.inventory(
        InventoryPage.newBuilder()
            .setIncarnation("a")
            .setNumber(1)
            .setUnmapped(7)
            .setUnlisted(-3)
            .addQueries(read("select " + "x".repeat(9_000), 1))
            .addQueries(read("select 1 from nothing", 1).clearMigrations().addMigrations("none"))
            .addQueries(read("select 2 \0", -5))
            .build());
    Readiness readiness = readiness();
    assertThat(readiness.getReads().getFingerprints()).isEqualTo(1);
    assertThat(readiness.getReads().getExecutions()).isZero();
    assertThat(readiness.getUnlisted(0).getUnmapped()).isEqualTo(7);
    assertThat(readiness.getUnlisted(0).getUnlisted()).isZero();
    sidecar.send(SidecarMessage.newBuilder().setInventory(page("", 0)).build());
    assertThat(sidecar.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void mistakenRequestsAreRefused() {
    assertThatThrownBy(() -> readiness(ReadinessRequest.newBuilder().setLimit(1_001)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("give 0 to 1000");
    assertThatThrownBy(
            () ->
                ReadinessServiceGrpc.newBlockingStub(replica.channel())
                    .getReadiness(ReadinessRequest.newBuilder().setMigration("none").build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("NOT_FOUND");
  }
}
