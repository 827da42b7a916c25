package dev.crossfade.server.signal;

import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.engine.signal.MirrorGauge;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.server.store.SignalRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one migration: what came to this process, and what others have written. Its
 * methods wait for each other and for nothing else.
 */
final class Observed {
  private static final int QUERIES_MAX = 200;

  private final String migration;
  private final Heard heard = new Heard();
  private final History history;

  /** Those asked longest ago make room. */
  private final Map<String, ObservedQuery> queries = new LinkedHashMap<>(16, 0.75f, true);

  private Sums own = new Sums();
  private Instant reportedAt = Instant.EPOCH;
  private Map<String, Other> others = Map.of();
  private Sums before;
  private boolean changed;
  private boolean queriesChanged;

  /** What was written last, or was to be; null: nothing. */
  private @Nullable SignalRow written;

  /** What another process has written. */
  private record Other(SignalRow row, Sums sums) {}

  /** A statement. */
  private static final class ObservedQuery {
    private final String text;
    private final Sums own = new Sums();
    private Sums others = new Sums();
    private boolean changed;

    private ObservedQuery(String text) {
      this.text = text;
    }

    private Sums all() {
      Sums all = own.copy();
      all.add(others);
      return all;
    }
  }

  /** A statement's totals. */
  record QueryTotals(String query, String text, Sums sums) {}

  /** As it is now, in one piece. */
  record State(Reading reading, Sums totals, History.Window window, List<History.Point> points) {}

  Observed(String migration, Instant now) {
    this.migration = migration;
    this.history = new History(now);
    this.before = new Sums();
  }

  String migration() {
    return migration;
  }

  synchronized void reported(
      String sidecar, Instant now, long nanos, MigrationSignals signals, Reads reads) {
    heard.reported(
        sidecar, nanos, signals.hasMirror() ? Optional.of(signals.getMirror()) : Optional.empty());
    own.add(signals);
    own.addReads(reads.routable(), reads.onNew());
    reportedAt = now;
    changed = true;
    for (QuerySignals query : signals.getQueriesList()) {
      ObservedQuery known = query(query.getQuery(), query.getText());
      known.own.add(query);
      known.changed = true;
      queriesChanged = true;
    }
  }

  private ObservedQuery query(String id, String text) {
    ObservedQuery known = queries.get(id);
    if (known == null) {
      if (queries.size() >= QUERIES_MAX) {
        queries.remove(queries.keySet().iterator().next());
      }
      known = new ObservedQuery(text);
      queries.put(id, known);
    }
    return known;
  }

  /** Of all processes together. */
  private Sums totals() {
    Sums totals = own.copy();
    others.values().forEach(other -> totals.add(other.sums()));
    return totals;
  }

  /** A second is over. */
  synchronized void tick(Instant now, long nanos) {
    Sums all = totals();
    MirrorGauge gauge = mirror(nanos);
    history.add(
        now,
        all.since(before),
        gauge.lag().map(lag -> OptionalLong.of(lag.toMillis())).orElse(OptionalLong.empty()));
    before = all;
    heard.forget(nanos);
  }

  private MirrorGauge mirror(long nanos) {
    MirrorGauge gauge = heard.mirror(nanos);
    for (Other other : others.values()) {
      if (other.row().isFresh()) {
        SignalRow row = other.row();
        gauge = Heard.worse(gauge, Heard.gauge(row.pending(), row.lagMillis(), row.deadLetters()));
      }
    }
    return gauge;
  }

  synchronized Reading reading(long nanos) {
    int reporting = heard.reporting(nanos);
    int silent = heard.silent(nanos);
    Instant at = reportedAt;
    for (Other other : others.values()) {
      at = at.isBefore(other.row().reportedAt()) ? other.row().reportedAt() : at;
      if (other.row().isFresh()) {
        reporting += other.row().reporting();
        silent += other.row().silent();
      }
    }
    return new Reading(at, totals().totals(), mirror(nanos), reporting, silent);
  }

