package dev.crossfade.server.flags;

import dev.crossfade.net.secret.LocalSecrets;
import dev.crossfade.server.flags.UnleashSettings.Identity;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.SecretNode;
import dev.crossfade.sql.yaml.YamlNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how Unleash is asked.
 *
 * <pre>
 * url: https://unleash.example.com/api
 * token: env:UNLEASH_TOKEN            # or file:PATH, relative to this file's folder
 * environment: production             # default: the one in the token
 * project: default                    # default: all that the token may see
 * appName: crossfade
 * instanceId: control-plane-1         # default: host and process
 * pollInterval: 5s                    # 1s to 5m
 * </pre>
 */
public final class UnleashFile {
  private static final Duration USUAL_POLL = Duration.ofSeconds(5);
  private static final Duration LEAST_POLL = Duration.ofSeconds(1);
  private static final Duration MOST_POLL = Duration.ofMinutes(5);

  /** {@code project:environment.secret}; an admin's has a star for the environment. */
  private static final Pattern TOKEN = Pattern.compile("[^:]+:([A-Za-z0-9_~-]+)\\..+");

  private UnleashFile() {}

  /**
   * @param environment may carry the token
   * @param instanceId when the file gives none
   * @throws IOException when it cannot be read
   * @throws InvalidFileException with everything that is wrong with it; never with the token
   */
  public static UnleashSettings read(Path path, Map<String, String> environment, String instanceId)
      throws IOException, InvalidFileException {
    YamlNode root = YamlNode.parse(Files.readString(path), path.toString());
    root.allowKeys(
        "url", "token", "environment", "project", "appName", "instanceId", "pollInterval");
    URI url = url(root);
    String token = token(root, path, environment);
    UnleashSettings settings =
        new UnleashSettings(
            url,
            token,
            environment(root, token),
            root.optionalString("project").orElse(null),
            new Identity(
                root.optionalString("appName", "crossfade"),
                root.optionalString("instanceId", instanceId)),
            root.duration("pollInterval", LEAST_POLL, MOST_POLL, USUAL_POLL));
    root.finish();
    return settings;
  }

  private static URI url(YamlNode root) {
    String text = root.requiredString("url");
    try {
      URI url = new URI(text);
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (isHttp && url.getHost() != null && url.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Told below, like an address of another kind.
    }
    if (!text.isBlank()) {
      root.child("url")
          .report("no address of Unleash's API; one such as https://unleash.example.com/api is");
    }
    return URI.create("http://127.0.0.1:1/api");
  }

  private static String token(YamlNode root, Path path, Map<String, String> environment) {
    YamlNode node = root.child("token");
    String reference = root.requiredString("token");
    Path folder = path.toAbsolutePath().resolveSibling("");
    Optional<String> token =
        SecretNode.secret(root, "token", new LocalSecrets(folder, environment)).map(String::strip);
    if (token.isPresent() && token.get().isEmpty()) {
      node.report(reference + " is empty; a client token of Unleash is expected there");
    }
    return token.orElse("");
  }

  private static @Nullable String environment(YamlNode root, String token) {
    Optional<String> written = root.optionalString("environment");
    Matcher ofToken = TOKEN.matcher(token);
    if (!ofToken.matches()) {
      return written.orElse(null);
    }
    String environment = ofToken.group(1);
    if (written.isPresent() && !written.get().equals(environment)) {
      root.child("environment")
          .report(
              "the token is one of environment "
                  + environment
                  + ", not of "
                  + written.get()
                  + "; give the token of the environment that is meant");
    }
    return environment;
  }
}
