package dev.crossfade.net.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks {@code http://HOST:PORT/PATH} and ends with 0 when the answer is 200, with 1 when it is
 * another one or none. The URL is the one argument, else in {@code CROSSFADE_PROBE}.
 *
 * <p>It writes the few bytes of HTTP/1.0 itself: Java's HTTP client takes longer to be loaded than
 * the answer takes to come.
 */
public final class ProbeMain {
  private static final String VARIABLE = "CROSSFADE_PROBE";
  private static final int UNUSABLE = 2;
  private static final int DEADLINE_MILLIS = 2_000;
  private static final int ANSWER_MAX_BYTES = 4_096;

  private ProbeMain() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv()));
  }

  static int run(String[] arguments, Map<String, String> environment) {
    String text = arguments.length == 1 ? arguments[0] : environment.getOrDefault(VARIABLE, "");
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      return unusable(text);
    }
    if (arguments.length > 1
        || !"http".equals(url.getScheme())
        || url.getHost() == null
        || url.getPort() < 0) {
      return unusable(text);
    }
    try {
      String answer = ask(url);
      System.out.println(answer.lines().findFirst().orElse("no answer"));
      return isOk(answer) ? 0 : 1;
    } catch (IOException e) {
      System.out.println(url + ": " + e.getMessage());
      return 1;
    }
  }

  private static int unusable(String text) {
    System.err.println(
        "probe: '" + text + "' is no http://HOST:PORT/PATH; give one, or set " + VARIABLE);
    return UNUSABLE;
  }

  /** The beginning of the answer: its status line, and what fits of the rest. */
  private static String ask(URI url) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), DEADLINE_MILLIS);
      String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
      String request = "GET " + path + " HTTP/1.0\r\nHost: " + url.getHost() + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(
          socket.getInputStream().readNBytes(ANSWER_MAX_BYTES), StandardCharsets.UTF_8);
    }
  }

  private static boolean isOk(String answer) {
    return answer.startsWith("HTTP/1.1 200 ") || answer.startsWith("HTTP/1.0 200 ");
  }
}
