package dev.crossfade.server.signal;

import dev.crossfade.api.v1.ComparedTimes;
import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.SideSignals;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.Totals;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that is counted of a migration or a statement, in one array, so that adding and
 * subtracting is one loop. Not thread-safe.
 *
 * <pre>
 *   old: answers errors[] latencies[]   new: the same
 *   verdicts[]   compared on old[] on new[]   routable reads, of these on new   unlisted
 * </pre>
 */
final class Sums {
  /** No sidecar has counted more than that within one report. */
  private static final long COUNT_MAX = 100_000_000;

  private static final int OLD = 0;
  private static final int ERRORS = 1;
  private static final int LATENCIES = ERRORS + ErrorClasses.COUNT;
  private static final int NEW = LATENCIES + LatencySteps.COUNT;
  private static final int VERDICTS = 2 * NEW;
  private static final int COMPARED_OLD = VERDICTS + Verdict.values().length;
  private static final int COMPARED_NEW = COMPARED_OLD + LatencySteps.COUNT;
  private static final int READS = COMPARED_NEW + LatencySteps.COUNT;
  private static final int READS_ON_NEW = READS + 1;
  private static final int UNLISTED = READS + 2;
  private static final int SIZE = READS + 3;

  private final long[] cells;

  private Sums(long[] cells) {
    this.cells = cells;
  }

  Sums() {
    this(new long[SIZE]);
  }

  Sums copy() {
    return new Sums(cells.clone());
  }

  void add(Sums other) {
    for (int cell = 0; cell < SIZE; cell++) {
      cells[cell] += other.cells[cell];
    }
  }

  /** What came since {@code earlier}; what is less than it was counts as nothing. */
  Sums since(Sums earlier) {
    Sums difference = new Sums();
    for (int cell = 0; cell < SIZE; cell++) {
      difference.cells[cell] = Math.max(0, cells[cell] - earlier.cells[cell]);
    }
    return difference;
  }

  boolean isEmpty() {
    for (long cell : cells) {
      if (cell != 0) {
        return false;
      }
    }
    return true;
  }

  /** What a report or a row of the store says; what cannot be is passed over. */
  void add(MigrationSignals signals, long most) {
    add(OLD, signals.getOnOld(), most);
    add(NEW, signals.getOnNew(), most);
    add(signals.getVerdictsList(), most);
    add(signals.getCompared(), most);
    cells[UNLISTED] += bounded(signals.getUnlisted(), most);
  }

  void add(MigrationSignals reported) {
    add(reported, COUNT_MAX);
  }

  void add(QuerySignals signals, long most) {
    add(OLD, signals.getOnOld(), most);
    add(NEW, signals.getOnNew(), most);
    add(signals.getVerdictsList(), most);
    add(signals.getCompared(), most);
  }

  void add(QuerySignals reported) {
    add(reported, COUNT_MAX);
  }

  void addReads(long routable, long onNew) {
    cells[READS] += bounded(routable, Long.MAX_VALUE);
    cells[READS_ON_NEW] += bounded(onNew, Long.MAX_VALUE);
  }

  static long bounded(long count) {
    return bounded(count, COUNT_MAX);
  }

  private static long bounded(long count, long most) {
    return Math.clamp(count, 0, most);
  }

  private void add(int side, SideSignals signals, long most) {
    cells[side] += bounded(signals.getAnswers(), most);
    for (ErrorCount error : signals.getErrorsList()) {
      cells[side + ERRORS + ErrorClasses.of(error.getSqlstateClass())] +=
          bounded(error.getCount(), most);
    }
    add(side + LATENCIES, signals.getLatenciesList(), most);
  }

  private void add(int at, List<LatencyStep> steps, long most) {
    for (LatencyStep step : steps) {
      if (step.getStep() >= 0 && step.getStep() < LatencySteps.COUNT) {
        cells[at + step.getStep()] += bounded(step.getCount(), most);
      }
    }
  }

  private void add(List<VerdictCount> verdicts, long most) {
    for (VerdictCount count : verdicts) {
      Verdicts.read(count.getVerdict())
          .ifPresent(
              verdict -> cells[VERDICTS + verdict.ordinal()] += bounded(count.getCount(), most));
    }
  }

