package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Tally.Event;
import dev.crossfade.bench.soak.Vitals.Vital;
import java.util.Locale;

/** A line of figures for each sample, while the run goes on. */
final class Progress {
  static final String HEAD =
      "   queries       s  queries/s  RSS MiB  heap MiB  sessions  fds  threads  backends"
          + "  cancelled  breaks  failures";

  private Progress() {}

  static String line(Vitals sample, Tally tally) {
    double seconds = sample.elapsed().toNanos() / 1e9;
    long breaks =
        tally.events(Event.RESETS) + tally.events(Event.CLOSES) + tally.events(Event.TERMINATES);
    return String.format(
        Locale.ROOT,
        "%10d %7.1f %10.0f %8.1f %9.1f %9d %4d %8d %4d/%-4d %10d %7d %9d",
        sample.queries(),
        seconds,
        sample.queries() / seconds,
        sample.value(Vital.RESIDENT_KIB) / 1024.0,
        sample.value(Vital.HEAP_KIB) / 1024.0,
        sample.value(Vital.SESSIONS),
        sample.value(Vital.DESCRIPTORS),
        sample.value(Vital.THREADS),
        sample.value(Vital.OLD_BACKENDS),
        sample.value(Vital.NEW_BACKENDS),
        tally.events(Event.CANCELLED),
        breaks,
        tally.failures());
  }
}
