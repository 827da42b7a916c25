package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.ForgetMismatchesRequest;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.ListMismatchesRequest;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.MismatchSample;
import dev.crossfade.api.v1.QueryFigures;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.RoutedCount;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.SideSignals;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SignalServiceGrpc;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.SignalsRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Verdict;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.server.store.Database;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports of sidecars at two control planes on one database. */
class SignalServiceIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String QUERY = "00112233445566ff";

  private Database.Login login;
  private Replica one;
  private Replica two;

  @BeforeEach
  void start() throws Exception {
    login = TestDatabases.create();
    one = Replica.start(login);
    two = Replica.start(login);
    one.apply("orders");
    // The other one hears of it a moment later.
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> signals(two).getMigration().equals("orders"));
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  private static SignalServiceGrpc.SignalServiceBlockingStub service(Replica replica) {
    return SignalServiceGrpc.newBlockingStub(replica.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static Signals signals(Replica replica) {
    return service(replica)
        .getSignals(
            SignalsRequest.newBuilder().setMigration("orders").setQueries(10).setPoints(5).build());
  }

  private static ScriptedSidecar sidecar(Replica replica, String instance) throws Exception {
    ScriptedSidecar sidecar = ScriptedSidecar.connect(replica.channel()).hello("shop", instance, 0);
    sidecar.snapshot();
    return sidecar;
  }

  private static void report(ScriptedSidecar sidecar, Report report) {
    sidecar.send(SidecarMessage.newBuilder().setReport(report).build());
  }

  private static MigrationSignals.Builder answers(long onOld, long onNew) {
    return MigrationSignals.newBuilder()
        .setMigration("orders")
        .setOnOld(side(onOld))
        .setOnNew(side(onNew));
  }

  private static SideSignals side(long answers) {
    return SideSignals.newBuilder()
        .setAnswers(answers)
        .addLatencies(LatencyStep.newBuilder().setStep(20).setCount(answers))
        .build();
  }

  private static void soon(ThrowingRunnable asserted) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(100)).untilAsserted(asserted);
  }

  @Test
  void whatComesToOneIsKnownToBothAndOutlivesThem() throws Exception {
    report(sidecar(one, "a"), Report.newBuilder().addSignals(answers(10, 1)).build());
    report(
        sidecar(two, "b"),
        Report.newBuilder()
            .addSignals(
                answers(5, 2)
                    .setMirror(
                        MirrorSignals.newBuilder()
                            .setPending(7)
                            .setLag(com.google.protobuf.Duration.newBuilder().setNanos(50_000_000))
                            .setDeadLetters(1))
                    .addQueries(
                        QuerySignals.newBuilder()
                            .setQuery(QUERY)
                            .setText("select 1")
                            .setOnOld(side(5))))
            .build());
    for (Replica replica : List.of(one, two)) {
      soon(
          () -> {
            Signals now = signals(replica);
            assertThat(now.getTotalOnOld()).isEqualTo(15);
            assertThat(now.getTotalOnNew()).isEqualTo(3);
            assertThat(now.getOnOld().getAnswers()).isEqualTo(15);
            assertThat(now.getQueriesList())
                .extracting(QueryFigures::getText)
                .containsExactly("select 1");
          });
    }
    one.close();
    two.close();
    one = Replica.start(login);
    two = Replica.start(login);
    for (Replica replica : List.of(one, two)) {
      Signals again = signals(replica);
      assertThat(again.getTotalOnOld()).isEqualTo(15);
      assertThat(again.getTotalOnNew()).isEqualTo(3);
      // What was there before is no news.
      assertThat(again.getOnOld().getAnswers()).isZero();
      assertThat(again.getQueries(0).getOnOld().getAnswers()).isEqualTo(5);
    }
    report(sidecar(one, "a"), Report.newBuilder().addSignals(answers(1, 1)).build());
    for (Replica replica : List.of(one, two)) {
      soon(() -> assertThat(signals(replica).getTotalOnOld()).isEqualTo(16));
    }
  }

  @Test
  void processesThatAreGoneAreAddedUpAndNothingIsCountedTwice() throws Exception {
    report(sidecar(one, "a"), Report.newBuilder().addSignals(answers(10, 1)).build());
    report(sidecar(two, "b"), Report.newBuilder().addSignals(answers(5, 2)).build());
    soon(() -> assertThat(signals(one).getTotalOnOld()).isEqualTo(15));
    soon(() -> assertThat(signals(two).getTotalOnOld()).isEqualTo(15));
    one.close();
    two.close();
    TestDatabases.execute(
        login.jdbcUrl(),
        "UPDATE crossfade_control.signal SET written_at = now() - interval '2 hours'");
    one = Replica.start(login);
    two = Replica.start(login);
    for (Replica replica : List.of(one, two)) {
      assertThat(signals(replica).getTotalOnOld()).isEqualTo(15);
      assertThat(signals(replica).getTotalOnNew()).isEqualTo(3);
    }
    TestDatabases.execute(
        login.jdbcUrl(),
        "DO $$ BEGIN ASSERT (SELECT array_agg(replica) = '{\"\"}' FROM crossfade_control.signal);"
            + " END $$");
  }

  @Test
  void nonsenseIsCutOffAndTheStreamGoesOn() throws Exception {
    ScriptedSidecar sidecar = sidecar(one, "a");
    Report.Builder report = Report.newBuilder();
    report.addSignals(answers(1, 1).setMigration("nobody"));
    report.addSignals(
        answers(-7, 3)
            .addQueries(QuerySignals.newBuilder().setQuery("DROP TABLE").setOnOld(side(1)))
            .addVerdicts(VerdictCount.newBuilder().setVerdictValue(77).setCount(1)));
    report.addSignals(answers(1_000, 1_000));
    report.addRouted(
        RoutedCount.newBuilder()
            .setMigration("orders")
            .setSide(Side.SIDE_NEW)
            .setReason("BECAUSE")
            .setCount(5));
    report.addMismatches(mismatch(Verdict.VERDICT_MATCH, "a"));
    report.addMismatches(mismatch(Verdict.VERDICT_VALUE, "a").toBuilder().setMigration("x"));
    report(sidecar, report.build());
    // Over the limit of a report, though not of a message.
    report(
        sidecar,
        Report.newBuilder()
            .addSignals(answers(99, 99))
            .addMismatches(
                mismatch(Verdict.VERDICT_VALUE, "a").toBuilder().setText("x".repeat(300_000)))
            .build());
    report(sidecar, Report.newBuilder().addSignals(answers(2, 0)).build());
    soon(() -> assertThat(signals(one).getTotalOnOld()).isEqualTo(2));
    Signals now = signals(one);
    assertThat(now.getTotalOnNew()).isEqualTo(3);
    assertThat(now.getQueriesList()).isEmpty();
    assertThat(now.getRoutableReads()).isZero();
    assertThat(now.getReporting()).isEqualTo(1);
    assertThat(mismatches(one)).isEmpty();
  }

  @Test
  void whoHasReportedAndCeasesToIsSilent() throws Exception {
    ScriptedSidecar sidecar = sidecar(one, "a");
    report(sidecar, Report.newBuilder().addSignals(answers(1, 0)).build());
    soon(() -> assertThat(signals(one).getReporting()).isEqualTo(1));
    soon(
        () -> {
          assertThat(signals(one).getReporting()).isZero();
          assertThat(signals(one).getSilent()).isEqualTo(1);
        });
  }

  @Test
  void theShareIsOfReadsThatEitherSideCouldAnswer() throws Exception {
    report(
        sidecar(one, "a"),
        Report.newBuilder()
            .addSignals(answers(80, 20))
            .addRouted(routed(Side.SIDE_NEW, "IN_SHARE", 20))
            .addRouted(routed(Side.SIDE_OLD, "OUT_OF_SHARE", 60))
            .addRouted(routed(Side.SIDE_OLD, "NOT_A_READ", 20))
            .build());
    soon(
        () -> {
          Signals now = signals(one);
          assertThat(now.getRoutableReads()).isEqualTo(80);
          assertThat(now.getRoutableReadsOnNew()).isEqualTo(20);
          assertThat(now.getPointsList().stream().mapToLong(p -> p.getRoutableReads()).sum())
              .isEqualTo(80);
        });
  }

  private static RoutedCount routed(Side side, String reason, long count) {
    return RoutedCount.newBuilder()
        .setMigration("orders")
        .setSide(side)
        .setReason(reason)
        .setCount(count)
        .build();
  }

  private static Mismatch mismatch(Verdict verdict, String... columns) {
    return Mismatch.newBuilder()
        .setMigration("orders")
        .setQuery(QUERY)
        .setText("select a, b from orders where id = ?")
        .setVerdict(verdict)
        .addAllColumns(List.of(columns))
        .setOldRows(1)
        .setNewRows(1)
        .build();
  }

  private static List<MismatchSample> mismatches(Replica replica) {
    return service(replica)
        .listMismatches(ListMismatchesRequest.newBuilder().setMigration("orders").build())
        .getSamplesList();
  }

  @Test
  void mismatchesOfOneKindAreOneSampleAndMayBeForgotten() throws Exception {
    ScriptedSidecar first = sidecar(one, "a");
    ScriptedSidecar second = sidecar(two, "b");
    Report report =
        Report.newBuilder()
            .addSignals(answers(1, 1))
            .addMismatches(mismatch(Verdict.VERDICT_VALUE, "a", "b"))
            .addMismatches(mismatch(Verdict.VERDICT_VALUE, "b", "a"))
            .addMismatches(mismatch(Verdict.VERDICT_VALUE, "a"))
            .addMismatches(mismatch(Verdict.VERDICT_MISSING_ROWS))
            .build();
    report(first, report);
    report(second, report);
    for (Replica replica : List.of(one, two)) {
      soon(
          () ->
              assertThat(mismatches(replica))
                  .extracting(MismatchSample::getCount)
                  .containsExactlyInAnyOrder(4L, 2L, 2L));
    }
    assertThat(
            service(one)
                .forgetMismatches(
                    ForgetMismatchesRequest.newBuilder()
                        .setMigration("orders")
                        .setQuery(QUERY)
                        .build())
                .getForgotten())
        .isEqualTo(3);
    assertThat(mismatches(two)).isEmpty();
  }

  @Test
  void aWatchSaysWhatChanges() throws Exception {
    Iterator<Signals> watch =
        service(two).watchSignals(SignalsRequest.newBuilder().setMigration("orders").build());
    assertThat(watch.next().getTotalOnOld()).isZero();
    report(sidecar(one, "a"), Report.newBuilder().addSignals(answers(4, 0)).build());
    Signals seen = watch.next();
    while (seen.getTotalOnOld() < 4) {
      seen = watch.next();
    }
    assertThat(seen.getTotalOnOld()).isEqualTo(4);
  }

  @Test
  void prometheusSeesTheFleetWithLabelsOfMigrationsAndEnumsAlone() throws Exception {
    report(
        sidecar(one, "a"),
        Report.newBuilder()
            .addSignals(
                answers(8, 2)
                    .setOnNew(
                        side(2).toBuilder()
                            .addErrors(error("57", 1))
                            .addErrors(error("a made up one", 1)))
                    .addVerdicts(
                        VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_VALUE).setCount(3)))
            .build());
    soon(() -> assertThat(signals(one).getTotalOnOld()).isEqualTo(8));
    URI admin = one.admin();
    assertThat(get(admin.resolve("/livez"))).isEqualTo("ok\n");
    assertThat(get(admin.resolve("/readyz"))).isEqualTo("ok\n");
    assertThat(get(admin.resolve("/metrics")).lines())
        .contains(
            "crossfade_fleet_stage{migration=\"orders\",stage=\"OFF\"} 1.0",
            "crossfade_fleet_answers{migration=\"orders\",side=\"old\"} 8.0",
            "crossfade_fleet_errors{migration=\"orders\",side=\"new\",sqlstate_class=\"57\"} 1.0",
            "crossfade_fleet_errors{migration=\"orders\",side=\"new\",sqlstate_class=\"other\"}"
                + " 1.0",
            "crossfade_fleet_comparisons{migration=\"orders\",verdict=\"value\"} 3.0",
            "crossfade_fleet_mismatches{migration=\"orders\"} 3.0",
            "crossfade_fleet_sidecars_reporting{migration=\"orders\"} 1.0",
            "crossfade_control_sidecars 1.0");
    one.stage("orders", Stage.STAGE_DUAL_WRITE);
    soon(
        () ->
            assertThat(get(admin.resolve("/metrics")).lines())
                .contains("crossfade_fleet_stage{migration=\"orders\",stage=\"DUAL_WRITE\"} 1.0")
                .doesNotContain("crossfade_fleet_stage{migration=\"orders\",stage=\"OFF\"} 1.0"));
  }

  private static ErrorCount error(String sqlstateClass, long count) {
    return ErrorCount.newBuilder().setSqlstateClass(sqlstateClass).setCount(count).build();
  }

  private static String get(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(SOON).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void whatIsOutOfItsRangeIsRefused() {
    assertRefused(SignalsRequest.newBuilder().setMigration("nobody"), Status.Code.NOT_FOUND);
    assertRefused(SignalsRequest.newBuilder(), Status.Code.INVALID_ARGUMENT);
    assertRefused(
        SignalsRequest.newBuilder().setMigration("orders").setPoints(601),
        Status.Code.INVALID_ARGUMENT);
    assertRefused(
        SignalsRequest.newBuilder()
            .setMigration("orders")
            .setWindow(com.google.protobuf.Duration.newBuilder().setSeconds(90_000)),
        Status.Code.INVALID_ARGUMENT);
  }

  private void assertRefused(SignalsRequest.Builder request, Status.Code code) {
    assertThatThrownBy(() -> service(one).getSignals(request.build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }
}
