package dev.crossfade.server.inject;

import dev.crossfade.server.access.ServerTls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /inject} over HTTPS: what the API server asks before it makes a pod. A question costs
 * some microseconds of the event loop, which does nothing else, and waits for nothing.
 */
public final class InjectServer implements AutoCloseable, MeterBinder {
  static final String PATH = "/inject";

  /** As much as the API server takes from anybody. */
  static final int BODY_MAX_BYTES = 3 << 20;

  /** Of all requests that are on their way. */
  static final int BODIES_MAX_BYTES = 16 << 20;

  static final int CONNECTIONS_MAX = 256;
  private static final int HEADERS_MAX_BYTES = 16 << 10;
  private static final int IDLE_MAX_SECONDS = 75;
  private static final long BODY_MAX_MILLIS = 20_000;
  private static final long WAIT_MAX_SECONDS = 10;
  private static final Logger LOG = LoggerFactory.getLogger(InjectServer.class);

  private final Injector injector;
  private final Vertx vertx;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger reserved = new AtomicInteger();
  private final Map<Outcome, AtomicLong> outcomes = new EnumMap<>(Outcome.class);
  private @Nullable HttpServer server;
  private @Nullable HttpServerOptions options;

  private InjectServer(Injector injector) {
    this.injector = injector;
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new AtomicLong());
    }
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
  }

  /**
   * Starts it and returns when it serves.
   *
   * @param tls whose certificate it shows, also when that changes
   * @throws IOException when it cannot listen there
   */
  public static InjectServer start(
      InetSocketAddress address, ServerTls tls, InjectTemplate template) throws IOException {
    InjectServer inject = new InjectServer(new Injector(template));
    try {
      inject.serve(address, tls);
      return inject;
    } catch (IOException | RuntimeException e) {
      inject.close();
      throw e;
    }
  }

  private void serve(InetSocketAddress address, ServerTls tls) throws IOException {
    options =
        new HttpServerOptions()
            .setMaxHeaderSize(HEADERS_MAX_BYTES)
            .setIdleTimeout(IDLE_MAX_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(tls.files().certificate().toString())
                    .setKeyPath(tls.files().key().toString()));
    HttpServer http =
        vertx.createHttpServer(options).connectionHandler(this::admit).requestHandler(this::take);
    InetAddress host = InetAddress.getByName(address.getHostString());
    server =
        await(
            http.listen(
                SocketAddress.inetSocketAddress(new InetSocketAddress(host, address.getPort()))));
    tls.onChange(this::renewCertificate);
  }

  private void renewCertificate() {
    if (server != null && options != null) {
      server
          .updateSSLOptions(options.getSslOptions(), true)
          .onFailure(
              e -> LOG.atWarn().setCause(e).log("Injection goes on with its old certificate"));
    }
  }

  private void admit(HttpConnection connection) {
    connection.closeHandler(gone -> connections.decrementAndGet());
    if (connections.incrementAndGet() > CONNECTIONS_MAX) {
      connection.close();
    }
  }

  private void take(HttpServerRequest request) {
    String type = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
    OptionalLong length = length(request);
    if (!PATH.equals(request.path())) {
      refuse(request, 404, "only " + PATH + " is served");
    } else if (!request.method().equals(HttpMethod.POST)) {
      refuse(request, 405, "only POST is answered");
    } else if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      refuse(request, 415, "the content type has to be application/json");
    } else if (length.isEmpty()) {
      refuse(request, 411, "the length of the body has to be told");
    } else if (length.getAsLong() > BODY_MAX_BYTES) {
      refuse(request, 413, "a review may have " + BODY_MAX_BYTES + " bytes at most");
    } else {
      takeBody(request, (int) length.getAsLong());
    }
  }

  private static OptionalLong length(HttpServerRequest request) {
    try {
      long length = Long.parseLong(String.valueOf(request.getHeader(HttpHeaders.CONTENT_LENGTH)));
      return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private void takeBody(HttpServerRequest request, int length) {
    if (reserved.addAndGet(length) > BODIES_MAX_BYTES) {
      reserved.addAndGet(-length);
      refuse(request, 503, "too many reviews at once: try again in a moment");
      return;
    }
    long deadline = vertx.setTimer(BODY_MAX_MILLIS, late -> request.response().reset());
    // The codec lets no more through than was told. A request that dies fails its body, too.
    request
        .body()
        .onComplete(
            body -> {
              vertx.cancelTimer(deadline);
              reserved.addAndGet(-length);
              if (body.succeeded()) {
                answer(request, body.result());
              } else {
                count(Outcome.REFUSED);
              }
            });
  }

  private void answer(HttpServerRequest request, Buffer body) {
    try {
      Review review = Review.read(body.toString());
      switch (review.pod().map(injector::decide).orElseGet(Injection.Untouched::new)) {
        case Injection.Untouched untouched -> {
          count(Outcome.UNTOUCHED);
          send(request, 200, "application/json", review.untouched());
        }
        case Injection.Added added -> {
          count(Outcome.ADDED);
          send(request, 200, "application/json", review.added(added));
        }
        case Injection.Impossible impossible -> {
          count(Outcome.IMPOSSIBLE);
          LOG.atWarn().addKeyValue("reason", impossible.reason()).log("A pod gets no sidecar");
          send(request, 422, "text/plain", impossible.reason() + '\n');
        }
      }
    } catch (Review.MalformedException e) {
      count(Outcome.MALFORMED);
      send(request, 400, "text/plain", e.getMessage() + "\n");
    } catch (RuntimeException e) {
      count(Outcome.MALFORMED);
      LOG.atError().setCause(e).log("A review could not be answered");
      send(request, 500, "text/plain", "injection failed; the control plane's log says why\n");
    }
  }

  private void refuse(HttpServerRequest request, int status, String reason) {
    count(Outcome.REFUSED);
    if (request.version() != HttpVersion.HTTP_2) {
      // What follows is not read: the connection ends with the answer.
      request.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
    send(request, status, "text/plain", reason + '\n');
  }

  private static void send(HttpServerRequest request, int status, String type, String text) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type + "; charset=utf-8")
        .end(text);
  }

  private void count(Outcome outcome) {
    AtomicLong count = outcomes.get(outcome);
    if (count != null) {
      count.incrementAndGet();
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    outcomes.forEach(
        (outcome, count) ->
            FunctionCounter.builder("crossfade.inject.requests", count, AtomicLong::doubleValue)
                .description("Pods that the API server asked about, and what came of it")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry));
  }

  /** The port that it listens on. */
  public int port() {
    return server == null ? 0 : server.actualPort();
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("the web server did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      await(vertx.close());
    } catch (IOException e) {
      throw new IllegalStateException("injection did not stop in time", e);
    }
  }
}
