package dev.crossfade.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a process and all its descendants use, from {@code /proc}. */
public final class ProcessFigures {
  /**
   * The unit of times in {@code /proc/<pid>/stat}: USER_HZ, which is 100 on every Linux that Java
   * runs on.
   */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private ProcessFigures() {}

  /** User and system time so far, of threads and children that have ended too. */
  public static Duration cpu(long pid) {
    long ticks = 0;
    for (long each : family(pid)) {
      String stat = read(Path.of("/proc", Long.toString(each), "stat"));
      // The command's name, in parentheses, may hold blanks; after it come the state and then
      // figures.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      ticks += Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
    }
    return TICK.multipliedBy(ticks);
  }

  /** Memory resident now, in KiB. What processes share is counted once for each. */
  public static long residentKib(long pid) {
    long kib = 0;
    for (long each : family(pid)) {
      for (String line : read(Path.of("/proc", Long.toString(each), "status")).split("\n")) {
        if (line.startsWith("VmRSS:")) {
          kib += Long.parseLong(line.replaceAll("\\D+", ""));
        }
      }
    }
    return kib;
  }

  /** Open file descriptors of the process itself. */
  public static long descriptors(long pid) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Open sockets of the process itself. */
  public static long sockets(long pid) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.filter(ProcessFigures::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /** Threads of the process itself. */
  public static long threads(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Binds every thread of the family to these processors.
   *
   * @param processors as taskset writes them: {@code 0}, {@code 0-1}
   */
  public static void pin(long pid, String processors) {
    for (long each : family(pid)) {
      try {
        Process taskset =
            new ProcessBuilder("taskset", "-a", "-c", "-p", processors, Long.toString(each))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        taskset.waitFor(10, TimeUnit.SECONDS);
      } catch (IOException e) {
        throw new IllegalStateException(
            "taskset is needed (package util-linux): " + e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static List<Long> family(long pid) {
    return Stream.concat(
            Stream.of(pid),
            ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      // A child that ended between the listing and the look at it: its time is in its parent's.
      return ") Z 0 0 0 0 0 0 0 0 0 0 0 0 0";
    }
  }
}
