package dev.crossfade.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The last lines a process printed, and the first one that was waited for. Filled by one thread,
 * read by any.
 */
final class Output {
  /** How many lines are kept. */
  static final int LINES = 500;

  /** How much of a long line is kept, in characters. */
  private static final int LINE_LENGTH = 4096;

  private final Deque<String> tail = new ArrayDeque<>();
  private final Predicate<String> awaited;
  private final CompletableFuture<String> found = new CompletableFuture<>();

  Output(Predicate<String> awaited) {
    this.awaited = awaited;
  }

  /** Reads until the process has closed its output. */
  void drain(BufferedReader reader) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(output lost: " + e + ")");
    }
    found.completeExceptionally(new IOException("the process ended its output"));
  }

  private void add(String line) {
    synchronized (tail) {
      if (tail.size() == LINES) {
        tail.removeFirst();
      }
      tail.addLast(line.substring(0, Math.min(LINE_LENGTH, line.length())));
    }
    if (awaited.test(line)) {
      found.complete(line);
    }
  }

  /** The first awaited line; fails when the output ends without one. */
  CompletableFuture<String> found() {
    return found;
  }

  List<String> tail() {
    synchronized (tail) {
      return List.copyOf(tail);
    }
  }
}
