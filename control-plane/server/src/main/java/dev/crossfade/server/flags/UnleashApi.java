package dev.crossfade.server.flags;

import dev.crossfade.engine.flag.FlagDefinition;
import io.getunleash.UnleashException;
import io.getunleash.event.ClientFeaturesResponse;
import io.getunleash.repository.FeatureFetcher;
import io.getunleash.repository.HttpFeatureFetcher;
import io.getunleash.util.UnleashConfig;
import java.time.Duration;
import java.util.Map;

/** Asks Unleash what it tells its clients. Blocks, for seconds at most. Of one thread. */
final class UnleashApi {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration READ_MAX = Duration.ofSeconds(5);
  private static final int ANSWER_MAX_CHARS = 32 << 20;

  private final UnleashConfig config;
  private FeatureFetcher fetcher;

  UnleashApi(UnleashSettings settings) {
    UnleashConfig.Builder builder =
        UnleashConfig.builder()
            .unleashAPI(settings.url())
            .apiKey(settings.token())
            .appName(settings.identity().appName())
            .instanceId(settings.identity().instanceId())
            .fetchTogglesInterval(settings.poll().toSeconds())
            .fetchTogglesConnectTimeout(CONNECT_MAX)
            .fetchTogglesReadTimeout(READ_MAX)
            .disableMetrics()
            .disablePolling();
    if (settings.project() != null) {
      builder.projectName(settings.project());
    }
    config = builder.build();
    fetcher = new HttpFeatureFetcher(config);
  }

  /** What came of asking. */
  sealed interface Answer {}

  /** All flags, by name. */
  record Told(Map<String, FlagDefinition> flags) implements Answer {}

  /** Nothing has changed since the last answer. */
  record Same() implements Answer {}

  /**
   * None.
   *
   * @param why half a sentence, without secrets
   */
  record Away(String why) implements Answer {}

  Answer ask() {
    try {
      ClientFeaturesResponse response = fetcher.fetchFeatures();
      return switch (response.getStatus()) {
        case CHANGED -> told(response.getClientFeatures().orElse(""));
        case NOT_CHANGED -> new Same();
        case UNAVAILABLE -> new Away(refusal(response.getHttpStatusCode()));
      };
    } catch (UnleashException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Away("Unleash cannot be reached: " + cause.getMessage());
    }
  }

  private Answer told(String json) {
    if (json.length() > ANSWER_MAX_CHARS) {
      forget();
      return new Away("Unleash's answer has more than " + ANSWER_MAX_CHARS + " characters");
    }
    try {
      return new Told(FlagJson.read(json));
    } catch (IllegalArgumentException e) {
      forget();
      return new Away(String.valueOf(e.getMessage()));
    }
  }

  /** What was of no use must be told again, and not be called the same as before. */
  private void forget() {
    fetcher = new HttpFeatureFetcher(config);
  }

  private static String refusal(int status) {
    return switch (status) {
      case 401, 403 -> "Unleash refuses the token (" + status + ")";
      case 404 -> "Unleash has no API at this address (404)";
      default -> "Unleash answers with " + status;
    };
  }
}
