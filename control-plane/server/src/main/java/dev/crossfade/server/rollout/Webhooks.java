package dev.crossfade.server.rollout;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.Plan.Webhook;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.RolloutCalls;
import dev.crossfade.server.store.RolloutCalls.Call;
import dev.crossfade.server.store.RolloutCalls.State;
import dev.crossfade.server.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls of webhooks, each on a thread of its own: nothing ever waits for one. A call that
 * fails is made again, later each time; one that tells is given up after some attempts, one that
 * asks is made as long as its answer matters.
 */
final class Webhooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int ATTEMPTS_MAX = 8;
  private static final int ANSWER_MAX_BYTES = 64 << 10;
  private static final int DOUBLINGS_MAX = 5;
  private static final String REFERENCE = "env:";

  private final RolloutCalls calls;
  private final CatalogStore catalog;
  private final Map<String, String> environment;
  private final RandomGenerator random;
  private final Runnable answered;
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_MAX)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(task -> Thread.ofVirtual().name("webhook-client").start(task))
          .build();

  /**
   * What one attempt came to.
   *
   * @param isDone whether no other is needed
   */
  private record Attempt(boolean isDone, String result) {}

  /**
   * @param environment where references lead
   * @param random spreads the attempts
   * @param answered told when one has answered
   */
  Webhooks(
      RolloutCalls calls,
      CatalogStore catalog,
      Map<String, String> environment,
      RandomGenerator random,
      Runnable answered) {
    this.calls = calls;
    this.catalog = catalog;
    this.environment = Map.copyOf(environment);
    this.random = random;
    this.answered = answered;
  }

  /** Begins the calls whose time has come, and returns at once. */
  void begin() throws StoreException {
    for (Call call : calls.due()) {
      if (underWay.add(call.id())) {
        Thread.ofVirtual().name("webhook-" + call.id()).start(() -> attempt(call));
      }
    }
  }

  private void attempt(Call call) {
    try {
      Attempt attempt = made(call);
      boolean isLast =
          call.content().kind() == Webhook.Kind.NOTIFY
              && call.progress().attempts() + 1 >= ATTEMPTS_MAX;
      State state = attempt.isDone() ? State.DONE : isLast ? State.FAILED : State.OPEN;
      calls.result(call, state, attempt.result(), pause(call.progress().attempts()));
      LOG.atInfo()
          .addKeyValue("migration", call.migration())
          .addKeyValue("webhook", call.webhook())
          .addKeyValue("state", state)
          .addKeyValue("result", attempt.result())
          .log("A webhook was called");
      answered.run();
    } catch (StoreException e) {
      LOG.atWarn().setCause(e).log("What came of a webhook is not written: it is called again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.remove(call.id());
    }
  }

  /** Twice as long each time, and somewhere between half of it and all. */
  private Duration pause(int attempts) {
    long millis = FIRST_PAUSE.toMillis() << Math.min(attempts, DOUBLINGS_MAX);
    long bounded = Math.min(millis, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1));
  }

  private Attempt made(Call call) throws StoreException, InterruptedException {
    Optional<Webhook> webhook =
        catalog
            .detail(call.migration(), 0)
            .flatMap(detail -> Plans.of(detail.entry()))
            .map(Plan::webhooks)
            .stream()
            .flatMap(java.util.List::stream)
            .filter(one -> one.name().equals(call.webhook()))
            .findFirst();
    if (webhook.isEmpty()) {
      return new Attempt(true, "the file has no such webhook any more");
    }
    Optional<String> url = resolved(webhook.get().url());
    Optional<String> token = resolved(webhook.get().token());
    if (url.isEmpty() || token.isEmpty()) {
      return new Attempt(
          false,
          "the control plane's environment has no variable "
              + (url.isEmpty() ? webhook.get().url() : webhook.get().token())
                  .substring(REFERENCE.length()));
    }
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri(url.get()))
              .timeout(webhook.get().timeout())
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", "crossfade-" + call.id())
              .POST(HttpRequest.BodyPublishers.ofString(call.content().body()));
      if (!token.get().isEmpty()) {
        request.header("Authorization", "Bearer " + token.get());
      }
      HttpResponse<byte[]> response =
          client.send(
              request.build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), ANSWER_MAX_BYTES));
      return judged(call, response);
    } catch (IOException e) {
      // The message may name the URL, which may be a secret; the kind of failure does not.
      return new Attempt(false, "no answer: " + e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      return new Attempt(false, "its URL is none: http://HOST/... or https://HOST/... is");
    }
  }

  private static URI uri(String url) {
    URI uri = URI.create(url);
    boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!isHttp || uri.getHost() == null) {
      throw new IllegalArgumentException("not HTTP");
    }
    return uri;
  }

  private Optional<String> resolved(String text) {
    return text.startsWith(REFERENCE)
        ? Optional.ofNullable(environment.get(text.substring(REFERENCE.length())))
        : Optional.of(text);
  }

  private static Attempt judged(Call call, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status < 200 || status > 299) {
      return new Attempt(false, "answered " + status);
    }
    if (call.content().kind() == Webhook.Kind.NOTIFY) {
      return new Attempt(true, "answered " + status);
    }
    return confirms(response.body())
        ? new Attempt(true, "agreed")
        : new Attempt(false, "answered " + status + " and did not agree");
  }

  private static boolean confirms(byte[] body) {
    Struct.Builder json = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(new String(body, StandardCharsets.UTF_8), json);
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
    return json.getFieldsOrDefault("confirm", Value.getDefaultInstance()).getBoolValue();
  }

  /** Those that are under way are made again by whoever leads next. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
