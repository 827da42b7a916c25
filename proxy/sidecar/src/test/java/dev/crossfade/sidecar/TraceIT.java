package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Statements of a client's trace become spans at a collector. */
class TraceIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  /** A collector that keeps what it is sent as it came. */
  private static final class Collector implements AutoCloseable {
    private final StringBuilder received = new StringBuilder();
    private final HttpServer server;

    Collector() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/v1/traces",
          exchange -> {
            try (exchange) {
              byte[] body = exchange.getRequestBody().readAllBytes();
              synchronized (received) {
                received.append(new String(body, StandardCharsets.ISO_8859_1));
              }
              exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
              exchange.sendResponseHeaders(200, -1);
            }
          });
      server.start();
    }

    String config() {
      return "otel: {endpoint: \"http://127.0.0.1:"
          + server.getAddress().getPort()
          + "/v1/traces\"}";
    }

    String received() {
      synchronized (received) {
        return received.toString();
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  private static String comment(String flags) {
    return " /*traceparent='00-" + TRACE + "-" + SPAN + "-" + flags + "'*/";
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void await(Collector collector, String... parts) {
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(collector.received()).contains(parts));
  }

  @Test
  void aSampledStatementIsASpanOfItsTrace() throws Exception {
    try (Collector collector = new Collector();
        Pair pair = new Pair();
        Sidecar sidecar = pair.sidecar("RAMP", "100%", "random", collector.config());
        Connection connection = Pair.connect(sidecar)) {
      // Plans are made behind the first execution.
      Awaitility.await()
          .atMost(SOON)
          .until(
              () -> {
                run(connection, "SELECT full_name FROM customers WHERE id = 1" + comment("00"));
                return Pair.queries(sidecar, "reason=\"IN_SHARE\"") > 0;
              });
      assertThat(Pair.metric(sidecar, "crossfade_spans_sent_total")).isZero();
      run(connection, "SELECT full_name FROM customers WHERE id = 1" + comment("01"));
      await(
          collector,
          bytes(TRACE),
          bytes(SPAN),
          "crossfade.batch",
          "split-customers",
          "IN_SHARE",
          "crossfade.fallback",
          "service.name",
          "shop");
      // What names no mapped table is nobody's concern.
      run(connection, "SELECT 1" + comment("01"));
      pair.target.executeIn("shop2", "ALTER TABLE people RENAME TO peoples");
      run(connection, "SELECT full_name FROM customers WHERE id = 1" + comment("01"));
      Awaitility.await()
          .atMost(SOON)
          .until(() -> Pair.metric(sidecar, "crossfade_spans_sent_total") == 2);
      assertThat(Pair.metric(sidecar, "crossfade_spans_dropped_total")).isZero();
      assertThat(collector.received()).contains("crossfade.side");
    }
  }
}
