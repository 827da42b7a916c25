package dev.crossfade.net.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /livez}: the process runs. {@code /readyz}: it takes clients (503 while it starts and
 * while it drains); a second line tells what is wrong although it does. {@code /metrics}:
 * Prometheus' text format.
 */
public final class AdminServer implements AutoCloseable {
  private final HttpServer server;

  private AdminServer(HttpServer server) {
    this.server = server;
  }

  /**
   * @param notice the second line; empty for none
   * @throws IOException when the address cannot be bound
   */
  public static AdminServer start(
      InetSocketAddress address,
      BooleanSupplier ready,
      Supplier<String> notice,
      Supplier<String> metrics)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address, 16);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ':'
              + address.getPort()
              + ": "
              + e.getMessage(),
          e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/livez", exchange -> answer(exchange, 200, "ok\n"));
    server.createContext(
        "/readyz",
        exchange ->
            answer(
                exchange,
                ready.getAsBoolean() ? 200 : 503,
                (ready.getAsBoolean() ? "ok\n" : "not ready\n") + line(notice.get())));
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.get()));
    server.start();
    return new AdminServer(server);
  }

  /** One more page. */
  public AdminServer with(String path, Supplier<String> text) {
    server.createContext(path, exchange -> answer(exchange, 200, text.get()));
    return this;
  }

  private static String line(String notice) {
    return notice.isEmpty() ? "" : notice.replace('\n', ' ') + '\n';
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
