package dev.crossfade.server.signal;

import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.core.compare.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Verdicts as they are sent. */
final class Verdicts {
  private static final String PREFIX = "VERDICT_";

  private Verdicts() {}

  /** Empty for those that this control plane does not know. */
  static Optional<Verdict> read(dev.crossfade.api.v1.Verdict sent) {
    return switch (sent) {
      case VERDICT_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
      default -> Optional.of(Verdict.valueOf(sent.name().substring(PREFIX.length())));
    };
  }

  static dev.crossfade.api.v1.Verdict write(Verdict verdict) {
    return dev.crossfade.api.v1.Verdict.valueOf(PREFIX + verdict.name());
  }

  static List<VerdictCount> write(Map<Verdict, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                VerdictCount.newBuilder()
                    .setVerdict(write(entry.getKey()))
                    .setCount(entry.getValue())
                    .build())
        .toList();
  }
}
