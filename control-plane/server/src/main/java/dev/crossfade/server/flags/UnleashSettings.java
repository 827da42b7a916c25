package dev.crossfade.server.flags;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where Unleash is, and who asks it.
 *
 * @param url of the API, such as {@code https://unleash.example.com/api}
 * @param token of a client, secret
 * @param environment that the token belongs to; null when it is not known
 * @param project whose flags are asked for; null for all that the token may see
 * @param identity who asks
 * @param poll how often
 */
public record UnleashSettings(
    URI url,
    String token,
    @Nullable String environment,
    @Nullable String project,
    Identity identity,
    Duration poll) {
  /** As Unleash shows who asks. */
  public record Identity(String appName, String instanceId) {}

  /** How long an answer holds without another one. */
  Duration staleAfter() {
    return poll.multipliedBy(3).plusSeconds(2);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return identity.appName() + " at " + url;
  }
}
