package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.CreateTokenResponse;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.engine.access.CallNeeds;
import dev.crossfade.engine.access.Need;
import dev.crossfade.engine.access.Role;
import dev.crossfade.testkit.tls.Identity;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every call of every service that is served, made by everybody who could try it. */
class AccessMatrixIT {
  private static final long ANSWER_MAX_SECONDS = 2;

  /** What may come of a call. */
  private enum Outcome {
    UNAUTHENTICATED,
    PERMISSION_DENIED,
    SERVED
  }

  /**
   * Somebody who calls.
   *
   * @param role null for who is not to be let in
   */
  private record Visitor(
      @Nullable String authorization, @Nullable Identity shown, @Nullable Role role) {}

  @Test
  void whoMayDoItIsServedAndNobodyElse() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      List<MethodDescriptor<?, ?>> methods = methods(scene);
      assertThat(methods).hasSizeGreaterThan(20);
      List<String> wrong = new ArrayList<>();
      for (var visitor : visitors(scene).entrySet()) {
        for (MethodDescriptor<?, ?> method : methods) {
          Outcome expected = expected(method, visitor.getValue().role());
          Outcome outcome = call(scene, visitor.getValue(), method);
          if (outcome != expected) {
            wrong.add(visitor.getKey() + " calls " + method.getFullMethodName() + ": " + outcome);
          }
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  @Test
  void theTableNamesWhatIsServedAndNothingElse() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      assertThat(methods(scene).stream().map(MethodDescriptor::getFullMethodName))
          .containsExactlyInAnyOrderElementsOf(CallNeeds.all().keySet());
    }
  }

  private static List<MethodDescriptor<?, ?>> methods(AccessScene scene) {
    return scene.controlPlane().services().stream()
        .flatMap(service -> service.getMethods().stream())
        .<MethodDescriptor<?, ?>>map(method -> method.getMethodDescriptor())
        .collect(Collectors.toList());
  }

  private static Map<String, Visitor> visitors(AccessScene scene) throws Exception {
    Map<String, Visitor> visitors = new LinkedHashMap<>();
    visitors.put("nobody", new Visitor(null, null, null));
    visitors.put("an unknown token", new Visitor("Bearer " + AccessScene.noToken(), null, null));
    visitors.put("another scheme", new Visitor("Basic YTpi", null, null));
    visitors.put("an expired token", new Visitor("Bearer " + expired(scene), null, null));
    visitors.put("a revoked token", new Visitor("Bearer " + revoked(scene), null, null));
    visitors.put(
        "a certificate without a name",
        new Visitor(null, scene.authority().issue("mallory"), null));
    for (Role role : Role.values()) {
      String token =
          scene.token("the-" + role, dev.crossfade.api.v1.Role.valueOf("ROLE_" + role.name()), "");
      visitors.put("a token of " + role, new Visitor("Bearer " + token, null, role));
    }
    visitors.put(
        "a viewer's certificate", new Visitor(null, scene.authority().issue("vera"), Role.VIEWER));
    visitors.put(
        "a sidecar's certificate",
        new Visitor(null, scene.authority().issue("pod", "shop.sidecars.example"), Role.SIDECAR));
    visitors.put(
        "an admin's certificate with a viewer's token",
        new Visitor(
            "Bearer " + scene.token("low", dev.crossfade.api.v1.Role.ROLE_VIEWER, ""),
            scene.authority().issue("root"),
            Role.VIEWER));
    return visitors;
  }

  private static String expired(AccessScene scene) throws Exception {
    CreateTokenResponse made =
        scene
            .admin()
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName("late")
                    .setRole(dev.crossfade.api.v1.Role.ROLE_ADMIN)
                    .setValidFor(com.google.protobuf.Duration.newBuilder().setSeconds(1))
                    .build());
    Awaitility.await()
        .until(
            () ->
                Instant.now()
                    .isAfter(
                        Instant.ofEpochSecond(made.getToken().getExpiresAt().getSeconds() + 1)));
    return made.getSecret();
  }

  private static String revoked(AccessScene scene) throws Exception {
    CreateTokenResponse made =
        scene
            .admin()
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName("gone")
                    .setRole(dev.crossfade.api.v1.Role.ROLE_ADMIN)
                    .build());
    assertThat(
            scene
                .admin()
                .revokeToken(RevokeTokenRequest.newBuilder().setId(made.getToken().getId()).build())
                .getChanged())
        .isTrue();
    return made.getSecret();
  }

  private static Outcome expected(MethodDescriptor<?, ?> method, @Nullable Role role) {
    Need need = CallNeeds.of(method.getFullMethodName()).orElseThrow();
    if (need == Need.NOTHING) {
      return Outcome.SERVED;
    }
    if (role == null) {
      return Outcome.UNAUTHENTICATED;
    }
    return need.isMetBy(role) ? Outcome.SERVED : Outcome.PERMISSION_DENIED;
  }

  private static <Q, A> Outcome call(
      AccessScene scene, Visitor visitor, MethodDescriptor<Q, A> method) throws Exception {
    var channel = scene.channel(visitor.authorization(), visitor.shown());
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    ClientCall<Q, A> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(A message) {
            outcome.complete(Outcome.SERVED);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            outcome.complete(
                switch (status.getCode()) {
                  case UNAUTHENTICATED -> Outcome.UNAUTHENTICATED;
                  case PERMISSION_DENIED -> Outcome.PERMISSION_DENIED;
                  case UNAVAILABLE, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL, UNKNOWN ->
                      throw new AssertionError(method.getFullMethodName() + ": " + status);
                  default -> Outcome.SERVED;
                });
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(empty(method));
    call.halfClose();
    try {
      return outcome.get(30, TimeUnit.SECONDS);
    } finally {
      call.cancel("done", null);
      channel.shutdownNow();
    }
  }

  private static <Q> Q empty(MethodDescriptor<Q, ?> method) {
    return Optional.ofNullable(
            ((MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller())
                .getMessagePrototype())
        .orElseThrow();
  }
}
