package dev.crossfade.sidecar.config;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** What tells this process from others that share its folders and its host's name. */
public final class ProcessName {
  private static final String NAME = of(ProcessHandle.current().pid());

  private ProcessName() {}

  /** The process id; in a container every process is the first one, so there it is random. */
  static String of(long pid) {
    return pid > 1
        ? Long.toString(pid)
        : HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
  }

  /** Up to ten letters and digits; the same for as long as the process lives. */
  public static String get() {
    return NAME;
  }
}
