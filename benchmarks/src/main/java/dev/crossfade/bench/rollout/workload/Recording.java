package dev.crossfade.bench.rollout.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was recorded, transaction by transaction in the order in which they ended, and from the
 * beginning when it ends. A file is either lines of JSON,
 *
 * <pre>{"session": "a", "sql": "SELECT * FROM orders WHERE id = $1", "params": ["7"]}</pre>
 *
 * or a log of PostgreSQL in CSV ({@link CsvLog}). From BEGIN to COMMIT of one session is one
 * transaction.
 */
public final class Recording implements Workload {
  private static final int ENTRIES_MAX = 1_000_000;
  private static final int OPEN_MAX = 10_000;

  private final String source;
  private final List<Statement> statements;
  private final List<List<Call>> transactions;
  private final double coverage;
  private final List<String> remarks;
  private final boolean writes;

  /**
   * One statement of one session.
   *
   * @param session whatever tells one from another
   * @param sql with {@code $1}
   * @param parameters null is NULL
   */
  record Entry(String session, String sql, List<@Nullable String> parameters) {}

  private Recording(String source, Builder built) {
    this.source = source;
    this.statements =
        built.fingerprints.entrySet().stream()
            .map(
                entry ->
                    new Statement(entry.getKey(), built.counts.getOrDefault(entry.getValue(), 0)))
            .toList();
    this.transactions = List.copyOf(built.transactions);
    int all = built.replayed + built.left;
    this.coverage = all == 0 ? 0 : (double) built.replayed / all;
    this.remarks =
        built.left == 0
            ? List.of()
            : List.of(
                built.left
                    + " recorded statements were not replayed: they, or others of their"
                    + " transactions, may write");
    this.writes = built.writes;
  }

  /**
   * @param name of the file, for messages
   * @param writes whether transactions that may write are let in; else they are left out
   */
  public static Recording parse(String name, String text, boolean writes) throws WorkloadException {
    String first = text.stripLeading();
    List<Entry> entries =
        first.startsWith("{") ? JsonLines.read(name, text) : CsvLog.read(name, text);
    if (entries.size() > ENTRIES_MAX) {
      throw new WorkloadException(name + " has more than " + ENTRIES_MAX + " statements");
    }
    Builder builder = new Builder(writes);
    for (Entry entry : entries) {
      builder.add(entry);
    }
    if (builder.transactions.isEmpty()) {
      throw new WorkloadException(
          name
              + " has no whole transaction that can be replayed"
              + (builder.left > 0 ? ": all of them may write" : ""));
    }
    return new Recording("recording, " + name, builder);
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public List<Statement> statements() {
    return statements;
  }

  @Override
  public List<Call> transaction(long number) {
    return transactions.get((int) Math.floorMod(number, (long) transactions.size()));
  }

  @Override
  public double coverage() {
    return coverage;
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public boolean writes() {
    return writes;
  }

  /** Puts transactions together. */
  private static final class Builder {
    private final boolean allowsWrites;
    private final Map<String, Integer> fingerprints = new LinkedHashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();
    private final Map<String, List<Part>> open = new HashMap<>();
    private final List<List<Call>> transactions = new ArrayList<>();
    private int replayed;
    private int left;
    private boolean writes;

    /** A statement of a transaction that is not over. */
    private record Part(Entry entry, SqlText sql) {}

    Builder(boolean allowsWrites) {
      this.allowsWrites = allowsWrites;
    }

    void add(Entry entry) {
      SqlText sql = SqlText.of(entry.sql());
      Part part = new Part(entry, sql);
      List<Part> begun = open.get(entry.session());
      switch (sql.tokens().kind()) {
        case BEGIN, BEGIN_READ_ONLY, BEGIN_READ_ONLY_SNAPSHOT -> {
          if (open.size() < OPEN_MAX) {
            open.put(entry.session(), new ArrayList<>(List.of(part)));
          }
        }
        case COMMIT, ROLLBACK -> {
          if (begun != null) {
            begun.add(part);
            open.remove(entry.session());
            finish(begun);
          }
        }
        default -> {
          if (begun != null) {
            begun.add(part);
          } else if (!sql.isControl()) {
            finish(List.of(part));
          }
        }
      }
    }

    private void finish(List<Part> parts) {
      long measured = parts.stream().filter(part -> !part.sql().isControl()).count();
      boolean mayWrite =
          parts.stream()
              .map(Part::sql)
              .anyMatch(sql -> !sql.isControl() && (sql.mayWrite() || !sql.isRead()));
      if (measured == 0) {
        return;
      }
      if (mayWrite && !allowsWrites) {
        left += (int) measured;
        return;
      }
      writes |= mayWrite;
      List<Call> calls = new ArrayList<>();
      for (Part part : parts) {
        calls.add(call(part));
      }
      transactions.add(List.copyOf(calls));
      replayed += (int) measured;
    }

    private Call call(Part part) {
      int place = Call.CONTROL;
      if (!part.sql().isControl()) {
        place = fingerprints.computeIfAbsent(part.sql().fingerprint(), text -> fingerprints.size());
        counts.merge(place, 1, Integer::sum);
      }
      Placeholders placeholders = Placeholders.of(part.sql());
      List<@Nullable String> values = new ArrayList<>();
      for (int number : placeholders.numbers()) {
        List<@Nullable String> given = part.entry().parameters();
        values.add(number <= given.size() ? given.get(number - 1) : null);
      }
      return new Call(place, placeholders.jdbc(), values);
    }
  }
}
