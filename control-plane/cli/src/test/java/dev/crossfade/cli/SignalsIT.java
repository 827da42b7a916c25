package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.QueryFigures;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.sidecar.SidecarMain;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.wire.WireClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the clients of a sidecar between two servers to what an operator sees of it. */
class SignalsIT {
  private static final Pattern READY = Pattern.compile("sidecar ready on 127\\.0\\.0\\.1:(\\d+)");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int READS = 40;

  @TempDir private Path folder;

  @Test
  void whatClientsAreAnsweredIsCountedBySideAndStatementAndSurvivesARestart() throws Exception {
    try (EmbeddedServer old = EmbeddedServer.builder().role("app", "s3cret").start();
        EmbeddedServer target = EmbeddedServer.builder().role("app", "s3cret").start();
        LiveControlPlane live = LiveControlPlane.start()) {
      prepare(old, target);
      live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
      assertThat(live.ctl("signals").out()).contains("0 sidecars report");
      for (String stage : List.of("DUAL_WRITE", "SHADOW", "RAMP")) {
        assertThat(live.ctl("stage", stage).err()).isEmpty();
      }
      try (ChildJvm sidecar = sidecar(old, target, live.port())) {
        Matcher ready = READY.matcher(sidecar.readyLine());
        assertThat(ready.find()).isTrue();
        try (WireClient client =
            WireClient.connect("127.0.0.1", Integer.parseInt(ready.group(1)))) {
          client.login("shop", "app", "s3cret");
          onOld(live, client);
          onNew(live, client, target);
        }
        soon(() -> assertThat(signals(live).getReporting()).isEqualTo(1));
      }
      Signals before = signals(live);
      live.stop();
      live.startAgain();
      Signals after = signals(live);
      assertThat(after.getTotalOnOld()).isEqualTo(before.getTotalOnOld());
      assertThat(after.getTotalOnNew()).isEqualTo(before.getTotalOnNew());
      assertThat(after.getOnNew().getAnswers()).isZero();
      assertThat(read(after).getOnNew().getAnswers())
          .isEqualTo(read(before).getOnNew().getAnswers());
    }
  }

  private static void onOld(LiveControlPlane live, WireClient client) throws Exception {
    for (int i = 0; i < READS; i++) {
      client.query("SELECT full_name FROM customers WHERE id = 1");
    }
    client.query("SELECT 1 / (id - 1) FROM customers WHERE id = 1");
    soon(
        () -> {
          Signals signals = signals(live);
          assertThat(signals.getOnOld().getAnswers()).isEqualTo(READS + 1);
          assertThat(errors(signals.getOnOld().getErrorsList())).containsExactly("22 1");
          assertThat(signals.getOnOld().getP99Micros()).isPositive();
          assertThat(signals.getOnNew().getAnswers()).isZero();
          assertThat(signals.getReporting()).isEqualTo(1);
          assertThat(signals.getQueriesCount()).isEqualTo(2);
          assertThat(read(signals).getOnOld().getAnswers()).isEqualTo(READS);
        });
  }

  private static void onNew(LiveControlPlane live, WireClient client, EmbeddedServer target)
      throws Exception {
    assertThat(live.ctl("reads", "100%").err()).isEmpty();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              client.query("SELECT full_name FROM customers WHERE id = 1");
              assertThat(signals(live).getOnNew().getAnswers()).isPositive();
            });
    for (int i = 0; i < READS; i++) {
      client.query("SELECT full_name FROM customers WHERE id = 1");
    }
    soon(
        () -> {
          Signals signals = signals(live);
          assertThat(signals.getRoutableReadsOnNew()).isGreaterThanOrEqualTo(READS);
          assertThat(signals.getOnNew().getErrorsList()).isEmpty();
          assertThat(read(signals).getOnNew().getAnswers())
              .isEqualTo(signals.getRoutableReadsOnNew());
          assertThat(read(signals).getOnNew().getP50Micros()).isPositive();
        });
    target.executeIn("shop2", "REVOKE SELECT ON people FROM app");
    client.query("SELECT full_name FROM customers WHERE id = 1");
    soon(
        () -> {
          Signals signals = signals(live);
          // The client has old's answer, and the error is new's.
          assertThat(errors(signals.getOnNew().getErrorsList())).containsExactly("42 1");
          assertThat(errors(read(signals).getOnNew().getErrorsList())).containsExactly("42 1");
          assertThat(errors(signals.getOnOld().getErrorsList())).containsExactly("22 1");
        });
    assertThat(live.ctl("signals").out())
        .containsPattern("old +[0-9]+ +1 of class 22 ")
        .containsPattern("new +[0-9]+ +1 of class 42 ")
        .contains("select full_name from customers where id = ?");
    assertThat(live.ctl("mismatches").out()).isEqualTo("no mismatches");
  }

  private static List<String> errors(List<ErrorCount> errors) {
    return errors.stream().map(error -> error.getSqlstateClass() + ' ' + error.getCount()).toList();
  }

  private static QueryFigures read(Signals signals) {
    return signals.getQueriesList().stream()
        .filter(query -> query.getText().startsWith("select full_name"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the read is not listed: " + signals));
  }

  private static Signals signals(LiveControlPlane live) throws Exception {
    Signals.Builder signals = Signals.newBuilder();
    JsonFormat.parser().merge(live.ctl("signals", "-o", "json").out(), signals);
    return signals.build();
  }

  private static void soon(ThrowingRunnable asserted) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(200)).untilAsserted(asserted);
  }

  private static void prepare(EmbeddedServer old, EmbeddedServer target) throws Exception {
    old.execute("CREATE DATABASE shop OWNER app");
    target.execute("CREATE DATABASE shop2 OWNER app");
    old.executeIn(
        "shop",
        "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text)",
        "INSERT INTO customers VALUES (1, 'a'), (2, 'b')",
        "GRANT ALL ON customers TO app");
    target.executeIn(
        "shop2",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text)",
        "INSERT INTO people VALUES (1, 'a'), (2, 'b')",
        "GRANT ALL ON people TO app");
  }

  private ChildJvm sidecar(EmbeddedServer old, EmbeddedServer target, int controlPlane)
      throws Exception {
    String database = "{host: 127.0.0.1, port: %d, database: %s, user: app, password: s3cret}";
    Path config =
        Files.writeString(
            folder.resolve("sidecar.yaml"),
            """
            service: shop
            listen: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            old: %s
            new: %s
            controlPlane: {host: 127.0.0.1, port: %d}
            stateDirectory: %s
            """
                .formatted(
                    database.formatted(old.port(), "shop"),
                    database.formatted(target.port(), "shop2"),
                    controlPlane,
                    folder.resolve("state")));
    return ChildJvm.of(SidecarMain.class)
        .jvmArguments("-Xmx64m", "--enable-native-access=ALL-UNNAMED")
        .arguments("--config", config.toString())
        .readyWhenPrints("sidecar ready on")
        .start();
  }
}
