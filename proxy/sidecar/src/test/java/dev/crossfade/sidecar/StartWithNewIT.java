package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.control.ScriptedControlPlane;
import dev.crossfade.sidecar.control.Snapshots;
import dev.crossfade.testkit.net.Ports;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sidecar that starts while new has the authority: what old says is not the truth. */
class StartWithNewIT {
  private static final Snapshot LIVE =
      Snapshots.of(1, "split-customers", Pair.LENS, Stage.STAGE_LIVE, 0);

  private Pair pair;
  private ScriptedControlPlane controlPlane;
  private int controlPort;

  @BeforeEach
  void open() throws Exception {
    pair = new Pair();
    controlPlane = new ScriptedControlPlane(0);
    controlPort = controlPlane.port();
    pair.old.executeIn("shop", "UPDATE customers SET balance_cents = 1 WHERE id = 1");
    pair.target.executeIn("shop2", "UPDATE people SET balance = 2 WHERE id = 1");
  }

  @AfterEach
  void close() throws Exception {
    controlPlane.close();
    pair.close();
  }

  private Sidecar start(int port, String controlTimeout) throws Exception {
    String config =
        pair.config(
                "OFF",
                "0%",
                "random",
                "controlPlane: {port: "
                    + controlPort
                    + "}\nlimits: {controlTimeout: "
                    + controlTimeout
                    + "}")
            .replaceFirst("migrations:\n.*\n", "")
            .replace("port: 0}\nadmin", "port: " + port + "}\nadmin");
    return Sidecar.start(
        ConfigFile.parse(config, pair.folder.resolve("start.yaml").toString(), Map.of()));
  }

  private static long balance(int port) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/shop?socketTimeout=20",
                Pair.USER,
                Pair.PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT balance_cents FROM customers WHERE id = 1")) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }

  private static <T> CompletableFuture<T> soon(ThrowingSupplier<T> work) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            future.complete(work.get());
          } catch (Exception e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  private interface ThrowingSupplier<T> {
    T get() throws Exception;
  }

  @Test
  void clientsWaitUntilTheControlPlaneHasSpoken() throws Exception {
    int port = Ports.unused();
    CompletableFuture<Sidecar> starting = soon(() -> start(port, "15s"));
    controlPlane.hello();
    try (Socket waiting = new Socket()) {
      waiting.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
      CompletableFuture<Long> asked = soon(() -> balance(port));
      assertThat(starting).isNotDone();
      assertThat(asked).isNotDone();
      controlPlane.send(LIVE);
      try (Sidecar started = starting.get(20, TimeUnit.SECONDS)) {
        assertThat(started.address().getPort()).isEqualTo(port);
        assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo(200);
      }
    }
  }

  @Test
  void aControlPlaneThatSaysNothingKeepsThemWaitingForSoLongOnly() throws Exception {
    try (Sidecar sidecar = start(0, "300ms")) {
      controlPlane.hello();
      assertThat(balance(sidecar.address().getPort())).isEqualTo(1);
      controlPlane.send(LIVE);
      controlPlane.ack();
      assertThat(balance(sidecar.address().getPort())).isEqualTo(200);
    }
  }

  @Test
  void withoutAControlPlaneTheLastGoodSnapshotIsInForceBeforeTheFirstClient() throws Exception {
    controlPlane.greetWith(LIVE);
    try (Sidecar first = start(0, "15s")) {
      assertThat(balance(first.address().getPort())).isEqualTo(200);
    }
    controlPlane.close();
    try (Sidecar second = start(0, "15s")) {
      assertThat(balance(second.address().getPort())).isEqualTo(200);
    }
    pair.target.kill();
    try (Sidecar third = start(0, "15s")) {
      int port = third.address().getPort();
      assertThatThrownBy(() -> balance(port))
          .as("old would give what is no longer true")
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("new, which is the authority, cannot be reached");
    }
    pair.target.startAgain();
  }
}
