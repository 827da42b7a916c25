package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.engine.access.Identity;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** A stream whose caller may stand in front of one service, and says so before it is believed. */
record OneServiceOnly(Identity caller, SidecarSession session)
    implements StreamObserver<SidecarMessage> {
  @Override
  public void onNext(SidecarMessage message) {
    if (message.hasHello() && !caller.mayServe(message.getHello().getService())) {
      session.end(
          Status.PERMISSION_DENIED.withDescription(
              caller.name()
                  + " may be a sidecar of the service "
                  + caller.service()
                  + " only, and this one says it is of "
                  + message.getHello().getService()));
    } else {
      session.onNext(message);
    }
  }

  @Override
  public void onError(Throwable failure) {
    session.onError(failure);
  }

  @Override
  public void onCompleted() {
    session.onCompleted();
  }
}
