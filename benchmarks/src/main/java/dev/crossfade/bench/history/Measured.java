package dev.crossfade.bench.history;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A figure that a benchmark has measured: a line of the history.
 *
 * @param at when, in ISO-8601
 * @param commit of the sources, shortened; empty when it was not known
 * @param machine processor, cores and system, in words
 * @param bench the benchmark's name
 * @param figure what was measured, and its unit
 */
record Measured(
    String at, String commit, String machine, String bench, String figure, double value) {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  String line() {
    return JSON.toJson(this);
  }

  Instant time() {
    return Instant.parse(at);
  }

  /**
   * @throws JsonParseException when it is not one
   */
  static Measured parse(String line) {
    @Nullable Measured read = JSON.fromJson(line, Measured.class);
    if (read == null || read.at == null || read.bench == null || read.figure == null) {
      throw new JsonParseException("'at', 'bench' and 'figure' are needed");
    }
    try {
      read.time();
    } catch (DateTimeParseException e) {
      throw new JsonParseException("'at' is not a time: " + read.at, e);
    }
    return new Measured(
        read.at,
        read.commit == null ? "" : read.commit,
        read.machine == null ? "" : read.machine,
        read.bench,
        read.figure,
        read.value);
  }
}
