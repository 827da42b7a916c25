package dev.crossfade.server.console;

import dev.crossfade.server.console.http.Assets;
import dev.crossfade.server.console.http.Guard;
import dev.crossfade.server.console.http.Visitors;
import dev.crossfade.server.console.live.LivePages;
import dev.crossfade.server.console.page.Pages;
import dev.crossfade.server.console.view.Templates;
import io.grpc.Channel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web console of a control plane. */
public final class Console implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);

  /** Any more are closed at once. */
  static final int CONNECTIONS_MAX = 1_000;

  private static final int HEADERS_MAX_BYTES = 16 << 10;
  private static final int FIRST_LINE_MAX_BYTES = 4 << 10;
  private static final int FIELDS_MAX = 32;
  private static final int IDLE_MAX_SECONDS = 75;
  private static final long WAIT_MAX_SECONDS = 10;

  private final Vertx vertx;
  private final LivePages live;
  private final AtomicInteger connections = new AtomicInteger();
  private int port;
  private @Nullable HttpServer server;
  private @Nullable HttpServerOptions secured;

  private Console(Vertx vertx, LivePages live) {
    this.vertx = vertx;
    this.live = live;
  }

  /**
   * Starts it and returns when it serves.
   *
   * @param channel to the services; callers' tokens go with their calls
   * @throws IOException when it cannot listen there
   */
  public static Console start(HttpSettings settings, Channel channel) throws IOException {
    Templates templates = new Templates();
    Vertx vertx = vertx();
    Console console = new Console(vertx, new LivePages(templates));
    try {
      console.serve(settings, channel, templates);
      return console;
    } catch (IOException | RuntimeException e) {
      console.close();
      throw e;
    }
  }

  /** One loop is plenty, for it only passes bytes on. */
  private static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private void serve(HttpSettings settings, Channel channel, Templates templates)
      throws IOException {
    InetAddress address = InetAddress.getByName(settings.host());
    boolean tls = settings.tls() != null;
    Guard guard =
        address.isLoopbackAddress() ? Guard.ofLoopback(settings.host(), tls) : Guard.ofNetwork(tls);
    Assets assets = Assets.load();
    Visitors visitors = new Visitors(InstantSource.system());
    Desk desk = new Desk(channel, new Views(templates, assets), visitors);
    Routes routes =
        new Routes(
            new Routes.Rooms(desk, visitors, live, assets),
            new Pages(templates, InstantSource.system()),
            guard,
            tls);
    HttpServerOptions options = options(settings);
    HttpServer http =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::admit)
            .requestHandler(routes.router(vertx));
    SocketAddress place =
        SocketAddress.inetSocketAddress(new InetSocketAddress(address, settings.port()));
    port = await(http.listen(place)).actualPort();
    server = http;
    secured = tls ? options : null;
  }

  private static HttpServerOptions options(HttpSettings settings) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxHeaderSize(HEADERS_MAX_BYTES)
            .setMaxInitialLineLength(FIRST_LINE_MAX_BYTES)
            .setMaxFormAttributeSize(Routes.FILE_MAX_BYTES)
            .setMaxFormFields(FIELDS_MAX)
            .setHttp2ClearTextEnabled(false)
            .setIdleTimeout(IDLE_MAX_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    HttpSettings.Tls tls = settings.tls();
    if (tls != null) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificate().toString())
                  .setKeyPath(tls.key().toString()));
      tls.clientCa()
          .ifPresent(
              file ->
                  options
                      .setClientAuth(ClientAuth.REQUEST)
                      .setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    }
    return options;
  }

  private void admit(HttpConnection connection) {
    connection.closeHandler(gone -> connections.decrementAndGet());
    if (connections.incrementAndGet() > CONNECTIONS_MAX) {
      connection.close();
    }
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

  /** Reads its certificate again, for connections that come from now on. */
  public void renewCertificate() {
    if (server != null && secured != null) {
      server
          .updateSSLOptions(secured.getSslOptions(), true)
          .onFailure(
              e -> LOG.atWarn().setCause(e).log("The console goes on with its old certificate"));
    }
  }

  /** Whether it is served by TLS. */
  public boolean isTls() {
    return secured != null;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    live.close();
    try {
      await(vertx.close());
    } catch (IOException e) {
      throw new IllegalStateException("the console did not stop in time", e);
    }
  }
}
