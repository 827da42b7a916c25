package dev.crossfade.server.access;

import dev.crossfade.engine.access.CallNeeds;
import dev.crossfade.engine.access.CertificateNames;
import dev.crossfade.engine.access.FailedLogins;
import dev.crossfade.engine.access.Identity;
import dev.crossfade.engine.access.Need;
import dev.crossfade.engine.access.Token;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.TokenStore;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every call passes before its service sees it: who is it, and may it?
 *
 * <pre>
 * call --> token, else certificate, else nothing --> Caller --> what the call needs --> service
 *                        '-- UNAUTHENTICATED                       '-- PERMISSION_DENIED
 * </pre>
 *
 * <p>Calls that last are judged again every second, and ended when their caller stops to count.
 */
public final class AccessControl implements ServerInterceptor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int FILE_EVERY_LOOKS = 3;
  private static final int ADDRESSES_MAX = 10_000;

  private final Settings settings;
  private final KnownTokens tokens;
  private final InstantSource clock;
  private final FailedLogins failed = new FailedLogins(ADDRESSES_MAX, System::nanoTime);
  private final Map<LoginFailure, LongAdder> failures = new EnumMap<>(LoginFailure.class);
  private final Set<GuardedCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("access").factory());
  private long looked;

  /**
   * How callers are let in.
   *
   * @param loginRequired whether they have to say who they are even though no token was made yet
   * @param names whom certificates stand for; null: certificates say nothing
   * @param tls whose files are followed; null for none
   */
  public record Settings(
      boolean loginRequired, @Nullable NamesFile names, @Nullable ServerTls tls) {}

  private AccessControl(Settings settings, KnownTokens tokens, InstantSource clock) {
    this.settings = settings;
    this.tokens = tokens;
    this.clock = clock;
    for (LoginFailure why : LoginFailure.values()) {
      failures.put(why, new LongAdder());
    }
  }

  /**
   * Reads the tokens and follows them from then on.
   *
   * @throws StoreException when they can not be read now
   */
  public static AccessControl start(Settings settings, TokenStore store, InstantSource clock)
      throws StoreException {
    KnownTokens tokens = new KnownTokens(store);
    tokens.read();
    AccessControl access = new AccessControl(settings, tokens, clock);
    long every = LOOK_EVERY.toMillis();
    access.looks.scheduleWithFixedDelay(access::look, every, every, TimeUnit.MILLISECONDS);
    return access;
  }

  /** To be called when calls are let in: says so where everybody is. */
  public void tellIfOpen() {
    if (!isLoginRequired()) {
      LOG.warn(
          "Nobody has to say who it is: whoever is on this machine may do everything, under any"
              + " name. It ends with the first token (ctl token create)");
    }
  }

  /**
   * Makes sure that it is known what each call needs.
   *
   * @throws IllegalStateException when it is not; it names the calls
   */
  public static void requireNeeds(Collection<ServerServiceDefinition> services) {
    List<String> forgotten =
        services.stream()
            .flatMap(service -> service.getMethods().stream())
            .map(method -> method.getMethodDescriptor().getFullMethodName())
            .filter(method -> CallNeeds.of(method).isEmpty())
            .sorted()
            .toList();
    if (!forgotten.isEmpty()) {
      throw new IllegalStateException(
          "it is not said who may call "
              + String.join(", ", forgotten)
              + "; add what is needed to CallNeeds");
    }
  }

  /** Whether callers have to say who they are. */
  public boolean isLoginRequired() {
    return settings.loginRequired() || settings.names() != null || !tokens.isEmpty();
  }

  /** Whether there can be an admin without a token. */
  public boolean hasOtherAdmins() {
    return settings.names() != null;
  }

  /** How many have not been let in since the start, by reason. */
  public Map<LoginFailure, Long> failures() {
    Map<LoginFailure, Long> counts = new EnumMap<>(LoginFailure.class);
    failures.forEach((why, count) -> counts.put(why, count.sum()));
    return counts;
  }

  /** What has changed here counts here at once. */
  public void changed() {
    tokens.refresh();
    endThoseThatNoLongerCount();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Optional<Need> need = CallNeeds.of(method);
    if (need.isEmpty()) {
      return refuse(call, Status.PERMISSION_DENIED.withDescription("nobody may call " + method));
    }
    if (need.get() == Need.NOTHING) {
      return next.startCall(call, headers);
    }
    Credential credential = Credential.of(call.getAttributes(), headers);
    Credential.Peer peer = Credential.peer(call.getAttributes(), headers);
    return switch (login(credential, peer, method)) {
      case Login.Refused refused -> refuse(call, refused.status());
      case Login.Known known ->
          known.caller().may(need.get())
              ? serve(new GuardedCall<>(call, credential, known.caller()), headers, next)
              : refuse(call, denied(known.caller(), need.get(), method));
    };
  }

  private <Q, A> ServerCall.Listener<Q> serve(
      GuardedCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Context context = Context.current().withValue(Caller.KEY, call.caller());
    boolean lasts = !call.getMethodDescriptor().getType().serverSendsOneMessage();
    if (lasts) {
      open.add(call);
    }
    return call.listener(
        Contexts.interceptCall(context, call, headers, next),
        () -> {
          open.remove(call);
        });
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status why) {
    call.close(why, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static Status denied(Caller caller, Need need, String method) {
    return Status.PERMISSION_DENIED.withDescription(
        caller.name()
            + " has the role "
            + word(caller.role())
            + ", and "
            + method.substring(method.indexOf('/') + 1)
            + " needs "
            + word(need));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private Login login(Credential credential, Credential.Peer peer, String method) {
    Login login = judge(credential, peer.here());
    if (!(login instanceof Login.Refused first)) {
      return login;
    }
    if (!failed.failed(peer.address())) {
      failures(LoginFailure.TOO_MANY);
      return new Login.Refused(
          LoginFailure.TOO_MANY,
          "too many logins have failed from " + peer.address() + "; wait a few seconds");
    }
    // Another replica may have made it a moment ago.
    tokens.refresh();
    Login again = judge(credential, peer.here());
    if (again instanceof Login.Refused refused) {
      failures(refused.why());
      LOG.atWarn()
          .addKeyValue("peer", peer.address())
          .addKeyValue("method", method)
          .addKeyValue("reason", first.message())
          .log("A login failed");
    }
    return again;
  }

  private void failures(LoginFailure why) {
    Optional.ofNullable(failures.get(why)).ifPresent(LongAdder::increment);
  }

  /**
   * @param here whether it comes from this machine
   */
  private Login judge(Credential credential, boolean here) {
    return switch (credential) {
      case Credential.OfToken shown ->
          tokens
              .find(shown.hash())
              .map(this::judge)
              .orElseGet(
                  () ->
                      new Login.Refused(
                          LoginFailure.UNKNOWN_TOKEN,
                          "the token is not known to this control plane"));
      case Credential.Garbled garbled ->
          new Login.Refused(
              LoginFailure.UNKNOWN_TOKEN,
              "authorization is not \"Bearer\" and a token, which begins with cf_");
      case Credential.OfCertificate shown -> judge(shown);
      case Credential.Nothing nothing ->
          here && !isLoginRequired()
              ? new Login.Known(Caller.ANYBODY)
              : new Login.Refused(
                  LoginFailure.NOTHING_SHOWN,
                  "say who you are: a token or a certificate is needed here");
    };
  }

  private Login judge(Token token) {
    Identity identity = token.identity();
    String which = "the token " + token.id() + " of " + identity.name();
    return switch (token.standing(clock.instant())) {
      case LIVE -> new Login.Known(new Caller(identity, Caller.Proof.TOKEN, token.expiresAt()));
      case EXPIRED ->
          new Login.Refused(
              LoginFailure.EXPIRED_TOKEN, which + " has expired at " + token.expiresAt());
      case REVOKED -> new Login.Refused(LoginFailure.REVOKED_TOKEN, which + " was revoked");
    };
  }

  private Login judge(Credential.OfCertificate shown) {
    CertificateNames names =
        settings.names() == null ? CertificateNames.NONE : settings.names().names();
    if (!clock.instant().isBefore(shown.expiresAt())) {
      return new Login.Refused(
          LoginFailure.EXPIRED_CERTIFICATE,
          "the certificate of \"" + shown.subject() + "\" has expired at " + shown.expiresAt());
    }
    return names
        .find(shown.names())
        .<Login>map(
            identity ->
                new Login.Known(new Caller(identity, Caller.Proof.CERTIFICATE, shown.expiresAt())))
        .orElseGet(
            () ->
                new Login.Refused(
                    LoginFailure.UNKNOWN_CERTIFICATE,
                    "the access file does not name the certificate of \""
                        + shown.subject()
                        + "\""));
  }

  private void look() {
    try {
      tokens.refresh();
      if (++looked % FILE_EVERY_LOOKS == 0) {
        readFilesAgain();
      }
      endThoseThatNoLongerCount();
    } catch (RuntimeException e) {
      // Else nobody would look again.
      LOG.atError().setCause(e).log("Looking after open calls failed");
    }
  }

  private void readFilesAgain() {
    NamesFile names = settings.names();
    if (names != null) {
      names.refresh();
    }
    ServerTls tls = settings.tls();
    if (tls != null) {
      tls.refresh();
    }
  }

  private void endThoseThatNoLongerCount() {
    for (GuardedCall<?, ?> call : open) {
      switch (judge(call.credential(), true)) {
        case Login.Refused refused -> call.sendAway(refused.status());
        case Login.Known known -> {
          if (!known.caller().equals(call.caller())) {
            call.sendAway(
                Status.UNAUTHENTICATED.withDescription("you are somebody else now: call again"));
          }
        }
      }
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
