package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sidecar as the process that operators see: what it answers, how it ends, how it dies. */
class SidecarProcessIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
  }

  private static String config(String more) throws IOException {
    return pair.config("RAMP", "100%", "random", more);
  }

  /** Reads of the mapped table until new answers them: plans are made aside from the traffic. */
  private static void readFromNew(SidecarProcess sidecar, WireClient client) {
    Await.until(
        "a read that new answers",
        SOON,
        () -> {
          String name = client.query("SELECT full_name FROM customers WHERE id = 3").get(1).text(0);
          assertThat(name).isEqualTo("Given3 Family3");
          return sidecar.get("/metrics").body().contains("reason=\"IN_SHARE\"")
              && sidecar.metric("crossfade_queries_total", "reason=\"IN_SHARE\"") > 0;
        });
  }

  @Test
  void theAdminEndpointAnswers() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config(""))) {
      assertThat(sidecar.get("/livez").statusCode()).isEqualTo(200);
      assertThat(sidecar.get("/livez").body()).isEqualTo("ok\n");
      assertThat(sidecar.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(sidecar.get("/metrics").headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain; version=0.0.4");
      assertThat(sidecar.get("/elsewhere").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theMetricsSayWhereQueriesWentAndHowLongTheyTook() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config(""))) {
      assertThat(sidecar.metric("crossfade_sessions")).isZero();
      try (WireClient client = sidecar.login()) {
        assertThat(sidecar.metric("crossfade_sessions")).isEqualTo(1);
        readFromNew(sidecar, client);
        for (int i = 0; i < 200; i++) {
          client.query("SELECT count(*) FROM audit");
          client.query("SELECT full_name FROM customers WHERE id = " + (i + 1));
        }
        client.query("BEGIN");
        client.query("SELECT full_name FROM customers WHERE id = 1");
        client.query("COMMIT");
      }
      String mapped = "migration=\"split-customers\"";
      assertThat(sidecar.metric("crossfade_queries_total", "side=\"new\"", mapped, "IN_SHARE"))
          .isGreaterThanOrEqualTo(200);
      assertThat(
              sidecar.metric("crossfade_queries_total", "side=\"old\"", mapped, "IN_TRANSACTION"))
          .isEqualTo(1);
      assertThat(sidecar.metric("crossfade_queries_total", "side=\"old\"", "migration=\"none\""))
          .isEqualTo(202);
      assertThat(sidecar.metric("crossfade_answer_seconds_count", "side=\"new\""))
          .isGreaterThanOrEqualTo(200);
      assertThat(sidecar.metric("crossfade_answer_seconds_count", "side=\"old\""))
          .isGreaterThanOrEqualTo(203);
      for (String side : List.of("side=\"old\"", "side=\"new\"")) {
        assertThat(sidecar.metric("crossfade_answer_seconds_bucket", side, "le=\"+Inf\""))
            .isEqualTo(sidecar.metric("crossfade_answer_seconds_count", side));
      }
      assertThat(sidecar.metric("crossfade_proxy_time_seconds_count")).isPositive();
      assertThat(sidecar.metric("crossfade_proxy_time_seconds_bucket", "le=\"+Inf\""))
          .isEqualTo(sidecar.metric("crossfade_proxy_time_seconds_count"));
      assertThat(sidecar.metric("crossfade_plan_hits_total")).isGreaterThanOrEqualTo(200);
      assertThat(sidecar.metric("crossfade_plan_misses_total")).isPositive();
      assertThat(sidecar.metric("crossfade_fallbacks_total", "cause=\"")).isZero();
      Await.until("no session", SOON, () -> sidecar.metric("crossfade_sessions") == 0);
    }
  }

  @Test
  void aFallbackIsCounted() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config(""));
        WireClient client = sidecar.login()) {
      readFromNew(sidecar, client);
      pair.target.executeIn("shop2", "REVOKE SELECT ON people, contacts FROM app");
      assertThat(client.query("SELECT full_name FROM customers WHERE id = 3").get(1).text(0))
          .isEqualTo("Given3 Family3");
      assertThat(sidecar.metric("crossfade_fallbacks_total")).isEqualTo(1);
    } finally {
      pair.target.executeIn("shop2", "GRANT ALL ON people, contacts TO app");
    }
  }

  @Test
  void askedToEndItLetsTransactionsEndAndNobodyIn() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config("limits: {drain: 30s}"));
        WireClient idle = sidecar.login();
        WireClient busy = sidecar.login()) {
      assertThat(idle.query("SELECT 1").get(1).text(0)).isEqualTo("1");
      busy.query("BEGIN");
      busy.query("INSERT INTO audit (note) VALUES ('before the end')");
      sidecar.child().terminate();

      assertThat(idle.readUntilClosed()).singleElement().satisfies(SidecarProcessIT::isShutdown);
      assertThatThrownBy(() -> WireClient.connect("127.0.0.1", sidecar.port()).close())
          .isInstanceOf(ConnectException.class);
      assertThat(sidecar.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(sidecar.get("/livez").statusCode()).isEqualTo(200);
      assertThat(sidecar.metric("crossfade_sessions")).isEqualTo(1);

      busy.query("INSERT INTO audit (note) VALUES ('after it was asked')");
      assertThat(busy.query("COMMIT").getFirst().tag()).isEqualTo("COMMIT");
      assertThat(busy.readUntilClosed()).singleElement().satisfies(SidecarProcessIT::isShutdown);
      assertThat(sidecar.child().awaitExit(Duration.ofSeconds(15))).isZero();
      assertThat(String.join("\n", sidecar.child().output()))
          .doesNotContain("Exception", "ERROR", Pair.PASSWORD);
    }
    assertThat(audit("'before the end', 'after it was asked'")).isEqualTo(2);
    Await.until("no session on old", SOON, () -> SidecarProcess.sessions(pair.old) == 0);
    Await.until("no session on new", SOON, () -> SidecarProcess.sessions(pair.target) == 0);
  }

  private static void isShutdown(Frame frame) {
    assertThat(frame.type()).isEqualTo('E');
    assertThat(frame.fields()).containsEntry('C', "57P01").containsEntry('S', "FATAL");
  }

  private static long audit(String notes) throws Exception {
    try (var connection = pair.old.connect("shop");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT count(*) FROM audit WHERE note IN (" + notes + ")")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void aTransactionThatDoesNotEndHoldsTheProcessNoLongerThanTheBound() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config("limits: {drain: 2s}"));
        WireClient stuck = sidecar.login();
        WireClient running = sidecar.login();
        WireClient silent = WireClient.connect("127.0.0.1", sidecar.port())) {
      stuck.query("BEGIN");
      stuck.query("INSERT INTO audit (note) VALUES ('never committed')");
      running.query("BEGIN");
      running.send(Messages.query("SELECT pg_sleep(6)"));
      assertThat(sidecar.metric("crossfade_sessions")).isEqualTo(2);
      long asked = System.nanoTime();
      sidecar.child().terminate();
      assertThat(sidecar.child().awaitExit(SOON)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - asked))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
      stuck.readUntilClosed();
      running.readUntilClosed();
      assertThat(silent.readUntilClosed()).isEmpty();
    }
    assertThat(audit("'never committed'")).isZero();
    Await.until("no session on old", SOON, () -> SidecarProcess.sessions(pair.old) == 0);
  }

  @Test
  void aConnectionThatSaysNothingDoesNotHoldTheProcess() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config("limits: {drain: 60s}"));
        WireClient silent = WireClient.connect("127.0.0.1", sidecar.port())) {
      sidecar.child().terminate();
      assertThat(sidecar.child().awaitExit(SOON)).isZero();
      assertThat(silent.readUntilClosed()).isEmpty();
    }
  }

  @Test
  void killedItLeavesNoSessionBehindAndTheNextOneServes() throws Exception {
    try (SidecarProcess sidecar = SidecarProcess.start(pair, config(""));
        WireClient idle = sidecar.login();
        WireClient busy = sidecar.login()) {
      readFromNew(sidecar, idle);
      busy.query("BEGIN");
      busy.query("INSERT INTO audit (note) VALUES ('killed')");
      assertThat(SidecarProcess.sessions(pair.old)).isGreaterThanOrEqualTo(2);
      assertThat(SidecarProcess.sessions(pair.target)).isPositive();
      sidecar.child().kill();
      assertThat(sidecar.child().awaitExit(SOON)).isEqualTo(128 + 9);
      idle.readUntilClosed();
      busy.readUntilClosed();
      Duration bound = Duration.ofSeconds(10);
      Await.until("no session on old", bound, () -> SidecarProcess.sessions(pair.old) == 0);
      Await.until("no session on new", bound, () -> SidecarProcess.sessions(pair.target) == 0);
    }
    assertThat(audit("'killed'")).isZero();
    try (SidecarProcess next = SidecarProcess.start(pair, config(""));
        WireClient client = next.login()) {
      readFromNew(next, client);
    }
  }

  @Test
  void passwordsComeFromTheEnvironmentAndWin() throws Exception {
    String file = config("").replace(Pair.PASSWORD, "hush-hush");
    Map<String, String> environment =
        Map.of(
            "CROSSFADE_OLD_PASSWORD", Pair.PASSWORD,
            "CROSSFADE_NEW_PASSWORD", Pair.PASSWORD);
    try (SidecarProcess sidecar = SidecarProcess.start(pair, file, environment);
        WireClient client = sidecar.login()) {
      readFromNew(sidecar, client);
      assertThat(String.join("\n", sidecar.child().output()))
          .doesNotContain("hush-hush", Pair.PASSWORD);
      assertThat(sidecar.get("/metrics").body()).doesNotContain("hush-hush", Pair.PASSWORD);
    }
    String without = file.replaceAll(", password: \"[^\"]*\"", "");
    try (SidecarProcess sidecar = SidecarProcess.start(pair, without, environment);
        WireClient client = sidecar.login()) {
      readFromNew(sidecar, client);
    }
  }

  @Test
  void aWrongPasswordInTheEnvironmentIsTold() throws Exception {
    String file = config("");
    assertThatThrownBy(
            () ->
                SidecarProcess.start(pair, file, Map.of("CROSSFADE_NEW_PASSWORD", "hush-hush"))
                    .close())
        .hasMessageContaining(" new: ")
        .hasMessageContaining("password authentication failed")
        .hasMessageNotContaining("hush-hush");
  }

  @Test
  void helpHasAnExampleAndTheVersionIsKnown() {
    assertThat(printed("--help"))
        .contains("Usage: crossfade proxy", "Example:", "crossfade proxy --config sidecar.yaml")
        .contains("CROSSFADE_OLD_PASSWORD", "CROSSFADE_NEW_PASSWORD", "Exit codes:");
    assertThat(printed("--version")).matches("crossfade \\S+");
  }

  /** What the program prints before it ends with 0. */
  private static String printed(String option) {
    try (ChildJvm child = ChildJvm.of(SidecarMain.class).arguments(option).start()) {
      assertThat(child.awaitExit(SOON)).isZero();
      return String.join("\n", child.output());
    }
  }
}
