package dev.crossfade.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen.
 *
 * @param host a name or address; IPv6 without brackets
 * @param port 0 to 65535; 0 for a free one
 */
record ListenAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\s\\[\\]]+)):([0-9]{1,5})");
  private static final int PORT_MAX = 65_535;

  /**
   * Reads {@code 127.0.0.1:7432}, {@code [::1]:7432} or {@code name:7432}.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  static ListenAddress parse(String text) {
    Matcher matcher = FORM.matcher(text.trim());
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > PORT_MAX) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no address to listen on: write HOST:PORT, such as 127.0.0.1:7432 or"
              + " [::1]:7432");
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new ListenAddress(host, Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
