package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.sidecar.control.SnapshotCourier.Parcel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control plane for as long as the sidecar lives, and does without it for as long as it
 * must.
 *
 * <pre>
 *          .-------- pause with backoff and jitter <--------.
 *          v                                                |
 *   CONNECTING -- Hello --> OPEN -- silence, error, end ----'
 * </pre>
 *
 * <p>One event loop thread owns the stream, its timers and every field that is not final; gRPC's
 * callbacks hop onto it. {@link #start} returns at once. The methods may be called from any thread
 * and never throw because of the network.
 */
public final class ControlClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
  private static final int INBOUND_MAX_BYTES = 4 << 20;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private final ControlSettings settings;
  private final ReportSource reports;
  private final ReconnectBackoff backoff;
  private final EventLoopGroup group;
  private final EventLoop loop;
  private final ExecutorService nameLookup = Executors.newVirtualThreadPerTaskExecutor();
  private final ManagedChannel channel;
  private final SnapshotCourier courier;
  private final com.google.protobuf.Duration reportInterval;
  private final AtomicReference<ControlStatus> status =
      new AtomicReference<>(ControlStatus.INITIAL);

  private @Nullable ControlStream stream;
  private @Nullable Future<?> silence;
  private long streams;
  private boolean closed;

  private ControlClient(
      ControlSettings settings, SnapshotSink sink, ReportSource reports, RandomGenerator random) {
    this.settings = settings;
    this.reports = reports;
    ControlTiming timing = settings.timing();
    this.backoff = new ReconnectBackoff(timing.backoffMin(), timing.backoffMax(), random);
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("crossfade-control", true), NioIoHandler.newFactory());
    this.loop = group.next();
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(settings.host(), settings.port());
    settings.line().tls().ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    this.channel =
        builder
            .eventLoopGroup(group)
            .channelType(NioSocketChannel.class)
            .withOption(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .directExecutor()
            .offloadExecutor(nameLookup)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .maxInboundMessageSize(INBOUND_MAX_BYTES)
            .disableRetry()
            .disableServiceConfigLookUp()
            .build();
    this.reportInterval =
        com.google.protobuf.Duration.newBuilder()
            .setSeconds(timing.reportEvery().toSeconds())
            .setNanos(timing.reportEvery().toNanosPart())
            .build();
    this.courier =
        new SnapshotCourier(
            new LastGoodSnapshot(settings.stateDirectory()),
            sink,
            this::decided,
            timing.retryRefused());
  }

  /**
   * Offers the snapshot on disk to the sink, connects, and keeps on.
   *
   * @param random for the jitter of the pauses
   */
  public static ControlClient start(
      ControlSettings settings, SnapshotSink sink, ReportSource reports, RandomGenerator random) {
    ControlClient client = new ControlClient(settings, sink, reports, random);
    client.courier.start();
    client.loop.execute(client::connect);
    long every = settings.timing().reportEvery().toNanos();
    client.loop.scheduleAtFixedRate(client::report, every, every, TimeUnit.NANOSECONDS);
    return client;
  }

  /** How things are now. */
  public ControlStatus status() {
    return status.get();
  }

  /**
   * Waits until the first snapshot of the control plane was accepted or refused; where it can't be
   * reached, until the one on disk was, if there is one.
   *
   * @return false when that took too long
   */
  public boolean awaitFirstWord(Duration timeout) throws InterruptedException {
    return courier.firstWord().await(timeout);
  }

  private void connect() {
    if (closed) {
      return;
    }
    // The channel has a backoff of its own, made for clients that do not pause themselves.
    channel.resetConnectBackoff();
    streams++;
    ControlStream opened = new ControlStream(streams, loop, this::received, this::ended);
    stream = opened;
    opened.open(
        channel,
        settings.identity(),
        settings.line().token().get(),
        status.get().acceptedVersion());
    watchSilence(opened);
  }

  private void received(ControlStream from, ControlMessage message) {
    if (from != stream) {
      return;
    }
    if (!from.wasHeard()) {
      from.heard();
      LOG.atInfo()
          .addKeyValue("host", settings.host())
          .addKeyValue("port", settings.port())
          .log("Connected to the control plane");
      status.updateAndGet(ControlStatus::asConnected);
      // Only a stream that lasts earns short pauses again: two sidecars of one name would else
      // displace each other fast.
      loop.schedule(
          () -> forgiveIfLasting(from),
          settings.timing().backoffMax().toNanos(),
          TimeUnit.NANOSECONDS);
    }
    watchSilence(from);
    switch (message.getMessageCase()) {
      case SNAPSHOT -> snapshot(from, message.getSnapshot());
      case HEARTBEAT -> LOG.trace("Heartbeat");
      case INVENTORY_ACK -> reports.inventoryAcked(message.getInventoryAck().getNumber());
      case MESSAGE_NOT_SET -> LOG.debug("A message of a kind that this sidecar does not know");
    }
  }

  private void forgiveIfLasting(ControlStream lasting) {
    if (lasting == stream) {
      backoff.reset();
    }
  }

  private void snapshot(ControlStream from, Snapshot wire) {
    status.updateAndGet(s -> s.asOffered(wire.getVersion()));
    try {
      courier.hand(new Parcel(from.number(), wire, SnapshotWire.read(wire)));
    } catch (IllegalArgumentException e) {
      refused(wire, String.valueOf(e.getMessage()));
      from.nack(wire, String.valueOf(e.getMessage()));
    }
  }

  /** On the courier's thread. */
  private void decided(Parcel parcel, Optional<Refusal> refusal) {
    Snapshot wire = parcel.wire();
    if (refusal.isPresent()) {
      refused(wire, refusal.get().reason());
    } else {
      LOG.atInfo()
          .addKeyValue("version", wire.getVersion())
          .addKeyValue("migrations", wire.getMigrationsCount())
          .addKeyValue("fromDisk", parcel.isFromDisk())
          .log("Snapshot in force");
      status.updateAndGet(s -> s.asAccepted(wire.getVersion(), parcel.isFromDisk()));
    }
    if (!parcel.isFromDisk() && !loop.isShuttingDown()) {
      loop.execute(() -> answer(parcel, refusal));
    }
  }

  private void refused(Snapshot wire, String reason) {
    LOG.atWarn()
        .addKeyValue("version", wire.getVersion())
        .addKeyValue("reason", reason)
        .log("Snapshot refused");
    status.updateAndGet(s -> s.asRefused(wire.getVersion(), reason));
  }

  private void answer(Parcel parcel, Optional<Refusal> refusal) {
    ControlStream current = stream;
    if (current == null || current.number() != parcel.stream()) {
      return;
    }
    if (refusal.isPresent()) {
      current.nack(parcel.wire(), refusal.get().reason());
    } else {
      current.ack(parcel.wire());
    }
  }

  private void report() {
    ControlStream current = stream;
    if (current == null || !current.wasHeard() || !current.isReady()) {
      return;
    }
    try {
      Report report = reports.take();
      current.report(report.toBuilder().setInterval(reportInterval).build());
      reports.inventory(current.number()).ifPresent(current::inventory);
    } catch (RuntimeException e) {
      // The source is foreign code; a broken counter must not end the stream or the timer.
      LOG.atError().setCause(e).log("Taking a report failed");
    }
  }

  private void watchSilence(ControlStream watched) {
    stopWatchingSilence();
    long max = settings.timing().silenceMax().toNanos();
    silence =
        loop.schedule(
            () -> watched.cancel("nothing was heard from the control plane"),
            max,
            TimeUnit.NANOSECONDS);
  }

  private void stopWatchingSilence() {
    Future<?> timer = silence;
    if (timer != null) {
      timer.cancel(false);
      silence = null;
    }
  }

  private void ended(ControlStream which, Status why) {
    if (which != stream) {
      return;
    }
    stream = null;
    courier.firstWord().silent();
    stopWatchingSilence();
    if (closed) {
      return;
    }
    String failure = describe(why);
    boolean firstOfItsKind = which.wasHeard() || !failure.equals(status.get().lastFailure());
    boolean turnedAway =
        switch (why.getCode()) {
          case UNAUTHENTICATED, PERMISSION_DENIED -> true;
          default -> false;
        };
    status.updateAndGet(s -> s.asEnded(failure, turnedAway));
    Duration pause = backoff.next();
    (firstOfItsKind ? LOG.atWarn() : LOG.atDebug())
        .addKeyValue("reason", failure)
        .addKeyValue("retryInMillis", pause.toMillis())
        .log(
            turnedAway
                ? "The control plane does not let this sidecar in: going on with the snapshot in"
                    + " force"
                : "No control plane: going on with the snapshot in force");
    loop.schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static String describe(Status why) {
    String description = why.getDescription() == null ? "" : ": " + why.getDescription();
    Throwable cause = why.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return why.getCode() + description + (cause == null ? "" : " (" + cause.getMessage() + ")");
  }

  /**
   * Ends the stream and waits, bounded, for the thread to stop. The snapshot in force stays on
   * disk.
   */
  @Override
  public void close() {
    courier.close();
    if (!loop.isShuttingDown()) {
      loop.execute(this::leave);
    }
    group
        .shutdownGracefully(50, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MAX.toMillis());
    nameLookup.shutdownNow();
  }

  private void leave() {
    closed = true;
    stopWatchingSilence();
    ControlStream current = stream;
    if (current != null) {
      current.complete();
    }
    channel.shutdownNow();
  }
}
