package dev.crossfade.bench.history;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The figures of all runs so far, a line each, in {@code history.jsonl} of a folder of results. */
record History(Path file) {
  /** The oldest are forgotten. */
  static final int LINES_MAX = 20_000;

  static History of(Path folder) {
    return new History(folder.resolve("history.jsonl"));
  }

  /**
   * All of them, in their order.
   *
   * @throws IOException with the line's number when one cannot be read
   */
  List<Measured> read() throws IOException {
    List<Measured> all = new ArrayList<>();
    int number = 0;
    for (String line : lines()) {
      number++;
      try {
        all.add(Measured.parse(line));
      } catch (JsonParseException e) {
        throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return all;
  }

  void add(List<Measured> more) throws IOException {
    List<String> lines = new ArrayList<>(lines());
    more.forEach(measured -> lines.add(measured.line()));
    Files.write(file, lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()));
  }

  private List<String> lines() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
