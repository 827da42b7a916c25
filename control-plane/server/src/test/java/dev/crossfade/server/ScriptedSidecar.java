package dev.crossfade.server;

import dev.crossfade.api.v1.Ack;
import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.Nack;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.Snapshot;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sidecar's end of the stream that does exactly what a test tells it. */
final class ScriptedSidecar implements ClientResponseObserver<SidecarMessage, ControlMessage> {
  private static final long WAIT_MAX_SECONDS = 20;

  private final BlockingQueue<Snapshot> snapshots = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> inventoryAcks = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> ended = new CompletableFuture<>();
  private final boolean reads;
  private @Nullable ClientCallStreamObserver<SidecarMessage> requests;
  private volatile long lastSnapshotNanos;

  private ScriptedSidecar(boolean reads) {
    this.reads = reads;
  }

  static ScriptedSidecar connect(Channel channel) {
    ScriptedSidecar sidecar = new ScriptedSidecar(true);
    SidecarServiceGrpc.newStub(channel).connect(sidecar);
    return sidecar;
  }

  /** One that reads no message until {@link #read} is called. */
  static ScriptedSidecar connectWithoutReading(Channel channel) {
    ScriptedSidecar sidecar = new ScriptedSidecar(false);
    SidecarServiceGrpc.newStub(channel).connect(sidecar);
    return sidecar;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SidecarMessage> stream) {
    requests = stream;
    if (!reads) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  private ClientCallStreamObserver<SidecarMessage> requests() {
    if (requests == null) {
      throw new IllegalStateException("connect() sets it");
    }
    return requests;
  }

  void read(int messages) {
    requests().request(messages);
  }

  ScriptedSidecar hello(String service, String instance, long lastVersion) {
    return send(
        SidecarMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setService(service)
                    .setInstance(instance)
                    .setBuildVersion("test")
                    .setLastVersion(lastVersion))
            .build());
  }

  ScriptedSidecar ack(Snapshot snapshot) {
    return send(
        SidecarMessage.newBuilder()
            .setAck(
                Ack.newBuilder().setNonce(snapshot.getNonce()).setVersion(snapshot.getVersion()))
            .build());
  }

  ScriptedSidecar nack(Snapshot snapshot, String reason) {
    return send(
        SidecarMessage.newBuilder()
            .setNack(
                Nack.newBuilder()
                    .setNonce(snapshot.getNonce())
                    .setVersion(snapshot.getVersion())
                    .setReason(reason))
            .build());
  }

  ScriptedSidecar send(SidecarMessage message) {
    requests().onNext(message);
    return this;
  }

  void leave() {
    requests().onCompleted();
  }

  Snapshot snapshot() throws InterruptedException {
    Snapshot snapshot = snapshots.poll(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    if (snapshot == null) {
      throw new AssertionError("no snapshot came; the stream: " + ended.getNow(Status.OK));
    }
    return snapshot;
  }

  /** Sends a page and returns the number of its ack. */
  long inventory(InventoryPage page) throws InterruptedException {
    send(SidecarMessage.newBuilder().setInventory(page).build());
    Long number = inventoryAcks.poll(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    if (number == null) {
      throw new AssertionError("no ack came; the stream: " + ended.getNow(Status.OK));
    }
    return number;
  }

  /** The next snapshot of at least this version. */
  Snapshot snapshotOf(long version) throws InterruptedException {
    Snapshot snapshot = snapshot();
    while (snapshot.getVersion() < version) {
      snapshot = snapshot();
    }
    return snapshot;
  }

  long lastSnapshotNanos() {
    return lastSnapshotNanos;
  }

  Status end() throws Exception {
    return ended.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void onNext(ControlMessage message) {
    if (message.hasInventoryAck()) {
      inventoryAcks.add(message.getInventoryAck().getNumber());
    }
    if (message.hasSnapshot()) {
      lastSnapshotNanos = System.nanoTime();
      snapshots.add(message.getSnapshot());
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    ended.complete(Status.OK);
  }
}
