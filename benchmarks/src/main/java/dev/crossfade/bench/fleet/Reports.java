package dev.crossfade.bench.fleet;

import dev.crossfade.api.v1.CircuitState;
import dev.crossfade.api.v1.ComparedTimes;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.RoutedCount;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.SideSignals;
import dev.crossfade.api.v1.Verdict;
import dev.crossfade.api.v1.VerdictCount;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What busy sidecars report: of each migration twenty statements, each a few times on each side.
 */
final class Reports {
  static final int QUERIES = 20;
  private static final int STEPS = 8;

  private final List<String> migrations;
  private final RandomGenerator random;

  Reports(List<String> migrations, RandomGenerator random) {
    this.migrations = List.copyOf(migrations);
    this.random = random;
  }

  Report next() {
    Report.Builder report =
        Report.newBuilder()
            .setInterval(com.google.protobuf.Duration.newBuilder().setSeconds(1))
            .setSessions(20)
            .setCircuit(CircuitState.CIRCUIT_STATE_CLOSED);
    for (String migration : migrations) {
      report
          .addRouted(routed(migration, Side.SIDE_OLD, "OUT_OF_SHARE"))
          .addRouted(routed(migration, Side.SIDE_NEW, "IN_SHARE"))
          .addSignals(signals(migration));
    }
    return report.build();
  }

  private RoutedCount routed(String migration, Side side, String reason) {
    return RoutedCount.newBuilder()
        .setMigration(migration)
        .setSide(side)
        .setReason(reason)
        .setCount(100 + random.nextInt(50))
        .build();
  }

  private MigrationSignals signals(String migration) {
    MigrationSignals.Builder signals =
        MigrationSignals.newBuilder()
            .setMigration(migration)
            .setOnOld(side(100))
            .setOnNew(side(100))
            .addVerdicts(VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_MATCH).setCount(10))
            .setCompared(compared())
            .setMirror(
                MirrorSignals.newBuilder()
                    .setPending(random.nextInt(20))
                    .setLag(com.google.protobuf.Duration.newBuilder().setNanos(4_000_000)));
    for (int query = 0; query < QUERIES; query++) {
      signals.addQueries(
          QuerySignals.newBuilder()
              .setQuery(String.format("%016x", query + 1))
              .setText(
                  "select id, full_name, email, balance_cents, created_at from customers where id ="
                      + " ? and column_"
                      + query
                      + " > ? order by created_at limit ?")
              .setOnOld(side(5))
              .setOnNew(side(5))
              .addVerdicts(VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_MATCH).setCount(1))
              .setCompared(compared()));
    }
    return signals.build();
  }

  private ComparedTimes compared() {
    return ComparedTimes.newBuilder().addOnOld(step(1)).addOnNew(step(1)).build();
  }

  private SideSignals side(int answers) {
    SideSignals.Builder side = SideSignals.newBuilder().setAnswers(answers);
    for (int i = 0; i < Math.min(STEPS, answers); i++) {
      side.addLatencies(step(answers / Math.min(STEPS, answers)));
    }
    return side.build();
  }

  private LatencyStep step(int count) {
    return LatencyStep.newBuilder().setStep(12 + random.nextInt(30)).setCount(count).build();
  }
}
