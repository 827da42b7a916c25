package dev.crossfade.bench.fleet;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;

/** Sidecars that report every second, each at its own moment, over connections of their own. */
final class SimulatedFleet implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int SLICES = 50;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final int port;
  private final Reports reports;
  private final ObjLongConsumer<SimulatedSidecar> arrived;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
  private final List<SimulatedSidecar> sidecars = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong sent = new AtomicLong();
  private int slice;

  /**
   * @param arrived is told of each version of the catalog that arrives at one of them
   */
  SimulatedFleet(int port, List<String> migrations, ObjLongConsumer<SimulatedSidecar> arrived) {
    this.port = port;
    this.reports = new Reports(migrations, new Random(7));
    this.arrived = arrived;
    long every = TimeUnit.SECONDS.toNanos(1) / SLICES;
    clock.scheduleAtFixedRate(this::report, every, every, TimeUnit.NANOSECONDS);
  }

  /** Connects more, until there are so many. */
  void grow(int size) {
    while (size() < size) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .eventLoopGroup(loops)
              .channelType(NioSocketChannel.class)
              .directExecutor()
              .build();
      SimulatedSidecar made = new SimulatedSidecar(channel, "pod-" + size(), arrived);
      synchronized (sidecars) {
        sidecars.add(made);
      }
    }
    await("all sidecars have a snapshot", () -> all().stream().allMatch(s -> s.version() > 0));
  }

  int size() {
    synchronized (sidecars) {
      return sidecars.size();
    }
  }

  private List<SimulatedSidecar> all() {
    synchronized (sidecars) {
      return List.copyOf(sidecars);
    }
  }

  /** Reports that were sent. */
  long sent() {
    return sent.get();
  }

  /** Waits until all have at least this version of the catalog. */
  void awaitVersion(long version) {
    await(
        "version " + version + " is everywhere",
        () -> all().stream().allMatch(sidecar -> sidecar.version() >= version));
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      check();
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within a minute: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Throws when one of them has lost its stream. */
  void check() {
    for (SimulatedSidecar sidecar : all()) {
      Throwable failure = sidecar.failure();
      if (failure != null) {
        throw new IllegalStateException("a sidecar has lost its stream: " + failure, failure);
      }
    }
  }

  private void report() {
    List<SimulatedSidecar> now = all();
    for (int i = slice; i < now.size(); i += SLICES) {
      now.get(i).report(reports.next());
      sent.incrementAndGet();
    }
    slice = (slice + 1) % SLICES;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    all().forEach(SimulatedSidecar::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
  }
}
