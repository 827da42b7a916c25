package dev.crossfade.cli;

import com.google.protobuf.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that may move the authority. */
final class MoveOptions {
  private static final int MILLIS = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  @Option(
      names = "--max-pause",
      paramLabel = "MILLIS",
      description =
          "How long writers may wait if the authority has to be moved, 10 to 60000. What takes"
              + " longer is undone. Default: 1000")
  private @Nullable Integer maxPause;

  @Option(
      names = "--accept-loss",
      description =
          "Go although something is lost by it, or although that is not known. Kept in the history"
              + " with who and why.")
  private boolean acceptsLoss;

  boolean acceptsLoss() {
    return acceptsLoss;
  }

  /** Null when it was not given. */
  @Nullable Duration maxPause() {
    return maxPause == null
        ? null
        : Duration.newBuilder()
            .setSeconds(maxPause / MILLIS)
            .setNanos(maxPause % MILLIS * NANOS_PER_MILLI)
            .build();
  }
}
