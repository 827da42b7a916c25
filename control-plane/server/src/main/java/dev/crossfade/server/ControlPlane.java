package dev.crossfade.server;

import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.engine.catalog.MigrationFileCheck;
import dev.crossfade.net.admin.AdminServer;
import dev.crossfade.server.access.AccessControl;
import dev.crossfade.server.embedded.EmbeddedPostgres;
import dev.crossfade.server.embedded.EmbeddedPostgresException;
import dev.crossfade.server.flags.FlagFollower;
import dev.crossfade.server.flags.UnleashSettings;
import dev.crossfade.server.grpc.AccessGrpc;
import dev.crossfade.server.grpc.AuditGrpc;
import dev.crossfade.server.grpc.DeadLetterGrpc;
import dev.crossfade.server.grpc.FlagGrpc;
import dev.crossfade.server.grpc.JobGrpc;
import dev.crossfade.server.grpc.MigrationGrpc;
import dev.crossfade.server.grpc.MoveCalls;
import dev.crossfade.server.grpc.ReadinessGrpc;
import dev.crossfade.server.grpc.SidecarGrpc;
import dev.crossfade.server.grpc.SidecarRegistry;
import dev.crossfade.server.grpc.SignalGrpc;
import dev.crossfade.server.inject.InjectServer;
import dev.crossfade.server.job.GivenUp;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.metrics.ControlPlaneMetrics;
import dev.crossfade.server.move.MoveSteps;
import dev.crossfade.server.move.Moves;
import dev.crossfade.server.signal.Signals;
import dev.crossfade.server.store.AuditStore;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.FlagLease;
import dev.crossfade.server.store.FlagReadings;
import dev.crossfade.server.store.JobLeases;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.MismatchStore;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.SidecarStore;
import dev.crossfade.server.store.SignalStore;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.TokenStore;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One replica of the control plane: store, feed and services, wired. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  static final int INBOUND_MAX_BYTES = 512 << 10;
  private static final int CALLS_PER_CONNECTION_MAX = 200;
  private static final long LEAVE_MAX_SECONDS = 3;

  /** Closed in the reverse of the order in which they came. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private int port;
  private @Nullable ConsolePart console;
  private List<ServerServiceDefinition> services = List.of();
  private volatile boolean ready;
  private @Nullable ControlPlaneMetrics metrics;

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
    return start(settings, check, Watching.NOBODY);
  }

  /**
   * As {@link #start(ControlPlaneSettings, MigrationFileCheck)}.
   *
   * @param steps is told of each step of each move; writers may wait for it
   */
  public static ControlPlane start(
      ControlPlaneSettings settings, MigrationFileCheck check, MoveSteps steps)
      throws StartException {
    return start(settings, check, Watching.of(steps));
  }

  /**
   * As {@link #start(ControlPlaneSettings, MigrationFileCheck)}.
   *
   * @param watching is told of each step of each move and rollout
   */
  public static ControlPlane start(
      ControlPlaneSettings settings, MigrationFileCheck check, Watching watching)
      throws StartException {
    Exposure.refuseClearText(settings);
    ControlPlane controlPlane = new ControlPlane();
    try {
      controlPlane.startParts(settings, check, watching);
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
          Exposure.listenFailure(settings.host() + ":" + settings.port(), e)
              + "; choose another address with --listen",
          e);
    } catch (RuntimeException e) {
      controlPlane.close();
      throw e;
    }
  }

  private void startParts(
      ControlPlaneSettings settings, MigrationFileCheck check, Watching watching)
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
    Predicate<String> isKnown = name -> feed.state().entries().containsKey(name);
    MismatchStore mismatches = new MismatchStore(database.pool());
    Signals signals =
        Signals.start(
            new SignalStore(database.pool()), mismatches, isKnown, InstantSource.system());
    parts.push(signals::close);
    SignalGrpc signalCalls = new SignalGrpc(isKnown, signals, mismatches);
    SidecarRegistry sidecars =
        SidecarRegistry.start(
            feed, new SidecarStore(database.pool()), queries, signals, InstantSource.system());
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
            watching.moves());
    parts.push(moves::close);
    RolloutPart rollouts =
        RolloutPart.start(
            database.pool(),
            new RolloutPart.Shared(store, feed, evidence, jobStore, moveStore),
            new RolloutPart.Workers(queries, jobs, moves, signals, processName()),
            watching);
    parts.push(rollouts::close);
    MigrationGrpc migrations =
        new MigrationGrpc(store, feed, evidence, check, new MoveCalls(moveStore, moves));
    AuditStore audit = new AuditStore(database.pool());
    TokenStore tokens = new TokenStore(database.pool());
    AccessControl access =
        AccessControl.start(Exposure.access(settings), tokens, InstantSource.system());
    parts.push(access::close);
    startFlags(settings, database, store, feed, moves);
    // Never shut down: the transports still have callbacks to run after the server has terminated.
    Executor calls = task -> Thread.ofVirtual().name("call").start(task);
    HealthStatusManager health = new HealthStatusManager();
    Server server =
        Exposure.listener(settings)
            .executor(calls)
            .intercept(access)
            .maxInboundMessageSize(INBOUND_MAX_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(migrations)
            .addService(new FlagGrpc(migrations))
            .addService(new SidecarGrpc(sidecars))
            .addService(new ReadinessGrpc(store, queries))
            .addService(new JobGrpc(store, jobStore, evidence, jobs))
            .addService(new AccessGrpc(tokens, access))
            .addService(signalCalls)
            .addService(rollouts.service())
            .addService(new AuditGrpc(audit))
            .addService(new DeadLetterGrpc(store, jobs, new GivenUp(settings.databases()), audit))
            .addService(rollouts.evidence())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
    AccessControl.requireNeeds(server.getServices());
    server.start();
    access.tellIfOpen();
    services = server.getServices();
    metrics =
        new ControlPlaneMetrics(
            () -> feed.state().entries().values(),
            signals,
            new ControlPlaneMetrics.Process(
                sidecars::count,
                () -> feed.state().version(),
                signals::storeFailures,
                access::failures));
    ready = true;
    parts.push(
        () ->
            leave(server, List.of(sidecars::leave, migrations::leave, signalCalls::leave), health));
    health.setStatus(MigrationServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    health.setStatus(SidecarServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    feed.onDatabase(
        reachable -> {
          ready = reachable;
          health.setStatus(
              MigrationServiceGrpc.SERVICE_NAME,
              reachable ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
        });
    port = server.getPort();
    if (settings.console() != null) {
      console =
          ConsolePart.start(
              settings.console(),
              settings.access().tls(),
              new ConsolePart.Services(services, access, calls));
      parts.push(console::close);
    }
  }

  private void startFlags(
      ControlPlaneSettings settings,
      Database database,
      CatalogStore store,
      CatalogFeed feed,
      Moves moves) {
    UnleashSettings unleash = settings.unleash();
    if (unleash != null) {
      FlagLease lease = new FlagLease(database.pool(), processName(), FlagFollower.LEASE);
      FlagReadings readings = new FlagReadings(database.pool());
      FlagFollower flags =
          FlagFollower.start(unleash, new FlagFollower.Stores(store, lease, readings), feed, moves);
      parts.push(flags::close);
    }
  }

  /** Who works on a job, for people. */
  static String processName() {
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

  /** What it serves. */
  List<ServerServiceDefinition> services() {
    return services;
  }

  /**
   * Shows health and metrics over HTTP, too.
   *
   * @return where
   * @throws IOException when the address cannot be bound
   */
  public InetSocketAddress serveAdmin(InetSocketAddress address) throws IOException {
    AdminServer admin = AdminServer.start(address, () -> ready, () -> "", metrics()::scrape);
    parts.push(admin::close);
    return admin.address();
  }

  /**
   * Tells the Kubernetes API server what to add to pods, too.
   *
   * @return on which port
   * @throws IOException when the address cannot be bound
   */
  int serveInject(InjectOptions.Settings settings) throws IOException {
    InjectServer inject =
        InjectServer.start(settings.socketAddress(), settings.tls(), settings.template());
    parts.push(inject::close);
    metrics().add(inject);
    return inject.port();
  }

  private ControlPlaneMetrics metrics() {
    if (metrics == null) {
      throw new IllegalStateException("it has not been started");
    }
    return metrics;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** The port of the web console; 0 without one. */
  public int consolePort() {
    return console == null ? 0 : console.port();
  }

  /** Whether the web console is served by TLS. */
  boolean consoleTls() {
    return console != null && console.isTls();
  }

  private static void leave(Server server, List<Runnable> streams, HealthStatusManager health) {
    health.enterTerminalState();
    server.shutdown();
    streams.forEach(Runnable::run);
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