  private void add(ComparedTimes compared, long most) {
    add(COMPARED_OLD, compared.getOnOldList(), most);
    add(COMPARED_NEW, compared.getOnNewList(), most);
  }

  long reads() {
    return cells[READS];
  }

  long readsOnNew() {
    return cells[READS_ON_NEW];
  }

  long unlisted() {
    return cells[UNLISTED];
  }

  long answersOnOld() {
    return cells[OLD];
  }

  long answersOnNew() {
    return cells[NEW];
  }

  long answers() {
    return cells[OLD] + cells[NEW];
  }

  /** As the engine judges them. */
  Totals totals() {
    Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      long count = cells[VERDICTS + verdict.ordinal()];
      if (count > 0) {
        verdicts.put(verdict, count);
      }
    }
    return new Totals(
        answers(OLD), answers(NEW), verdicts, compared(COMPARED_OLD), compared(COMPARED_NEW));
  }

  private Answers answers(int side) {
    Map<String, Long> errors = new HashMap<>();
    for (int errorClass = 0; errorClass < ErrorClasses.COUNT; errorClass++) {
      long count = cells[side + ERRORS + errorClass];
      if (count > 0) {
        errors.put(ErrorClasses.name(errorClass), count);
      }
    }
    return new Answers(cells[side], errors, latencies(side + LATENCIES));
  }

  private Answers compared(int at) {
    long[] steps = latencies(at);
    return new Answers(Arrays.stream(steps).sum(), Map.of(), steps);
  }

  private long[] latencies(int at) {
    return Arrays.copyOfRange(cells, at, at + LatencySteps.COUNT);
  }

  /** As it is stored, without the reads; {@link #add(MigrationSignals, long)} reads it. */
  MigrationSignals write() {
    return MigrationSignals.newBuilder()
        .setOnOld(side(OLD))
        .setOnNew(side(NEW))
        .addAllVerdicts(Verdicts.write(totals().verdicts()))
        .setCompared(
            ComparedTimes.newBuilder()
                .addAllOnOld(steps(COMPARED_OLD))
                .addAllOnNew(steps(COMPARED_NEW)))
        .setUnlisted(cells[UNLISTED])
        .build();
  }

  private SideSignals side(int side) {
    SideSignals.Builder signals =
        SideSignals.newBuilder().setAnswers(cells[side]).addAllLatencies(steps(side + LATENCIES));
    answers(side)
        .errors()
        .forEach(
            (name, count) ->
                signals.addErrors(ErrorCount.newBuilder().setSqlstateClass(name).setCount(count)));
    return signals.build();
  }

  private List<LatencyStep> steps(int at) {
    List<LatencyStep> steps = new java.util.ArrayList<>();
    for (int step = 0; step < LatencySteps.COUNT; step++) {
      if (cells[at + step] > 0) {
        steps.add(LatencyStep.newBuilder().setStep(step).setCount(cells[at + step]).build());
      }
    }
    return steps;
  }

  /** In as few bytes as its cells that are not 0 need. */
  byte[] packed() {
    byte[] bytes = new byte[64];
    int length = 0;
    int last = 0;
    for (int cell = 0; cell < SIZE; cell++) {
      if (cells[cell] != 0) {
        if (length + 20 > bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        length = put(bytes, length, cell - last);
        length = put(bytes, length, cells[cell]);
        last = cell;
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  private static int put(byte[] bytes, int at, long value) {
    int next = at;
    long rest = value;
    while (rest > 127) {
      bytes[next++] = (byte) (rest & 127 | 128);
      rest >>>= 7;
    }
    bytes[next++] = (byte) rest;
    return next;
  }

  /** Adds what {@link #packed} has made. */
  void addPacked(byte[] packed) {
    int cell = 0;
    int at = 0;
    while (at < packed.length) {
      long gap = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = packed[at++];
        gap |= (next & 127L) << shift;
        if (next >= 0) {
          break;
        }
      }
      long count = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = packed[at++];
        count |= (next & 127L) << shift;
        if (next >= 0) {
          break;
        }
      }
      cell += (int) gap;
      cells[cell] += count;
    }
  }
}
