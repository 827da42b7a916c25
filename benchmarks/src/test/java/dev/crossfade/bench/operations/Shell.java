package dev.crossfade.bench.operations;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A shell that is given one command after the other, as somebody at a terminal would. */
final class Shell implements AutoCloseable {
  private static final String ENDED = "the command before ended with ";

  private final Process process;
  private final Writer input;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** What a command printed, standard error too, and its exit code. */
  record Outcome(int code, String text) {}

  Shell(Path folder) throws IOException {
    process =
        new ProcessBuilder("bash").directory(folder.toFile()).redirectErrorStream(true).start();
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual()
        .start(() -> process.inputReader(StandardCharsets.UTF_8).lines().forEach(lines::add));
  }

  /** Runs it to its end. */
  Outcome run(String command, Duration bound) throws IOException, InterruptedException {
    send(command + "\necho; echo \"" + ENDED + "$?\"\n");
    String text = collect(line -> line.startsWith(ENDED), bound);
    String last = text.substring(text.lastIndexOf(ENDED) + ENDED.length()).strip();
    return new Outcome(Integer.parseInt(last), text.substring(0, text.lastIndexOf(ENDED)));
  }

  /** Starts one that goes on, and returns when it prints such a line. */
  String start(String command, String ready, Duration bound)
      throws IOException, InterruptedException {
    send(command + "\n");
    return collect(line -> line.startsWith(ready), bound);
  }

  private void send(String text) throws IOException {
    input.write(text);
    input.flush();
  }

  private String collect(Predicate<String> last, Duration bound) throws InterruptedException {
    List<String> read = new ArrayList<>();
    long end = System.nanoTime() + bound.toNanos();
    while (true) {
      String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("waited " + bound + " in vain after:\n" + String.join("\n", read));
      }
      read.add(line);
      if (last.test(line)) {
        return String.join("\n", read);
      }
    }
  }

  /** Everything that it started ends as with Ctrl-C. */
  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle each : all) {
      each.onExit().orTimeout(30, TimeUnit.SECONDS).exceptionally(stubborn -> kill(each)).join();
    }
  }

  private static ProcessHandle kill(ProcessHandle stubborn) {
    if (!stubborn.destroyForcibly()) {
      throw new IllegalStateException("process " + stubborn.pid() + " does not end");
    }
    return stubborn;
  }
}
