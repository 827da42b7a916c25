package dev.crossfade.bench.fleet;

import dev.crossfade.api.v1.Ack;
import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.Snapshot;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** A sidecar's stream, over a connection of its own, without a sidecar behind it. */
final class SimulatedSidecar
    implements ClientResponseObserver<SidecarMessage, ControlMessage>, AutoCloseable {
  private final ManagedChannel channel;
  private final ObjLongConsumer<SimulatedSidecar> arrived;
  private final AtomicLong version = new AtomicLong();
  private volatile @Nullable ClientCallStreamObserver<SidecarMessage> stream;
  private volatile @Nullable Throwable failure;
  private boolean over;

  /**
   * @param arrived is told of each version of the catalog
   */
  SimulatedSidecar(
      ManagedChannel channel, String instance, ObjLongConsumer<SimulatedSidecar> arrived) {
    this.channel = channel;
    this.arrived = arrived;
    SidecarServiceGrpc.newStub(channel).connect(this);
    send(
        SidecarMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setService("shop")
                    .setInstance(instance)
                    .setBuildVersion("simulated")
                    .addCapabilities("postgresql"))
            .build());
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SidecarMessage> requests) {
    stream = requests;
  }

  /** Of the catalog, as it was told last; 0 before that. */
  long version() {
    return version.get();
  }

  /** Why its stream has ended; null while it has not. */
  @Nullable Throwable failure() {
    return failure;
  }

  void report(Report report) {
    send(SidecarMessage.newBuilder().setReport(report).build());
  }

  private synchronized void send(SidecarMessage message) {
    ClientCallStreamObserver<SidecarMessage> to = stream;
    if (to != null && !over) {
      to.onNext(message);
    }
  }

  @Override
  public void onNext(ControlMessage message) {
    if (message.hasSnapshot()) {
      Snapshot snapshot = message.getSnapshot();
      version.set(snapshot.getVersion());
      arrived.accept(this, snapshot.getVersion());
      send(
          SidecarMessage.newBuilder()
              .setAck(
                  Ack.newBuilder().setNonce(snapshot.getNonce()).setVersion(snapshot.getVersion()))
              .build());
    }
  }

  @Override
  public synchronized void onError(Throwable why) {
    over = true;
    failure = why;
  }

  @Override
  public synchronized void onCompleted() {
    over = true;
  }

  @Override
  public void close() {
    synchronized (this) {
      over = true;
    }
    channel.shutdownNow();
  }
}
