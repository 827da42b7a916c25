package dev.crossfade.server.grpc;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.CreateTokenResponse;
import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.ListTokensResponse;
import dev.crossfade.api.v1.Proof;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.RevokeTokenResponse;
import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.api.v1.WhoAmIResponse;
import dev.crossfade.engine.access.Identity;
import dev.crossfade.engine.access.Role;
import dev.crossfade.engine.access.Token;
import dev.crossfade.engine.access.TokenSecret;
import dev.crossfade.server.access.AccessControl;
import dev.crossfade.server.access.Caller;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.TokenStore;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens, and who the caller is. */
public final class AccessGrpc extends AccessServiceGrpc.AccessServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(AccessGrpc.class);
  private static final int CALLS_MAX = 8;
  private static final Duration USUAL_TIME = Duration.ofDays(90);
  private static final Duration LONGEST_TIME = Duration.ofDays(5 * 366);

  private final TokenStore store;
  private final AccessControl access;
  private final SecureRandom random = new SecureRandom();
  private final Calls calls = new Calls(CALLS_MAX);

  public AccessGrpc(TokenStore store, AccessControl access) {
    this.store = store;
    this.access = access;
  }

  @Override
  public void createToken(CreateTokenRequest request, StreamObserver<CreateTokenResponse> answer) {
    calls.answer(answer, () -> create(request));
  }

  private CreateTokenResponse create(CreateTokenRequest request)
      throws StatusException, StoreException {
    TokenSecret secret = TokenSecret.make(random);
    TokenStore.Order order =
        new TokenStore.Order(
            secret.hash(), identity(request), Caller.actorOf(""), validFor(request));
    return switch (store.create(order, access.hasOtherAdmins())) {
      case TokenStore.Made.Full full ->
          throw precondition(
              "there are "
                  + full.most()
                  + " tokens already, which is the most; those that ended 90 days ago make room");
      case TokenStore.Made.NoAdmin none ->
          throw precondition(
              "the first token is to be an admin's: after it, callers have to say who they are, and"
                  + " nobody could make another");
      case TokenStore.Made.New made -> {
        boolean asked = access.isLoginRequired();
        access.changed();
        log(made.token(), "A token was made");
        yield CreateTokenResponse.newBuilder()
            .setToken(wire(made.token()))
            .setSecret(secret.reveal())
            .setLoginRequiredNow(made.first() && !asked)
            .build();
      }
    };
  }

  private static Identity identity(CreateTokenRequest request) throws StatusException {
    Role role =
        switch (request.getRole()) {
          case ROLE_VIEWER -> Role.VIEWER;
          case ROLE_OPERATOR -> Role.OPERATOR;
          case ROLE_ADMIN -> Role.ADMIN;
          case ROLE_SIDECAR -> Role.SIDECAR;
          case ROLE_UNSPECIFIED, UNRECOGNIZED ->
              throw Requests.invalid(
                  "role is missing or unknown: give one of VIEWER, OPERATOR, ADMIN, SIDECAR");
        };
    try {
      return new Identity(request.getName(), role, request.getService());
    } catch (IllegalArgumentException e) {
      throw Requests.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static Duration validFor(CreateTokenRequest request) throws StatusException {
    if (!request.hasValidFor()) {
      return USUAL_TIME;
    }
    long seconds = request.getValidFor().getSeconds();
    if (seconds < 1 || seconds > LONGEST_TIME.toSeconds()) {
      throw Requests.invalid("valid_for is out of its range: give 1 s to 5 years");
    }
    return Duration.ofSeconds(seconds);
  }

  @Override
  public void listTokens(ListTokensRequest request, StreamObserver<ListTokensResponse> answer) {
    calls.answer(
        answer,
        () -> {
          ListTokensResponse.Builder response = ListTokensResponse.newBuilder();
          store.list().forEach(token -> response.addTokens(wire(token)));
          return response.build();
        });
  }

  @Override
  public void revokeToken(RevokeTokenRequest request, StreamObserver<RevokeTokenResponse> answer) {
    calls.answer(
        answer,
        () -> {
          TokenStore.Revoked revoked =
              store
                  .revoke(request.getId(), Caller.actorOf(""))
                  .orElseThrow(
                      () ->
                          Status.NOT_FOUND
                              .withDescription("there is no token " + request.getId())
                              .asException());
          if (revoked.changed()) {
            log(revoked.token(), "A token was revoked");
          }
          RevokeTokenResponse response =
              RevokeTokenResponse.newBuilder()
                  .setToken(wire(revoked.token()))
                  .setChanged(revoked.changed())
                  .build();
          access.changed();
          return response;
        });
  }

  @Override
  public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> answer) {
    calls.answer(
        answer,
        () -> {
          Caller caller =
              Caller.current()
                  .orElseThrow(
                      () ->
                          Status.UNAUTHENTICATED
                              .withDescription("nobody has looked at who you are")
                              .asException());
          WhoAmIResponse.Builder response =
              WhoAmIResponse.newBuilder()
                  .setName(caller.name())
                  .setRole(wire(caller.role()))
                  .setProof(
                      switch (caller.proof()) {
                        case NONE -> Proof.PROOF_NONE;
                        case TOKEN -> Proof.PROOF_TOKEN;
                        case CERTIFICATE -> Proof.PROOF_CERTIFICATE;
                      });
          if (caller.identity() != null) {
            response.setService(caller.identity().service());
          }
          if (caller.expiresAt() != null) {
            response.setExpiresAt(Wire.timestamp(caller.expiresAt()));
          }
          return response.build();
        });
  }

  private static dev.crossfade.api.v1.Token wire(Token token) {
    dev.crossfade.api.v1.Token.Builder wire =
        dev.crossfade.api.v1.Token.newBuilder()
            .setId(token.id())
            .setName(token.identity().name())
            .setRole(wire(token.identity().role()))
            .setService(token.identity().service())
            .setCreatedAt(Wire.timestamp(token.createdAt()))
            .setCreatedBy(token.createdBy())
            .setExpiresAt(Wire.timestamp(token.expiresAt()));
    Token.Revocation revoked = token.revoked();
    if (revoked != null) {
      Timestamp at = Wire.timestamp(revoked.at());
      wire.setRevokedAt(at).setRevokedBy(revoked.by());
    }
    return wire.build();
  }

  private static dev.crossfade.api.v1.Role wire(Role role) {
    return switch (role) {
      case VIEWER -> dev.crossfade.api.v1.Role.ROLE_VIEWER;
      case OPERATOR -> dev.crossfade.api.v1.Role.ROLE_OPERATOR;
      case ADMIN -> dev.crossfade.api.v1.Role.ROLE_ADMIN;
      case SIDECAR -> dev.crossfade.api.v1.Role.ROLE_SIDECAR;
    };
  }

  private static void log(Token token, String what) {
    LOG.atInfo()
        .addKeyValue("token", token.id())
        .addKeyValue("name", token.identity().name())
        .addKeyValue("role", token.identity().role())
        .addKeyValue("actor", Caller.actorOf(""))
        .log(what);
  }

  private static StatusException precondition(String message) {
    return Status.FAILED_PRECONDITION.withDescription(message).asException();
  }
}
