package dev.crossfade.bench.consistency;

import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** What happens in a run, as it happens, on standard output. */
final class Diary {
  private Diary() {}

  static void write(String text) {
    System.out.println(LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS) + " " + text);
  }
}
