package dev.crossfade.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ties a program to this JVM: it is killed when its standard input ends, which the operating system
 * sees to however this JVM dies.
 */
public final class Tether {
  private Tether() {}

  /** The command that becomes the given one. Its standard input must be left to this JVM. */
  public static List<String> around(List<String> command) {
    List<String> tethered = new ArrayList<>(List.of("sh", "-c", script(), "tether"));
    tethered.addAll(command);
    return tethered;
  }

  private static String script() {
    try (InputStream stream = Tether.class.getResourceAsStream("tether.sh")) {
      if (stream == null) {
        throw new IllegalStateException("tether.sh is not on the class path");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
