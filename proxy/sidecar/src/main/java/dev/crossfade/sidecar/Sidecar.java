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
import dev.crossfade.sidecar.control.ControlClient;
import dev.crossfade.sidecar.control.ControlSettings;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.ControlStatus;
import dev.crossfade.sidecar.control.ControlTiming;
import dev.crossfade.sidecar.control.SidecarIdentity;
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
import java.util.random.RandomGenerator;
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
  private final Departures departures;
  private final Succession succession;
  private @Nullable Ports ports;
  private @Nullable ControlClient control;
  private volatile boolean serving;

  private Sidecar(SidecarConfig config, Transport transport, ExecutorService blocking) {
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
    this.departures = new Departures(sessions);
    this.succession = new Succession(config, loops, blocking, () -> serving = false);
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
        () -> Optional.ofNullable(control).map(ControlClient::status));
  }

  /**
   * Starts everything, or nothing.
   *
   * @throws StartException with one sentence for people
   */
  static Sidecar start(SidecarConfig config) throws StartException {
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    Sidecar sidecar = new Sidecar(config, Transport.read(config, blocking), blocking);
    try {
      sidecar.open();
      return sidecar;
    } catch (StartException e) {
      sidecar.close();
      throw e;
    }
  }

  private void open() throws StartException {
    succession.begin();
    databases.lookUp();
    ports =
        Ports.open(
            config,
            succession,
            context,
            transport,
            new Ports.Told(
                () -> serving,
                this::notice,
                metrics::scrape,
                () -> departures.page(config.limits().drain())));
    if (logins != null) {
      logins.require();
      useLocalMigrations();
    } else if (config.controlPlane().isEmpty()) {
      routing.noMigrations();
    }
    followControlPlane();
    Gauges.register(metrics, context, this::controlStatus);
    timer.scheduleWithFixedDelay(this::probe, 100, 100, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(
        () -> blocking.execute(this::lookUpAgain), 30, 30, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> blocking.execute(transport::refresh), 3, 3, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> blocking.execute(advisor::explainNext), 1, 1, TimeUnit.SECONDS);
    awaitControlPlane();
    serving = true;
    succession.accept(ports);
    updater.logInForce();
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

  private void followControlPlane() {
    config
        .controlPlane()
        .ifPresent(
            place ->
                control =
                    ControlClient.start(
                        new ControlSettings(
                            place.address().host(),
                            place.address().port(),
                            new SidecarIdentity(
                                config.service(),
                                config.instance(),
                                Version.text(),
                                List.of("postgresql")),
                            config.stateDirectory(),
                            ControlTiming.DEFAULT,
                            transport.control().line()),
                        updater,
                        new Reports(metrics, circuit, routing, pages, parity, signalParts()),
                        RandomGenerator.getDefault()));
  }

  private ControlStatus controlStatus() {
    return control == null ? ControlStatus.INITIAL : control.status();
  }

  /** What is to be told beside being ready; empty for nothing. */
  private String notice() {
    ControlStatus status = controlStatus();
    return status.turnedAway() ? "turned away by the control plane: " + status.lastFailure() : "";
  }

  /** Where new has the authority, who is let in before that is known would be served by old. */
  private void awaitControlPlane() {
    Duration most = config.limits().controlTimeout();
    try {
      if (control != null && !control.awaitFirstWord(most) && !most.isZero()) {
        LOG.atWarn()
            .addKeyValue("millis", most.toMillis())
            .log("Clients are let in before it is known what the control plane says");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  /** A process that is just taking over is waited for: it needs this one until it is done. */
  void awaitTakeover() throws InterruptedException {
    succession.awaitQuiet(config.limits().drain());
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
    if (control != null) {
      control.close();
    }
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
