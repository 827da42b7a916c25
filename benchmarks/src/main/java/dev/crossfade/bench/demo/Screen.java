package dev.crossfade.bench.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What the demo prints: a line per thing done, a table of steps whose last line lives on a
 * terminal.
 */
final class Screen {
  private static final String HEADER =
      """
      reads on new            per second           answered by new        answered by old
        asked  measured     reads    writes         p50       p99          p50       p99     wrong   errors
      """;

  private final PrintStream out;
  private final boolean terminal;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line of its own. */
  synchronized void line(String format, Object... arguments) {
    out.println(format.formatted(arguments));
    out.flush();
  }

  /** Something that took a while, with the time it took. */
  synchronized void done(String what, long startNanos) {
    line("  %-92s %6.1f s", what, (System.nanoTime() - startNanos) / 1e9);
  }

  void header() {
    line("");
    out.print(HEADER);
  }

  /** The step that runs: overwritten by the next call on a terminal, silent elsewhere. */
  synchronized void live(Measurement measured) {
    if (terminal) {
      out.print('\r' + row(measured));
      out.flush();
    }
  }

  /** The step that has ended. */
  synchronized void step(Measurement measured) {
    out.println((terminal ? "\r" : "") + row(measured));
    out.flush();
  }

  /** Makes the next line begin at the left, on a terminal with a row that lives. */
  synchronized void leaveRow() {
    if (terminal) {
      out.println();
    }
  }

  private static String row(Measurement measured) {
    return String.format(
        Locale.ROOT,
        "%5d %%  %6.2f %%   %,7.0f   %,7.0f   %9s %9s    %9s %9s   %,7d  %,7d",
        measured.percent(),
        measured.split().newPercent(),
        measured.counts().reads() / measured.seconds(),
        measured.counts().writes() / measured.seconds(),
        millis(measured.onNew().median()),
        millis(measured.onNew().p99()),
        millis(measured.onOld().median()),
        millis(measured.onOld().p99()),
        measured.counts().wrong(),
        measured.counts().errors());
  }

  private static String millis(OptionalDouble seconds) {
    return seconds.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.2f ms", seconds.getAsDouble() * 1000);
  }
}
