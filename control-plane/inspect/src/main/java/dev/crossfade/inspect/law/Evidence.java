package dev.crossfade.inspect.law;

import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the rows that were checked so far have shown. For one thread. */
final class Evidence {
  static final int MOST_EXAMPLES = 5;

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Long> rows = new LinkedHashMap<>();

  /**
   * One kind of fault at one place.
   *
   * <p>How often each variety of it was met, the first examples, and whether all that came back was
   * one and the same value.
   */
  static final class Entry {
    private final Code code;
    private final String place;
    private final Map<String, Long> kinds = new LinkedHashMap<>();
    private final List<Example> examples = new ArrayList<>();
    private @Nullable String hash;
    private boolean varied;

    Entry(Code code, String place) {
      this.code = code;
      this.place = place;
    }

    Code code() {
      return code;
    }

    String place() {
      return place;
    }

    long count() {
      return kinds.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Long> kinds() {
      return new LinkedHashMap<>(kinds);
    }

    List<Example> examples() {
      return List.copyOf(examples);
    }

    /** The only value that came back, as its hash; empty when there were several. */
    Optional<String> onlyHash() {
      return varied ? Optional.empty() : Optional.ofNullable(hash);
    }

    Entry count(String kind, long times) {
      kinds.merge(kind, times, Long::sum);
      return this;
    }

    void example(Example example) {
      if (examples.size() < MOST_EXAMPLES) {
        examples.add(example);
      }
    }

    void cameBack(String newHash) {
      varied |= hash != null && !hash.equals(newHash);
      hash = newHash;
    }

    void vary() {
      varied = true;
    }

    /** Such as {@code 12 rows: 10 cut off, 2 NULL}. */
    String described() {
      StringBuilder text = new StringBuilder();
      kinds.forEach(
          (kind, count) ->
              text.append(text.isEmpty() ? "" : ", ").append(kind).append(inRows(count)));
      return text.toString();
    }
  }

  private static String inRows(long count) {
    return count == 0 ? "" : " in " + count + (count == 1 ? " row" : " rows");
  }

  /** The entry for a fault, a new one if need be. */
  Entry at(Code code, String place) {
    return entries.computeIfAbsent(code + " " + place, key -> new Entry(code, place));
  }

  Optional<Entry> find(Code code, String place) {
    return Optional.ofNullable(entries.get(code + " " + place));
  }

  /** A fault that no row has shown, or not yet. */
  void add(Code code, String place, String kind, Example example) {
    at(code, place).count(kind, 1).example(example);
  }

  Collection<Entry> entries() {
    return List.copyOf(entries.values());
  }

  void addRows(String table, long count) {
    rows.merge(table, count, Long::sum);
  }

  long rows(String table) {
    return rows.getOrDefault(table, 0L);
  }

  Map<String, Long> rows() {
    return new LinkedHashMap<>(rows);
  }
}
