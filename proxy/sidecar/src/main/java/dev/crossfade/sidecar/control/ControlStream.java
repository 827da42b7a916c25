package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.Ack;
import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.Nack;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.Snapshot;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream to the control plane, from Hello to its end. Everything runs on the client's event
 * loop; gRPC may call from other threads (a failed name look-up, for one), so its callbacks hop.
 */
final class ControlStream {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final long number;
  private final EventLoop loop;
  private final BiConsumer<ControlStream, ControlMessage> received;
  private final BiConsumer<ControlStream, Status> ended;
  private @Nullable ClientCallStreamObserver<SidecarMessage> requests;
  private boolean heard;
  private boolean over;

  /**
   * @param number which stream of this client it is, from 1
   */
  ControlStream(
      long number,
      EventLoop loop,
      BiConsumer<ControlStream, ControlMessage> received,
      BiConsumer<ControlStream, Status> ended) {
    this.number = number;
    this.loop = loop;
    this.received = received;
    this.ended = ended;
  }

  /**
   * @param token says who is speaking; empty for nobody
   */
  void open(Channel channel, SidecarIdentity identity, Optional<String> token, long lastVersion) {
    Metadata headers = new Metadata();
    token.ifPresent(secret -> headers.put(AUTHORIZATION, "Bearer " + secret));
    SidecarServiceGrpc.newStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .connect(new Responses());
    send(
        SidecarMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setService(identity.service())
                    .setInstance(identity.instance())
                    .setBuildVersion(identity.buildVersion())
                    .addAllCapabilities(identity.capabilities())
                    .setLastVersion(lastVersion))
            .build());
  }

  long number() {
    return number;
  }

  boolean wasHeard() {
    return heard;
  }

  void heard() {
    heard = true;
  }

  boolean isReady() {
    return requests != null && !over && requests.isReady();
  }

  void ack(Snapshot snapshot) {
    send(
        SidecarMessage.newBuilder()
            .setAck(
                Ack.newBuilder().setNonce(snapshot.getNonce()).setVersion(snapshot.getVersion()))
            .build());
  }

  void nack(Snapshot snapshot, String reason) {
    send(
        SidecarMessage.newBuilder()
            .setNack(
                Nack.newBuilder()
                    .setNonce(snapshot.getNonce())
                    .setVersion(snapshot.getVersion())
                    .setReason(reason))
            .build());
  }

  void report(Report report) {
    send(SidecarMessage.newBuilder().setReport(report).build());
  }

  void inventory(InventoryPage page) {
    send(SidecarMessage.newBuilder().setInventory(page).build());
  }

  private void send(SidecarMessage message) {
    if (requests != null && !over) {
      requests.onNext(message);
    }
  }

  void complete() {
    if (requests != null && !over) {
      requests.onCompleted();
    }
  }

  void cancel(String why) {
    if (requests != null && !over) {
      requests.cancel(why, null);
    }
  }

  private void end(Status why) {
    if (!over) {
      over = true;
      ended.accept(this, why);
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The client was closed: nobody is left to tell.
      over = true;
    }
  }

  /** gRPC's callbacks. */
  private final class Responses implements ClientResponseObserver<SidecarMessage, ControlMessage> {
    @Override
    public void beforeStart(ClientCallStreamObserver<SidecarMessage> stream) {
      requests = stream;
    }

    @Override
    public void onNext(ControlMessage message) {
      onLoop(() -> received.accept(ControlStream.this, message));
    }

    @Override
    public void onError(Throwable failure) {
      onLoop(() -> end(Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      onLoop(() -> end(Status.OK.withDescription("the control plane ended the stream")));
    }
  }
}
