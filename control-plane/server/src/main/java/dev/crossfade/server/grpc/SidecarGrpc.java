package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.server.access.Caller;
import dev.crossfade.server.store.StoreException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The streams of the sidecars, and who they are. */
public final class SidecarGrpc extends SidecarServiceGrpc.SidecarServiceImplBase {
  private final SidecarRegistry registry;

  public SidecarGrpc(SidecarRegistry registry) {
    this.registry = registry;
  }

  @Override
  public StreamObserver<SidecarMessage> connect(StreamObserver<ControlMessage> answer) {
    SidecarSession session = registry.begin((ServerCallStreamObserver<ControlMessage>) answer);
    return Caller.current()
        .map(Caller::identity)
        .filter(identity -> !identity.service().isEmpty())
        .<StreamObserver<SidecarMessage>>map(identity -> new OneServiceOnly(identity, session))
        .orElse(session);
  }

  @Override
  public void listSidecars(
      ListSidecarsRequest request, StreamObserver<ListSidecarsResponse> answer) {
    try {
      ListSidecarsResponse.Builder response =
          ListSidecarsResponse.newBuilder().setVersion(registry.version());
      registry.list(request.getService()).forEach(row -> response.addSidecars(Wire.sidecar(row)));
      answer.onNext(response.build());
      answer.onCompleted();
    } catch (StoreException e) {
      answer.onError(MigrationGrpc.unavailable(e));
    }
  }
}