  synchronized State state(Instant now, long nanos, Duration window, int points) {
    return new State(
        reading(nanos), totals(), history.window(now, window), history.points(now, window, points));
  }

  /** Those executed most. */
  synchronized List<QueryTotals> queries(int limit) {
    return queries.entrySet().stream()
        .map(
            entry -> new QueryTotals(entry.getKey(), entry.getValue().text, entry.getValue().all()))
        .sorted(
            Comparator.comparingLong((QueryTotals query) -> query.sums().answers())
                .reversed()
                .thenComparing(QueryTotals::query))
        .limit(limit)
        .toList();
  }

  /**
   * What this process has to write; empty when nothing has changed.
   *
   * @param always write it anyway, so that others know that this process lives
   */
  synchronized Optional<SignalRow> toWrite(String replica, long nanos, boolean always) {
    if (!changed && !always || own.isEmpty() && reportedAt.equals(Instant.EPOCH)) {
      return Optional.empty();
    }
    changed = false;
    MirrorGauge gauge = heard.mirror(nanos);
    written =
        new SignalRow(
            migration,
            replica,
            own.write().toByteArray(),
            new SignalRow.Reads(own.reads(), own.readsOnNew()),
            new SignalRow.Fleet(heard.reporting(nanos), heard.silent(nanos)),
            new SignalRow.Gauge(
                gauge.pending().orElse(-1), Heard.millis(gauge), gauge.deadLetters().orElse(-1)),
            reportedAt,
            true);
    return Optional.of(written);
  }

  /** The same of statements. */
  synchronized List<SignalRow.QueryRow> queriesToWrite(String replica) {
    if (!queriesChanged) {
      return List.of();
    }
    queriesChanged = false;
    List<SignalRow.QueryRow> rows =
        queries.entrySet().stream()
            .filter(entry -> entry.getValue().changed)
            .map(
                entry ->
                    new SignalRow.QueryRow(
                        migration,
                        replica,
                        entry.getKey(),
                        entry.getValue().text,
                        entry.getValue().own.write().toByteArray()))
            .toList();
    queries.values().forEach(query -> query.changed = false);
    return rows;
  }

  /** It could not be written: next time again. */
  synchronized void notWritten() {
    changed = true;
  }

  synchronized void queriesNotWritten() {
    queriesChanged = true;
    queries.values().forEach(query -> query.changed = !query.own.isEmpty());
  }

  /**
   * What others have written, all of it.
   *
   * @param rows those without totals are as they were read last
   * @return whether it was complete: else they are to be read with all totals
   */
  synchronized boolean others(List<SignalRow> rows) {
    Map<String, Other> now = new HashMap<>();
    for (SignalRow row : rows) {
      Other known = others.get(row.replica());
      if (row.totals().length > 0) {
        now.put(row.replica(), new Other(row, StoredSums.read(row)));
      } else if (known != null) {
        now.put(row.replica(), new Other(row, known.sums()));
      } else {
        return false;
      }
    }
    others = now;
    return true;
  }

  /** Statements as others have counted them. */
  synchronized void otherQueries(List<SignalRow.QueryRow> rows) {
    queries.values().forEach(query -> query.others = new Sums());
    for (SignalRow.QueryRow row : rows) {
      query(row.query(), row.text()).others.add(StoredSums.read(row.totals()));
    }
  }

  /** What was there when the process began is no news. */
  synchronized void begin() {
    before = totals();
  }

  /**
   * Others may take this process for gone and have added up what it had written: from now on it is
   * somebody else, who begins with what it has not.
   */
  synchronized void becomeAnother() {
    SignalRow former = written;
    if (former == null) {
      return;
    }
    Map<String, Other> now = new HashMap<>(others);
    now.put(former.replica(), new Other(former, StoredSums.read(former)));
    others = now;
    own = own.since(StoredSums.read(former));
    written = null;
    queries.values().removeIf(query -> !query.own.isEmpty());
    changed = true;
  }
}
