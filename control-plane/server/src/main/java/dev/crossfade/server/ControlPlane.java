package dev.crossfade.server;

import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.engine.catalog.MigrationFileCheck;
import dev.crossfade.server.console.Console;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.embedded.EmbeddedPostgres;
import dev.crossfade.server.embedded.EmbeddedPostgresException;
import dev.crossfade.server.grpc.JobGrpc;
import dev.crossfade.server.grpc.MigrationGrpc;
import dev.crossfade.server.grpc.MoveCalls;
import dev.crossfade.server.grpc.ReadinessGrpc;
import dev.crossfade.server.grpc.SidecarGrpc;
import dev.crossfade.server.grpc.SidecarRegistry;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.move.MoveSteps;
import dev.crossfade.server.move.Moves;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobLeases;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.SidecarStore;
import dev.crossfade.server.store.StoreException;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One replica of the control plane: store, feed and services, wired. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final int INBOUND_MAX_BYTES = 512 << 10;
  private static final int CALLS_PER_CONNECTION_MAX = 200;
  private static final long LEAVE_MAX_SECONDS = 3;

  /** Closed in the reverse of the order in which they came. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private int port;
  private int consolePort;

  /** Something to stop. */
  private interface Part {
    void close();
  }

  private ControlPlane() {}

  /**
   * Starts a replica and returns when it serves.
   *
   * @throws StartException when it cannot; everything that was started is stopped again
   */
  public static ControlPlane start(ControlPlaneSettings settings, MigrationFileCheck check)
      throws StartException {
    return start(settings, check, step -> {});
  }

  /**
   * As {@link #start(ControlPlaneSettings, MigrationFileCheck)}.
   *
   * @param steps is told of each step of each move; writers may wait for it
   */
  public static ControlPlane start(
      ControlPlaneSettings settings, MigrationFileCheck check, MoveSteps steps)
      throws StartException {
    ControlPlane controlPlane = new ControlPlane();
    try {
      controlPlane.startParts(settings, check, steps);
      return controlPlane;
    } catch (StartException e) {
      controlPlane.close();
      throw e;
    } catch (EmbeddedPostgresException | Database.UnusableException e) {
      controlPlane.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (StoreException e) {
      controlPlane.close();
      throw new StartException(
          "the control plane's database does not answer: " + e.getMessage(), e);
    } catch (IOException e) {
      controlPlane.close();
      throw new StartException(
          listenFailure(settings.host() + ":" + settings.port(), e)
              + "; choose another address with --listen",
          e);
    } catch (RuntimeException e) {
      controlPlane.close();
      throw e;
    }
  }

  private void startParts(ControlPlaneSettings settings, MigrationFileCheck check, MoveSteps steps)
      throws EmbeddedPostgresException,
          Database.UnusableException,
          StoreException,
          IOException,
          StartException {
    Database database = Database.open(login(settings.storage()));
    parts.push(database::close);
    CatalogStore store = new CatalogStore(database.pool());
    CatalogFeed feed = new CatalogFeed(store, database::connectToListen);
    parts.push(feed::close);
    feed.start();
    QueryStore queries = new QueryStore(database.pool());
    SidecarRegistry sidecars =
        SidecarRegistry.start(
            feed, new SidecarStore(database.pool()), queries, InstantSource.system());
    parts.push(sidecars::close);
    Jobs.Limits limits = Jobs.Limits.USUAL;
    Evidence evidence = Evidence.in(database.pool());
    JobStore jobStore = new JobStore(database.pool());
    Jobs jobs =
        Jobs.start(
            new Jobs.Stores(
                new JobLeases(database.pool(), processName(), limits.lease()),
                jobStore,
                evidence,
                store),
            settings.databases(),
            limits);
    parts.push(jobs::close);
    MoveStore moveStore = new MoveStore(database.pool(), processName(), Moves.Limits.USUAL.lease());
    Moves moves =
        Moves.start(
            new Moves.Stores(moveStore, store, jobStore, evidence, queries),
            () -> sidecars.list(""),
            settings.databases(),
            jobs,
            steps);
    parts.push(moves::close);
    MigrationGrpc migrations =
        new MigrationGrpc(store, feed, evidence, check, new MoveCalls(moveStore, moves));
    // Never shut down: the transports still have callbacks to run after the server has terminated.
    Executor calls = task -> Thread.ofVirtual().name("call").start(task);
    HealthStatusManager health = new HealthStatusManager();
    List<ServerServiceDefinition> services =
        List.of(
            migrations.bindService(),
            new SidecarGrpc(sidecars).bindService(),
            new ReadinessGrpc(store, queries).bindService(),
            new JobGrpc(store, jobStore, evidence, jobs).bindService(),
            health.getHealthService().bindService());
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .executor(calls)
            .maxInboundMessageSize(INBOUND_MAX_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addServices(services)
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    parts.push(() -> leave(server, sidecars, migrations, health));
    health.setStatus(MigrationServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    health.setStatus(SidecarServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    feed.onDatabase(
        reachable ->
            health.setStatus(
                MigrationServiceGrpc.SERVICE_NAME,
                reachable ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
    port = server.getPort();
    if (settings.console() != null) {
      startConsole(settings.console(), services, calls);
    }
  }

  /** It calls the very services that others call, so it can do nothing that they could not. */
  private void startConsole(
      HttpSettings settings, List<ServerServiceDefinition> services, Executor calls)
      throws IOException, StartException {
    String name = "console-" + UUID.randomUUID();
    Server inProcess =
        InProcessServerBuilder.forName(name)
            .executor(calls)
            .maxInboundMessageSize(INBOUND_MAX_BYTES)
            .addServices(services)
            .build()
            .start();
    parts.push(inProcess::shutdownNow);
    ManagedChannel channel = InProcessChannelBuilder.forName(name).executor(calls).build();
    parts.push(channel::shutdownNow);
    try {
      Console console = Console.start(settings, channel);
      parts.push(console::close);
      consolePort = console.port();
    } catch (IOException e) {
      throw new StartException(
          listenFailure(settings.host() + ":" + settings.port(), e)
              + "; choose another address with --http, or none",
          e);
    }
  }

  /** Who works on a job, for people. */
  private static String processName() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return host + "/" + ProcessHandle.current().pid();
  }

  private Database.Login login(ControlPlaneSettings.Storage storage)
      throws EmbeddedPostgresException {
    return switch (storage) {
      case ControlPlaneSettings.Storage.External external -> external.login();
      case ControlPlaneSettings.Storage.Embedded embedded -> {
        EmbeddedPostgres server = EmbeddedPostgres.start(embedded.dataDirectory());
        parts.push(server::close);
        yield new Database.Login(
            server.facts().jdbcUrl(), server.facts().user(), server.facts().password());
      }
    };
  }

  private static String listenFailure(String address, IOException e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof BindException)) {
      cause = cause.getCause();
    }
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return "cannot listen on " + address + ": " + why;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** The port of the web console; 0 without one. */
  public int consolePort() {
    return consolePort;
  }

  private static void leave(
      Server server,
      SidecarRegistry sidecars,
      MigrationGrpc migrations,
      HealthStatusManager health) {
    health.enterTerminalState();
    server.shutdown();
    sidecars.leave();
    migrations.leave();
    try {
      if (!server.awaitTermination(LEAVE_MAX_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the streams, then the calls, then the database; each bounded in time. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("A part of the control plane did not stop cleanly");
      }
    }
  }
}
