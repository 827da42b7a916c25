package dev.crossfade.sidecar.inventory;

import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.postgresql.catalog.ExplainQuery;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks both databases how they would run a statement, and finds the tables that new would read
 * whole although old reads no large one whole: there an index is missing. Nothing is executed.
 *
 * <p>Plans that were just made wait here; {@link #explainNext} takes one of them, and blocks on the
 * two connections, which are nobody else's and are closed when nothing waits. What was found
 * missing is asked again after a while, so that it goes away with its cause. The text of a
 * statement stays in this object.
 */
public final class PlanAdvisor implements AutoCloseable {
  /** A smaller table is quicker read whole. */
  static final long LARGE_BYTES = 1 << 20;

  static final int WAITING_MAX = 256;
  static final long WAITING_BYTES_MAX = 1 << 20;
  static final int FOUND_MAX = 64;
  static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
  private static final int SCANS_MAX = 8;
  private static final Logger LOG = LoggerFactory.getLogger(PlanAdvisor.class);

  private record Question(Fingerprint fingerprint, byte[] sql, ReadPlan plan) {}

  private record Finding(Question question, List<SequentialScan> scans, long foundNanos) {}

  private final MetadataConnection old;
  private final MetadataConnection target;
  private final LongSupplier nanos;
  private final Map<Fingerprint, Finding> found = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock asking = new ReentrantLock();

  // Guarded by the lock.
  private final ArrayDeque<Question> waiting = new ArrayDeque<>();
  private long waitingBytes;

  /**
   * @param old a connection of its own
   * @param target a connection of its own
   * @param nanos the clock, as of {@link System#nanoTime}
   */
  public PlanAdvisor(MetadataConnection old, MetadataConnection target, LongSupplier nanos) {
    this.old = old;
    this.target = target;
    this.nanos = nanos;
  }

  /** The plans of this maker, from now on, instead of what was planned before. */
  public PlanMaker watching(PlanMaker maker) {
    lock.lock();
    try {
      waiting.clear();
      waitingBytes = 0;
      found.clear();
    } finally {
      lock.unlock();
    }
    return (sql, parameterTypes) -> {
      PlanState made = maker.make(sql, parameterTypes);
      if (made instanceof PlanState.Ready(ReadPlan plan)) {
        enqueue(sql, plan);
      }
      return made;
    };
  }

  /** What finds no place is not explained: the report of the statement lacks nothing else. */
  private void enqueue(String sql, ReadPlan plan) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Fingerprint fingerprint = Fingerprint.of(text, new Lexer().lex(text, text.length));
    lock.lock();
    try {
      if (waiting.size() < WAITING_MAX && waitingBytes + text.length <= WAITING_BYTES_MAX) {
        waiting.add(new Question(fingerprint, text, plan));
        waitingBytes += text.length;
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was found of a statement; empty when nothing is wrong, or nobody has asked yet. */
  public List<SequentialScan> scans(Fingerprint fingerprint) {
    Finding finding = found.get(fingerprint);
    return finding == null ? List.of() : finding.scans();
  }

  /**
   * Explains one statement, if one waits. To be called at the rate that the databases are to be
   * asked at most; blocks.
   */
  public void explainNext() {
    if (!asking.tryLock()) {
      return;
    }
    try {
      Question question = next();
      if (question == null) {
        disconnect();
        return;
      }
      explain(question);
    } finally {
      asking.unlock();
    }
  }

  private @Nullable Question next() {
    lock.lock();
    try {
      Question first = waiting.poll();
      if (first != null) {
        waitingBytes -= first.sql().length;
        return first;
      }
    } finally {
      lock.unlock();
    }
    long now = nanos.getAsLong();
    for (Finding finding : found.values()) {
      if (now - finding.foundNanos() > AGAIN_AFTER.toNanos()) {
        return finding.question();
      }
    }
    return null;
  }

  private void explain(Question question) {
    try {
      List<SequentialScan> missing = missing(question);
      if (missing.isEmpty()) {
        found.remove(question.fingerprint());
      } else if (found.size() < FOUND_MAX || found.containsKey(question.fingerprint())) {
        found.put(question.fingerprint(), new Finding(question, missing, nanos.getAsLong()));
      }
    } catch (MetadataException e) {
      // What was found stands until somebody can be asked.
      found.computeIfPresent(
          question.fingerprint(),
          (same, before) -> new Finding(question, before.scans(), nanos.getAsLong()));
      LOG.atDebug().log("A statement could not be explained");
    }
  }

  private List<SequentialScan> missing(Question question) throws MetadataException {
    Tokens tokens = new Lexer().lex(question.sql(), question.sql().length);
    byte[] translated = question.plan().translation().apply(question.sql(), tokens);
    int[] typesOnNew = question.plan().parameterTypesThere();
    List<SequentialScan> large = new ArrayList<>();
    for (ExplainedPlan.Scan scan : explain(target, translated, typesOnNew)) {
      long bytes = bytes(target, scan);
      if (bytes >= LARGE_BYTES && large.size() < SCANS_MAX) {
        large.add(message(scan, bytes));
      }
    }
    if (large.isEmpty()
        || readsLarge(old, question.sql(), question.plan().description().parameterTypes())) {
      return List.of();
    }
    return large;
  }

  private static boolean readsLarge(MetadataConnection connection, byte[] sql, int[] types)
      throws MetadataException {
    for (ExplainedPlan.Scan scan : explain(connection, sql, types)) {
      if (bytes(connection, scan) >= LARGE_BYTES) {
        return true;
      }
    }
    return false;
  }

  private static List<ExplainedPlan.Scan> explain(
      MetadataConnection connection, byte[] sql, int[] types) throws MetadataException {
    return ExplainedPlan.scans(
        ExplainQuery.explain(connection, "(FORMAT JSON, VERBOSE)", sql, types));
  }

  private static long bytes(MetadataConnection connection, ExplainedPlan.Scan scan)
      throws MetadataException {
    String size =
        connection
            .query("SELECT coalesce(pg_relation_size(to_regclass(" + literal(scan) + ")), 0)")
            .getFirst()
            .getFirst();
    return size == null ? 0 : Long.parseLong(size);
  }

  private SequentialScan message(ExplainedPlan.Scan scan, long bytes) throws MetadataException {
    List<String> columns = new ArrayList<>(scan.equalities());
    // Behind a range no further column narrows the search.
    Iterator<String> ranges = scan.ranges().iterator();
    while (ranges.hasNext() && columns.size() == scan.equalities().size()) {
      String range = ranges.next();
      if (!columns.contains(range)) {
        columns.add(range);
      }
    }
    return SequentialScan.newBuilder()
        .setTable(scan.schema() + '.' + scan.table())
        .addAllColumns(columns)
        .addAllConditionColumns(scan.named())
        .setSizeBytes(bytes)
        .setProposal(columns.isEmpty() || isServed(scan, columns) ? "" : proposal(scan, columns))
        .build();
  }

  private static String proposal(ExplainedPlan.Scan scan, List<String> columns) {
    return "CREATE INDEX CONCURRENTLY ON "
        + name(scan)
        + " ("
        + String.join(", ", columns.stream().map(ExplainedPlan::quoted).toList())
        + ')';
  }

  /** Whether an index begins with one of the columns, so that it is not for lack of one. */
  private boolean isServed(ExplainedPlan.Scan scan, List<String> columns) throws MetadataException {
    return target
        .query(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND"
                + " a.attnum = i.indkey[0] WHERE i.indisvalid AND i.indpred IS NULL AND i.indrelid"
                + " = to_regclass("
                + literal(scan)
                + ')')
        .stream()
        .anyMatch(row -> columns.contains(row.getFirst()));
  }

  private static String name(ExplainedPlan.Scan scan) {
    return ExplainedPlan.quoted(scan.schema()) + '.' + ExplainedPlan.quoted(scan.table());
  }

  private static String literal(ExplainedPlan.Scan scan) {
    return '\'' + name(scan).replace("'", "''") + '\'';
  }

  private void disconnect() {
    old.close();
    target.close();
  }

  @Override
  public void close() {
    disconnect();
  }
}
