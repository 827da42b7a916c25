package dev.crossfade.bench.translation;

import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.parse.LexedText;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.RecentTexts;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Microseconds for one statement, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TranslationBenchmark {
  static final String POINT = "SELECT full_name, email FROM customers WHERE id = 4711";

  static final String UNMAPPED =
      "SELECT abalance FROM pgbench_accounts WHERE aid = 4711 AND bid IN (1, 2, 3)";

  static final String JOIN =
      """
      SELECT c.full_name, o.id, o.total_cents, o.placed_at
      FROM customers c JOIN orders o ON o.customer_id = c.id
      WHERE c.email = 'ada@example.org' AND o.status IN ('open', 'paid')
      ORDER BY o.placed_at DESC LIMIT 20
      """;

  /** Forty lines: CTEs, joins, a lateral query, windows, grouping, a set operation. */
  static final String LARGE =
      """
      WITH recent AS (
        SELECT o.customer_id,
               count(*) AS orders,
               sum(o.total_cents) FILTER (WHERE o.status = 'paid') AS paid,
               max(o.placed_at) AS latest
        FROM orders o
        WHERE o.placed_at > $1
          AND o.status <> 'cancelled'
        GROUP BY o.customer_id
        HAVING count(*) > 2
      ), ranked AS (
        SELECT r.customer_id,
               r.orders,
               r.paid,
               rank() OVER (PARTITION BY r.orders ORDER BY r.paid DESC NULLS LAST) AS place
        FROM recent AS r
      )
      SELECT c.id,
             c.full_name,
             lower(c.email) AS email,
             CASE WHEN c.balance_cents < 0 THEN 'owes' ELSE 'has' END AS state,
             k.orders,
             coalesce(k.paid, 0) / 100.0 AS paid,
             l.id AS last_order,
             l.note
      FROM customers c
      JOIN ranked k ON k.customer_id = c.id
      LEFT JOIN LATERAL (
        SELECT o.id, o.note
        FROM orders o
        WHERE o.customer_id = c.id
        ORDER BY o.placed_at DESC
        LIMIT 1
      ) AS l ON true
      WHERE k.place <= 10
        AND (c.email IS NOT NULL OR c.created_at >= $2)
        AND c.id NOT IN (SELECT customer_id FROM orders WHERE status = 'fraud')
      UNION ALL
      SELECT c.id, c.full_name, c.email, 'none', 0, 0, NULL, NULL
      FROM customers c
      WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)
      ORDER BY 5 DESC, 2 LIMIT 100
      """;

  private static final int[] NO_TYPES = {};
  private static final int OTHERS = 4_096;

  private final RecentTexts<Boolean> texts = new RecentTexts<>();
  private final StatementAnalyzer analyzer = Shop.analyzer();
  private final MappedNames names = analyzer.mappedNames();
  private final PlanCache plans = new PlanCache((sql, types) -> plan(sql), 64, 64);
  private final byte[] point = POINT.getBytes(StandardCharsets.UTF_8);
  private final byte[] unmapped = UNMAPPED.getBytes(StandardCharsets.UTF_8);
  private final byte[] join = JOIN.getBytes(StandardCharsets.UTF_8);
  private final byte[] large = LARGE.getBytes(StandardCharsets.UTF_8);

  /** The same with another literal each: none of them comes twice in a row. */
  private final byte[][] others =
      IntStream.range(0, OTHERS)
          .mapToObj(i -> LARGE.replace("100.0", 100 + i + ".0").getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);

  private int other;

  private PlanState plan(String sql) {
    if (analyzer.analyze(sql) instanceof StatementAnalysis.Translatable found) {
      // int16 columns: none. What the servers say is not part of what is measured.
      RowDescription rows =
          RowDescription.read(Unpooled.wrappedBuffer(new byte[] {'T', 0, 0, 0, 6, 0, 0}), 0, 7);
      byte[] parameters = {'t', 0, 0, 0, 6, 0, 0};
      return new PlanState.Ready(
          new ReadPlan(
              found.migrations(),
              found.translation(),
              found.pin(),
              new ReadPlan.Description(NO_TYPES, parameters, rows)));
    }
    throw new IllegalStateException("not translated: " + sql);
  }

  /** Lets the plans be made. */
  @Setup
  public void start() {
    for (byte[] text : new byte[][] {point, join, large}) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!(find(text) instanceof PlanState.Ready)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("no plan was made");
        }
        Thread.onSpinWait();
      }
    }
  }

  @TearDown
  public void stop() {
    plans.close();
  }

  private PlanState find(byte[] text) {
    LexedText<Boolean> lexed = texts.lex(text, text.length);
    return plans.find(
        new PlanKey(lexed.fingerprint(), NO_TYPES), () -> new String(text, StandardCharsets.UTF_8));
  }

  /** What a session does with a statement whose plan is there. */
  private byte[] cached(byte[] text) {
    LexedText<Boolean> lexed = texts.lex(text, text.length);
    if (!lexed.reading(names, () -> lexed.tokens().names(names))) {
      return text;
    }
    PlanState found =
        plans.find(
            new PlanKey(lexed.fingerprint(), NO_TYPES),
            () -> new String(text, StandardCharsets.UTF_8));
    if (found instanceof PlanState.Ready(ReadPlan plan)) {
      return plan.translation().apply(lexed.text(), lexed.tokens());
    }
    throw new IllegalStateException("the plan is gone");
  }

  @Benchmark
  public byte[] cachedPointRead() {
    return cached(point);
  }

  @Benchmark
  public byte[] cachedJoin() {
    return cached(join);
  }

  @Benchmark
  public byte[] cachedFortyLines() {
    return cached(large);
  }

  @Benchmark
  public byte[] cachedFortyLinesOtherLiterals() {
    other = other + 1 & OTHERS - 1;
    return cached(others[other]);
  }

  @Benchmark
  public byte[] noMappedTable() {
    return cached(unmapped);
  }

  @Benchmark
  public StatementAnalysis coldPointRead() {
    return analyzer.analyze(POINT);
  }

  @Benchmark
  public StatementAnalysis coldFortyLines() {
    return analyzer.analyze(LARGE);
  }
}
