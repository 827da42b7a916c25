package dev.crossfade.bench.up;

import dev.crossfade.inspect.database.DatabaseUrl;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two files that a control plane and a sidecar need, made from the addresses of two databases.
 * No password is in them: they name variables of the environment.
 *
 * @param service what the sidecar says that it serves
 */
record Settings(String service, DatabaseUrl old, DatabaseUrl next) {
  private static final String JDBC = "jdbc:";
  private static final Pattern TLS = Pattern.compile("(?:^|&)(sslmode|sslrootcert)=([^&]*)");
  private static final List<String> SIDES = List.of("OLD", "NEW");

  /** Host and port. */
  record Address(String host, int port) {
    private static final Pattern FORM = Pattern.compile("([^:\\s]+):([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;

    /**
     * @throws IllegalArgumentException with a sentence that says what would be right
     */
    static Address parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > PORT_MAX) {
        throw new IllegalArgumentException("'" + text + "' is no address: write HOST:PORT");
      }
      return new Address(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
      return host + ':' + port;
    }
  }

  /** The control plane's {@code databases.yaml}: its jobs and moves log in to both. */
  String databases(Map<String, String> environment) {
    StringBuilder yaml =
        new StringBuilder("# Written by crossfade up, anew each time.\ndefault:\n");
    List<DatabaseUrl> sides = List.of(old, next);
    for (int i = 0; i < SIDES.size(); i++) {
      String variable = password(SIDES.get(i));
      String url = sides.get(i).jdbc().substring(JDBC.length());
      yaml.append(
          "  %s: {url: %s"
              .formatted(
                  SIDES.get(i).toLowerCase(Locale.ROOT),
                  quoted(withUser(url, sides.get(i).user()))));
      if (environment.containsKey(variable)) {
        yaml.append(", passwordVariable: ").append(variable);
      }
      yaml.append("}\n");
    }
    return yaml.toString();
  }

  private static String withUser(String url, String user) {
    return url.contains("user=") ? url : url + (url.contains("?") ? "&" : "?") + "user=" + user;
  }

  /** The sidecar's configuration; the mirror uses the same logins. */
  String sidecar(Address listen, Address admin, Address controlPlane) {
    return """
    # Written by crossfade up, anew each time. docs/configuration.md says what else there is.
    service: %s
    listen: {host: %s, port: %d}
    admin: {host: %s, port: %d}
    old: %s
    new: %s
    mirror: {old: {user: %s}, new: {user: %s}}
    controlPlane: {host: %s, port: %d}
    commands: {enabled: true}
    stateDirectory: sidecar
    """
        .formatted(
            quoted(service),
            listen.host(),
            listen.port(),
            admin.host(),
            admin.port(),
            server(old),
            server(next),
            quoted(old.user()),
            quoted(next.user()),
            controlPlane.host(),
            controlPlane.port());
  }

  private static String server(DatabaseUrl url) {
    URI uri = URI.create(url.jdbc().substring(JDBC.length()));
    Map<String, String> tls = new LinkedHashMap<>();
    Matcher parameter = TLS.matcher(Optional.ofNullable(uri.getQuery()).orElse(""));
    while (parameter.find()) {
      String key = parameter.group(1).equals("sslmode") ? "mode" : "ca";
      tls.put(key, quoted(parameter.group(2)));
    }
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        "{host: %s, port: %d, database: %s, user: %s"
            .formatted(
                quoted(uri.getHost()),
                uri.getPort(),
                quoted(uri.getPath().substring(1)),
                quoted(url.user())));
    if (!tls.isEmpty()) {
      yaml.append(", tls: {");
      tls.forEach((key, value) -> yaml.append(key).append(": ").append(value).append(", "));
      yaml.setLength(yaml.length() - 2);
      yaml.append('}');
    }
    return yaml.append('}').toString();
  }

  /** The mirror's own variables, for those that are given for a side only. */
  Map<String, String> mirrorPasswords(Map<String, String> environment) {
    Map<String, String> added = new LinkedHashMap<>();
    for (String side : SIDES) {
      String given = environment.get(password(side));
      String mirrors = "CROSSFADE_MIRROR_" + side + "_PASSWORD";
      if (given != null && !environment.containsKey(mirrors)) {
        added.put(mirrors, given);
      }
    }
    return added;
  }

  private static String password(String side) {
    return "CROSSFADE_" + side + "_PASSWORD";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
