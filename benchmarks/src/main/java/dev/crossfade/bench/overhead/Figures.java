package dev.crossfade.bench.overhead;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Everything that was measured, in the order in which it first came. */
final class Figures {
  private final Map<Key, Series> series = new LinkedHashMap<>();
  private final Map<Section, Set<String>> contenders = new EnumMap<>(Section.class);

  /**
   * What was measured.
   *
   * @param workload mode and number of clients, or another condition
   * @param figure what it is, its unit being the last word of its name
   */
  record Key(Section section, String workload, String contender, Figure figure) {}

  /** Parts of the benchmark that can be asked for alone. */
  enum Section {
    LATENCY("One client, everything bound to one core"),
    THROUGHPUT("Several clients, all cores"),
    ROUTED("Reads of a mapped table, one client, everything bound to one core"),
    MEMORY("Resident memory"),
    IDLE("Many idle connections"),
    STARTUP("From the start of the process to the first answer through it");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** What is measured. */
  enum Figure {
    P50_MICROS("p50 µs", 1),
    P99_MICROS("p99 µs", 1),
    PER_SECOND("queries/s", 0),
    CPU_MICROS("proxy CPU µs/query", 1),
    RESIDENT_MIB("MiB", 1),
    EACH_KIB("KiB for each connection", 1),
    BEFORE_MIB("before, MiB", 1),
    OPEN_MIB("open, MiB", 1),
    AFTER_MIB("closed again, MiB", 1),
    START_MILLIS("ms", 0);

    private final String label;
    private final int digits;

    Figure(String label, int digits) {
      this.label = label;
      this.digits = digits;
    }

    String label() {
      return label;
    }

    /** After the decimal point. */
    int digits() {
      return digits;
    }
  }

  /**
   * Fixes the contender's place in tables; the first one announced is what the others are compared
   * with.
   */
  void announce(Section section, String contender) {
    contenders.computeIfAbsent(section, missing -> new LinkedHashSet<>()).add(contender);
  }

  /** In the order in which they were announced. */
  List<String> contenders(Section section) {
    return List.copyOf(contenders.getOrDefault(section, Set.of()));
  }

  void add(Key key, double value) {
    announce(key.section(), key.contender());
    series.computeIfAbsent(key, missing -> new Series()).add(value);
  }

  /** The median over the rounds; empty where it was not measured. */
  OptionalDouble median(Key key) {
    Series found = series.get(key);
    return found == null ? OptionalDouble.empty() : OptionalDouble.of(found.median());
  }

  Set<Key> keys() {
    return new LinkedHashSet<>(series.keySet());
  }

  Series series(Key key) {
    return series.getOrDefault(key, new Series());
  }
}
