package dev.crossfade.sidecar;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.MismatchSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.testkit.process.Await;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** What tests of the comparison of reads ask a sidecar and its clients. */
final class ShadowProbe {
  /** Of a sidecar that carries changes and compares whatever it can. */
  static final String ALL = MirroredPair.MIRROR + "\nshadow: {perSecond: 100000}";

  private static final Duration BOUND = Duration.ofSeconds(60);

  private ShadowProbe() {}

  interface Read {
    void run() throws SQLException;
  }

  static long verdicts(Sidecar sidecar, Verdict verdict) {
    return Pair.metric(
        sidecar, "crossfade_shadow_reads_total", "verdict=\"" + verdict.name() + '"');
  }

  /** All that are confirmed. */
  static long mismatches(Sidecar sidecar) {
    long sum = 0;
    for (Verdict verdict : Verdict.values()) {
      sum += verdict.isMismatch() ? verdicts(sidecar, verdict) : 0;
    }
    return sum;
  }

  static int rows(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return count(rows);
    }
  }

  static int rows(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return count(rows);
    }
  }

  private static int count(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  /**
   * Repeats a read until a confirmed difference is told, and gives the first. That new was also
   * slow, as anything is on a machine with much else to do, is passed over.
   */
  static MismatchSample awaitMismatch(Sidecar sidecar, Read read) {
    return awaitSample(sidecar, Verdict::isMismatch, read);
  }

  /** Repeats a read until it is told that new is slow. */
  static MismatchSample awaitSlow(Sidecar sidecar, Read read) {
    return awaitSample(sidecar, Verdict.SLOW::equals, read);
  }

  private static MismatchSample awaitSample(Sidecar sidecar, Predicate<Verdict> which, Read read) {
    Shadow shadow = Objects.requireNonNull(sidecar.shadow());
    List<MismatchSample> found = new ArrayList<>();
    Await.until(
        "a difference is told",
        BOUND,
        () -> {
          read.run();
          for (MismatchSample sample : shadow.comparisons().takeSamples(20)) {
            if (which.test(sample.verdict())) {
              found.add(sample);
            }
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  /** Repeats a read until so many of its answers match. */
  static void awaitMatches(Sidecar sidecar, int more, Read read) {
    long before = verdicts(sidecar, Verdict.MATCH);
    Await.until(
        "answers match",
        BOUND,
        () -> {
          read.run();
          return verdicts(sidecar, Verdict.MATCH) >= before + more;
        });
  }
}
