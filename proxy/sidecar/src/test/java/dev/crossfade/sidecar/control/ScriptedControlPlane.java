package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.Ack;
import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Heartbeat;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.InventoryAck;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.Nack;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.Snapshot;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A control plane on a real socket that does exactly what a test tells it. */
public final class ScriptedControlPlane extends SidecarServiceGrpc.SidecarServiceImplBase
    implements AutoCloseable {
  private static final long WAIT_MAX_SECONDS = 20;

  private final Server server;
  private final BlockingQueue<Hello> hellos = new LinkedBlockingQueue<>();
  private final BlockingQueue<Ack> acks = new LinkedBlockingQueue<>();
  private final BlockingQueue<Nack> nacks = new LinkedBlockingQueue<>();
  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
  private final BlockingQueue<InventoryPage> pages = new LinkedBlockingQueue<>();
  private final AtomicInteger nonce = new AtomicInteger();
  private volatile @Nullable StreamObserver<ControlMessage> stream;
  private volatile @Nullable Snapshot greeting;

  public ScriptedControlPlane(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
            .addService(this)
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  /** What every Hello is answered with from now on. */
  public ScriptedControlPlane greetWith(Snapshot snapshot) {
    greeting = snapshot;
    return this;
  }

  @Override
  public StreamObserver<SidecarMessage> connect(StreamObserver<ControlMessage> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(SidecarMessage message) {
        switch (message.getMessageCase()) {
          case HELLO -> hello(answer, message.getHello());
          case ACK -> acks.add(message.getAck());
          case NACK -> nacks.add(message.getNack());
          case REPORT -> reports.add(message.getReport());
          case INVENTORY -> pages.add(message.getInventory());
          case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  private void hello(StreamObserver<ControlMessage> answer, Hello hello) {
    stream = answer;
    Snapshot snapshot = greeting;
    if (snapshot != null) {
      send(snapshot);
    }
    hellos.add(hello);
  }

  /** Sends a snapshot and returns its nonce. */
  public int send(Snapshot snapshot) {
    int number = nonce.incrementAndGet();
    stream()
        .onNext(
            ControlMessage.newBuilder().setSnapshot(snapshot.toBuilder().setNonce(number)).build());
    return number;
  }

  public void heartbeat() {
    stream()
        .onNext(
            ControlMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setVersion(1)).build());
  }

  public void endStream(Status why) {
    stream().onError(why.asException());
  }

  private StreamObserver<ControlMessage> stream() {
    StreamObserver<ControlMessage> current = stream;
    if (current == null) {
      throw new AssertionError("no sidecar has said Hello");
    }
    return current;
  }

  public Hello hello() throws InterruptedException {
    return next(hellos, "Hello");
  }

  public Ack ack() throws InterruptedException {
    return next(acks, "Ack");
  }

  public Nack nack() throws InterruptedException {
    return next(nacks, "Nack");
  }

  Report report() throws InterruptedException {
    return next(reports, "Report");
  }

  /** The next page of the inventory, not acked. */
  public InventoryPage page() throws InterruptedException {
    return next(pages, "page of the inventory");
  }

  /** Null when none is there. */
  public @Nullable InventoryPage pollPage() {
    return pages.poll();
  }

  public void ackPage(long number) {
    stream()
        .onNext(
            ControlMessage.newBuilder()
                .setInventoryAck(InventoryAck.newBuilder().setNumber(number))
                .build());
  }

  int unreadHellos() {
    return hellos.size();
  }

  private static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
    T value = queue.poll(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    if (value == null) {
      throw new AssertionError("no " + what + " came");
    }
    return value;
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
  }
}
