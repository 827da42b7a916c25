package dev.crossfade.server.store;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.rollout.Baseline;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.Totals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * How a baseline stands in a column:
 *
 * <pre>
 * form: 1 byte, 1 | window: number 8, began at 8 (ms) | totals of the step | totals of the window
 * totals:  answers on old, on new, compared on old, on new | n: 4 | n times: verdict UTF, count 8
 * answers: count 8 | n: 4 | n times: SQLSTATE class UTF, count 8 | steps: 4 | that many: count 8
 * </pre>
 */
final class Baselines {
  private static final int FORM = 1;
  private static final int ENTRIES_MAX = 10_000;

  private Baselines() {}

  static byte[] bytes(Baseline baseline) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeLong(baseline.number());
      out.writeLong(baseline.windowBegan().toEpochMilli());
      write(out, baseline.step());
      write(out, baseline.window());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Baseline read(byte[] bytes) throws SQLException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != FORM) {
        throw new SQLException("a rollout's baseline has an unknown form");
      }
      long number = in.readLong();
      Instant began = Instant.ofEpochMilli(in.readLong());
      return new Baseline(totals(in), totals(in), number, began);
    } catch (IOException | IllegalArgumentException e) {
      throw new SQLException("a rollout's baseline cannot be read", e);
    }
  }

  private static void write(DataOutputStream out, Totals totals) throws IOException {
    write(out, totals.onOld());
    write(out, totals.onNew());
    write(out, totals.comparedOnOld());
    write(out, totals.comparedOnNew());
    out.writeInt(totals.verdicts().size());
    for (Map.Entry<Verdict, Long> verdict : totals.verdicts().entrySet()) {
      out.writeUTF(verdict.getKey().name());
      out.writeLong(verdict.getValue());
    }
  }

  private static void write(DataOutputStream out, Answers answers) throws IOException {
    out.writeLong(answers.count());
    out.writeInt(answers.errors().size());
    for (Map.Entry<String, Long> error : answers.errors().entrySet()) {
      out.writeUTF(error.getKey());
      out.writeLong(error.getValue());
    }
    long[] latencies = answers.latencies();
    out.writeInt(latencies.length);
    for (long count : latencies) {
      out.writeLong(count);
    }
  }

  private static Totals totals(DataInputStream in) throws IOException {
    Answers onOld = answers(in);
    Answers onNew = answers(in);
    Answers comparedOnOld = answers(in);
    Answers comparedOnNew = answers(in);
    Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    for (int i = size(in); i > 0; i--) {
      verdicts.put(Verdict.valueOf(in.readUTF()), in.readLong());
    }
    return new Totals(onOld, onNew, verdicts, comparedOnOld, comparedOnNew);
  }

  private static Answers answers(DataInputStream in) throws IOException {
    long count = in.readLong();
    Map<String, Long> errors = new HashMap<>();
    for (int i = size(in); i > 0; i--) {
      errors.put(in.readUTF(), in.readLong());
    }
    int steps = size(in);
    if (steps != LatencySteps.COUNT) {
      throw new IOException(steps + " steps of latency");
    }
    long[] latencies = new long[steps];
    for (int i = 0; i < steps; i++) {
      latencies[i] = in.readLong();
    }
    return new Answers(count, errors, latencies);
  }

  private static int size(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > ENTRIES_MAX) {
      throw new IOException("a size of " + size);
    }
    return size;
  }
}
