package dev.crossfade.server;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.MirrorGauge;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.engine.signal.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Signals of one migration, as a test has them. */
final class TestSignals implements SignalSource {
  private static final MirrorGauge CALM =
      new MirrorGauge(OptionalLong.of(0), Optional.of(Duration.ZERO), OptionalLong.of(0));

  private final AtomicReference<Reading> reading =
      new AtomicReference<>(new Reading(Instant.EPOCH, Totals.NONE, CALM, 3, 0));
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public Reading read(String migration) {
    return reading.get();
  }

  @Override
  public AutoCloseable subscribe(Consumer<String> changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  /** The fleet has counted more of it. */
  void count(String migration, long answers, long errors, long mismatches) {
    long[] latencies = new long[LatencySteps.COUNT];
    latencies[LatencySteps.of(500)] = answers;
    Answers onNew = new Answers(answers, errors == 0 ? Map.of() : Map.of("XX", errors), latencies);
    Totals more =
        new Totals(
            new Answers(answers, Map.of(), latencies),
            onNew,
            Map.of(Verdict.MATCH, answers - mismatches, Verdict.VALUE, mismatches),
            Answers.NONE,
            Answers.NONE);
    reading.updateAndGet(
        before ->
            new Reading(
                Instant.now(), before.totals().plus(more), before.mirror(), 3, before.silent()));
    listeners.forEach(listener -> listener.accept(migration));
  }

  /** The mirror has given something up. */
  void deadLetters(String migration, long count) {
    reading.updateAndGet(
        before ->
            new Reading(
                Instant.now(),
                before.totals(),
                new MirrorGauge(
                    OptionalLong.of(0), Optional.of(Duration.ZERO), OptionalLong.of(count)),
                3,
                0));
    listeners.forEach(listener -> listener.accept(migration));
  }
}
