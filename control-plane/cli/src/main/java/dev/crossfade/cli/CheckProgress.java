package dev.crossfade.cli;

import dev.crossfade.inspect.law.LensCheck;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A line on a terminal that is written over while a check goes on. */
final class CheckProgress implements LensCheck.Progress {
  private static final long REDRAW_NANOS = 200_000_000L;
  private static final String CLEAR = "\r\u001b[K";

  private final @Nullable PrintWriter terminal;
  private final LongSupplier nanoTime;
  private String step = "";
  private long began;
  private long drawn;

  /**
   * @param terminal null when nobody looks
   */
  CheckProgress(@Nullable PrintWriter terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void at(String name, long rows, long expected) {
    long now = nanoTime.getAsLong();
    boolean begins = !name.equals(step);
    if (begins) {
      step = name;
      began = now;
    }
    if (terminal != null && (begins || now - drawn >= REDRAW_NANOS)) {
      drawn = now;
      terminal.print(CLEAR + line(name, rows, expected, Duration.ofNanos(now - began)));
      terminal.flush();
    }
  }

  /** Takes the line away. */
  void end() {
    if (terminal != null) {
      terminal.print(CLEAR);
      terminal.flush();
    }
  }

  static String line(String name, long rows, long expected, Duration elapsed) {
    StringBuilder text = new StringBuilder(name);
    if (rows > 0) {
      text.append(String.format(Locale.ROOT, "  %,d", rows));
      text.append(
          expected > 0 ? String.format(Locale.ROOT, " of about %,d rows", expected) : " rows");
      double seconds = elapsed.toNanos() / 1e9;
      if (seconds > 0) {
        double rate = rows / seconds;
        text.append(String.format(Locale.ROOT, "  %,.0f/s", rate));
        if (expected > rows) {
          text.append(String.format(Locale.ROOT, "  %,.0f s left", (expected - rows) / rate));
        }
      }
    }
    return text.toString();
  }
}
