package dev.crossfade.sidecar.config;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What tells this process from others that share its folders and its host's name. */
public final class ProcessName {
  /** What a supervisor calls it, the same after each start. */
  static final String VARIABLE = "CROSSFADE_PROCESS";

  private static final int MOST = 10;
  private static final String NAME =
      of(Optional.ofNullable(System.getenv(VARIABLE)), ProcessHandle.current().pid());

  private ProcessName() {}

  /**
   * What it is called, or the process id; in a container every process is the first one, so there
   * it is random.
   */
  static String of(Optional<String> called, long pid) {
    String name = called.orElse("").replaceAll("[^A-Za-z0-9]", "");
    if (!name.isEmpty()) {
      return name.substring(0, Math.min(MOST, name.length()));
    }
    return pid > 1
        ? Long.toString(pid)
        : HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
  }

  /** Up to ten letters and digits; the same for as long as the process lives. */
  public static String get() {
    return NAME;
  }
}
