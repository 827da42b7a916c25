package dev.crossfade.server.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.api.v1.WhoAmIResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessControlTest {
  private static ServerServiceDefinition service(String service, String method) {
    MethodDescriptor<WhoAmIRequest, WhoAmIResponse> descriptor =
        AccessServiceGrpc.getWhoAmIMethod().toBuilder()
            .setFullMethodName(service + '/' + method)
            .setSchemaDescriptor(null)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(
            descriptor, ServerCalls.asyncUnaryCall((request, answer) -> answer.onCompleted()))
        .build();
  }

  @Test
  void aCallThatNobodyHasThoughtOfIsNotServed() {
    assertThatThrownBy(
            () ->
                AccessControl.requireNeeds(
                    List.of(
                        service("crossfade.v1.MigrationService", "Get"),
                        service("crossfade.v1.MigrationService", "Forget"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("who may call crossfade.v1.MigrationService/Forget;")
        .hasMessageContaining("CallNeeds");
    assertThatCode(
            () ->
                AccessControl.requireNeeds(
                    List.of(service("crossfade.v1.MigrationService", "Get"))))
        .doesNotThrowAnyException();
  }
}
