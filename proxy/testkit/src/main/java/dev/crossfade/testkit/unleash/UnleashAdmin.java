package dev.crossfade.testkit.unleash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes flags as people do, by the admin API, in the environment {@code development}. */
public final class UnleashAdmin implements AutoCloseable {
  private static final Duration CALL_MAX = Duration.ofSeconds(20);
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  UnleashAdmin(URI address) {
    this.address = address;
  }

  /** Makes a flag, which is off and has no strategy. */
  public void create(String flag) {
    call("POST", "/features", "{\"name\": \"%s\", \"type\": \"release\"}".formatted(flag));
  }

  public void on(String flag) {
    call("POST", environment(flag) + "/on", "");
  }

  public void off(String flag) {
    call("POST", environment(flag) + "/off", "");
  }

  /** Takes a flag out of what clients are told. */
  public void archive(String flag) {
    call("DELETE", "/features/" + flag, "");
  }

  /** Gives a flag one gradual rollout, changed in place if it has it already. */
  public void rollout(String flag, String percent, String stickiness, String group) {
    strategy(
        flag,
        """
        {"name": "flexibleRollout",
         "parameters": {"rollout": "%s", "stickiness": "%s", "groupId": "%s"}}
        """
            .formatted(percent, stickiness, group));
  }

  /** Gives a flag this strategy as its first, changed in place if it has one already. */
  public void strategy(String flag, String json) {
    List<String> known = strategies(flag);
    if (known.isEmpty()) {
      call("POST", environment(flag) + "/strategies", json);
    } else {
      call("PUT", environment(flag) + "/strategies/" + known.getFirst(), json);
    }
  }

  /** Gives a flag one more strategy. */
  public void addStrategy(String flag, String json) {
    call("POST", environment(flag) + "/strategies", json);
  }

  /** Takes all of a flag's strategies but the first. */
  public void keepOneStrategy(String flag) {
    for (String id : strategies(flag).stream().skip(1).toList()) {
      call("DELETE", environment(flag) + "/strategies/" + id, "");
    }
  }

  /** The ids of a flag's strategies, in their order. */
  private List<String> strategies(String flag) {
    Matcher matcher = ID.matcher(call("GET", environment(flag) + "/strategies", ""));
    List<String> ids = new ArrayList<>();
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }

  private static String environment(String flag) {
    return "/features/" + flag + "/environments/development";
  }

  private String call(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/api/admin/projects/default" + path))
            .timeout(CALL_MAX)
            .header("Authorization", UnleashServer.ADMIN_TOKEN)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "Unleash answered %s %s with %d: %s"
                .formatted(method, path, response.statusCode(), response.body()));
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
