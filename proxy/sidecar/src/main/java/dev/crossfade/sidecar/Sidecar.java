package dev.crossfade.sidecar;

import dev.crossfade.core.fault.CircuitBreaker;
import dev.crossfade.core.migration.Side;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.catalog.PermissionCache;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.session.MemoryBudget;
import dev.crossfade.postgresql.session.ProxyContext;
import dev.crossfade.postgresql.session.Sessions;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.inventory.InventoryPages;
import dev.crossfade.sidecar.inventory.KnownOfNew;
import dev.crossfade.sidecar.inventory.PlanAdvisor;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import dev.crossfade.sidecar.mirror.Mirrors;
import dev.crossfade.sidecar.signal.AnswerSignals;
import dev.crossfade.sidecar.signal.ComparisonSignals;
import dev.crossfade.sidecar.signal.SignalPart;
import dev.crossfade.sidecar.trace.OtlpTraces;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sidecar, put together. Started once; {@link #drain} and then {@link #close} end it. */
final class Sidecar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);
  private static final Duration CIRCUIT_PAUSE = Duration.ofMillis(500);

  /** All sessions together; over it, statements are answered by old. */
  private static final long STATEMENT_BYTES = 8 << 20;

  private static final int CIRCUIT_THRESHOLD = 3;
  private static final Duration PERMISSION_VALID = Duration.ofSeconds(30);
  private final SidecarConfig config;
  private final Transport transport;
  private final SidecarMetrics metrics;
  private final Routing routing = new Routing();
  private final CircuitBreaker circuit =
      new CircuitBreaker(CIRCUIT_THRESHOLD, CIRCUIT_PAUSE, System::nanoTime);
  private final ExecutorService blocking;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("crossfade-timer").factory());
  private final EventLoops loops;
  private final Databases databases;
  private final @Nullable FirstLogins logins;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final MetadataConnection probe;
  private final Sessions sessions;
  private final MemoryBudget statementBudget = new MemoryBudget(STATEMENT_BYTES);
  private final RoutingUpdater updater;
  private final PlanAdvisor advisor;
  private final InventoryPages pages;
  private final @Nullable Parity parity;
  private final @Nullable Shadow shadow;
  private final @Nullable OtlpTraces traces;
  private final ProxyContext context;
  private final FollowedControl control;
  private final Departures departures;
  private final Succession succession;
  private @Nullable Ports ports;
  private volatile boolean serving;

  private Sidecar(
      SidecarConfig config, boolean standby, Transport transport, ExecutorService blocking) {
    this.config = config;
    this.blocking = blocking;
    // The deadline of a session that is gone must not keep the session.
    timer.setRemoveOnCancelPolicy(true);
    this.transport = transport;
    this.loops = EventLoops.open(config.limits().loops());
    this.databases = new Databases(config, transport, loops, blocking);
    this.old = databases.connect(Side.OLD);
    this.target = databases.connect(Side.NEW);
    this.logins =
        config.migrations().isEmpty() ? null : FirstLogins.begin(databases, old, target, blocking);
    this.metrics = new SidecarMetrics();
    this.probe = databases.connect(Side.NEW, config.limits().session().newTimeout());
    this.sessions = new Sessions(config.limits().sessions());
    this.control = new FollowedControl(config);
    this.departures = new Departures(sessions);
    this.succession = new Succession(config, standby, loops, blocking, () -> serving = false);
    PermissionCache permissions =
        new PermissionCache(old, blocking, System::nanoTime, PERMISSION_VALID);
    this.updater = new RoutingUpdater(routing, permissions, old, target, config.limits().plans());
    this.advisor =
        new PlanAdvisor(databases.connect(Side.OLD), databases.connect(Side.NEW), System::nanoTime);
    this.parity =
        WriteParity.of(
            config,
            new WriteParity.New(
                databases.connector(), loops.group().next(), transport.target(), blocking),
            routing,
            metrics);
    this.shadow =
        ReadShadow.of(
            config,
            new ReadShadow.Sides(
                databases.connector(),
                loops,
                transport.old(),
                transport.target(),
                blocking,
                timer,
                databases::connect),
            routing,
            metrics);
    this.pages =
        InventoryPages.of(
            metrics.inventory(),
            routing,
            new KnownOfNew(advisor::scans, WriteParity.found(parity)));
    updater.advisedBy(config.controlPlane().isPresent() ? advisor : null);
    updater.mirroredBy(Mirrors.of(config, metrics, routing), sessions::haveAnswered);
    this.traces =
        config
            .otel()
            .map(to -> OtlpTraces.start(to, config.service(), config.instance(), metrics))
            .orElse(null);
    this.context =
        new ProxyContext(
            new ProxyContext.Servers(
                databases.connector(),
                transport.old(),
                config.old().database(),
                databases.target(),
                config.mirror().isPresent()),
            routing,
            circuit,
            permissions,
            config.limits().session(),
            metrics,
            sessions,
            statementBudget,
            blocking,
            timer,
            config.commands() ? insight() : null,
            parity,
            shadow,
            traces);
  }

  private List<SignalPart> signalParts() {
    List<SignalPart> signals = new ArrayList<>();
    signals.add(new AnswerSignals(metrics));
    if (shadow != null) {
      signals.add(new ComparisonSignals(shadow.comparisons()));
    }
    return signals;
  }

  private SidecarInsight insight() {
    return new SidecarInsight(
        config,
        metrics,
        updater,
        new SidecarInsight.Shared(routing, circuit, sessions, statementBudget),
        control::known);
  }

  /**
   * Starts everything, or nothing.
   *
   * @throws StartException with one sentence for people
   */
  static Sidecar start(SidecarConfig config) throws StartException {
    Sidecar sidecar = prepare(config, false);
    sidecar.serve(() -> {});
    return sidecar;
  }

  /**
   * Starts everything, or nothing; clients wait until {@link #serve}.
   *
   * @param standby whether a sidecar that runs is let run until it ends
   * @throws StartException with one sentence for people
   */
  static Sidecar prepare(SidecarConfig config, boolean standby) throws StartException {
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    Sidecar sidecar = new Sidecar(config, standby, Transport.read(config, blocking), blocking);
    try {
      sidecar.open();
      return sidecar;
    } catch (StartException e) {
      sidecar.close();
      throw e;
    }
  }

  /** Whether {@link #serve} is going to wait until the process that runs has ended. */
  boolean standsBy() {
    return succession.standsBy();
  }

  /**
   * Lets clients in; one that stands by waits until it is needed.
   *
   * @param standing run when it stands by, as the process that runs knows
   * @return false when it is not needed any more
   * @throws StartException when it cannot; it is closed then
   */
  boolean serve(Runnable standing) throws StartException {
    serving = true;
    try {
      if (!succession.accept(listening(), standing)) {
        return false;
      }
    } catch (StartException e) {
      close();
      throw e;
    }
    updater.logInForce();
    return true;
  }

  private void open() throws StartException {
    succession.begin();
    databases.lookUp();
    ports = openPorts();
    if (logins != null) {
      logins.require();
      useLocalMigrations();
    } else if (config.controlPlane().isEmpty()) {
      routing.noMigrations();
    }
    control.start(
        transport, updater, new Reports(metrics, circuit, routing, pages, parity, signalParts()));
    Gauges.register(metrics, context, control::status, succession::hasStandby);
    timer.scheduleWithFixedDelay(this::probe, 100, 100, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(
        () -> blocking.execute(this::lookUpAgain), 30, 30, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> blocking.execute(transport::refresh), 3, 3, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> blocking.execute(advisor::explainNext), 1, 1, TimeUnit.SECONDS);
    control.await();
  }

  private Ports openPorts() throws StartException {
    Ports.Told told =
        new Ports.Told(
            () -> serving,
            control::notice,
            metrics::scrape,
            () -> departures.page(config.limits().drain()));
    while (true) {
      try {
        return Ports.open(config, succession, context, transport, told);
      } catch (StartException e) {
        if (!succession.shouldBeginAgain(e)) {
          throw e;
        }
        succession.begin();
      }
    }
  }

  private void lookUpAgain() {
    databases.lookUpAgain();
    updater.readTypesAgain();
  }

  private void useLocalMigrations() throws StartException {
    try {
      LocalMigrations local = LocalMigrations.read(config);
      StartException.throwIfAny(
          updater.apply(new ControlSnapshot(0, local.entries()), local.sources()));
    } catch (MetadataException e) {
      throw new StartException(config.source() + ": the catalogs cannot be read: " + e.reason());
    }
  }

  /** While the circuit is open somebody has to find out that new is back; never a client. */
  private void probe() {
    if (circuit.isOpen() && circuit.tryAcquire()) {
      blocking.execute(
          () -> {
            try {
              probe.query("SELECT 1");
              circuit.succeeded();
              LOG.atInfo().log("new is back");
            } catch (MetadataException e) {
              circuit.failed();
            }
          });
    }
  }

  InetSocketAddress address() {
    return listening().address();
  }

  InetSocketAddress adminAddress() {
    return listening().adminAddress();
  }

  private Ports listening() {
    if (ports == null) {
      throw new IllegalStateException("not listening");
    }
    return ports;
  }

  /** Null where no writes are compared. */
  @Nullable Parity parity() {
    return parity;
  }

  /** Null where no reads are compared. */
  @Nullable Shadow shadow() {
    return shadow;
  }

  /**
   * Waits until another process has taken this one's place and the last client has left, or has
   * stayed for too long.
   */
  void awaitSuccessor() throws InterruptedException {
    succession.awaitFollowed();
    departures.awaitEveryone(succession.linger());
    LOG.atInfo().addKeyValue("left", sessions.count()).log("left to the process that took over");
  }

  /** Ends the wait of {@link #serve}, if it waits: nobody has been let in. */
  boolean stopWaiting() {
    return succession.stopWaiting();
  }

  /** Who stands by, or is just taking over, is to have everything before this process drains. */
  void leavePlace() throws InterruptedException {
    succession.leave(config.limits().drain());
  }

  /**
   * Stops accepting and waits, for at most the configured time, until every session has ended its
   * transaction.
   */
  void drain() {
    serving = false;
    succession.close();
    Optional.ofNullable(ports).ifPresent(Ports::stopListening);
    sessions.drain();
    departures.awaitSessions(config.limits().drain());
    LOG.atInfo().addKeyValue("left", sessions.count()).log("drained");
  }

  @Override
  public void close() {
    serving = false;
    timer.shutdownNow();
    Optional.ofNullable(logins).ifPresent(FirstLogins::close);
    succession.close();
    Optional.ofNullable(ports).ifPresent(Ports::stopListening);
    sessions.closeAll();
    Optional.ofNullable(parity).ifPresent(Parity::close);
    Optional.ofNullable(shadow).ifPresent(Shadow::close);
    control.close();
    Optional.ofNullable(ports).ifPresent(Ports::closeAdmin);
    old.close();
    target.close();
    probe.close();
    advisor.close();
    updater.close();
    loops.close();
    Optional.ofNullable(traces).ifPresent(OtlpTraces::close);
    blocking.shutdownNow();
  }
}
