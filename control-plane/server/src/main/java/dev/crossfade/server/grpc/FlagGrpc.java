package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.FlagServiceGrpc;
import dev.crossfade.api.v1.FollowRequest;
import dev.crossfade.api.v1.MigrationResponse;
import io.grpc.stub.StreamObserver;

/** Flags for people and tools; a change of the catalog like any other. */
public final class FlagGrpc extends FlagServiceGrpc.FlagServiceImplBase {
  private final MigrationGrpc migrations;

  public FlagGrpc(MigrationGrpc migrations) {
    this.migrations = migrations;
  }

  @Override
  public void follow(FollowRequest request, StreamObserver<MigrationResponse> answer) {
    migrations.follow(request, answer);
  }
}
