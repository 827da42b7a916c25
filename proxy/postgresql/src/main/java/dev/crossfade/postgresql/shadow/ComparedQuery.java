package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.AnswerComparison;
import dev.crossfade.core.compare.AnswerComparison.Choice;
import dev.crossfade.core.compare.Budget;
import dev.crossfade.core.compare.ColumnRule;
import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.core.compare.DoubtRoom;
import dev.crossfade.core.compare.Slowness;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of all reads with one plan, as far as comparing them goes. Any thread. */
public final class ComparedQuery {
  /** So many of one fingerprint in a second count as rare. */
  private static final int RARE = 4;

  private static final int FIRST_USER_OID = 16_384;
  private static final int ID_BYTES = 8;
  private static final long SLOW_FOR_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long NOISY_FOR_NANOS = Duration.ofMinutes(10).toNanos();

  private final ReadPlan plan;
  private final String migration;
  private final ComparisonRules rules;
  private final QueryForm form;
  private final List<Integer> order;
  private final String id;
  private final String text;
  private final Budget rare = new Budget(RARE);
  private final List<String> columnNames;
  private final RowDigest.Columns plain;
  private volatile RowDigest.Columns columns;
  private final DoubtRoom room;
  private final DoubtRoom.OfQuery places;

  // Guarded by this.
  private final long[] oldNanos = new long[Slowness.ENOUGH];
  private final long[] newNanos = new long[Slowness.ENOUGH];
  private int timed;
  private long slowUntil;
  private long notMeasuredBefore;
  private boolean slow;

  private volatile boolean noisy;
  private volatile long noisyUntil;

  private ComparedQuery(
      ReadPlan plan,
      ComparisonRules rules,
      QueryForm form,
      Fingerprint fingerprint,
      DoubtRoom room) {
    this.room = room;
    this.places = room.ofQuery();
    this.plan = plan;
    this.migration = plan.migrations().stream().sorted().findFirst().orElse("");
    this.rules = rules;
    this.form = form;
    this.order = builtIn(form.order(), plan.description().rows());
    this.text = fingerprint.normalizedText();
    this.id = id(text);
    this.columnNames = names(plan.description().rows());
    this.plain = marked(List.of());
    this.columns = plain;
  }

  /**
   * @param sql of one execution
   * @param room of its migration
   */
  static ComparedQuery of(ReadPlan plan, ComparisonRules rules, byte[] sql, DoubtRoom room) {
    Tokens tokens = new Lexer().lex(sql, sql.length);
    return new ComparedQuery(
        plan,
        rules,
        QueryForm.of(tokens, names(plan.description().rows())),
        Fingerprint.of(sql, tokens),
        room);
  }

  private static List<String> names(RowDescription rows) {
    List<String> names = new ArrayList<>(rows.columns());
    for (int column = 0; column < rows.columns(); column++) {
      names.add(rows.name(column));
    }
    return names;
  }

  /** Types that users made may order values as equal that are not the same text. */
  private static List<Integer> builtIn(List<Integer> order, RowDescription rows) {
    int known = 0;
    while (known < order.size() && rows.type(order.get(known)) < FIRST_USER_OID) {
      known++;
    }
    return order.subList(0, known);
  }

  /** The first 16 hexadecimal digits of the SHA-256 of a normalised text. */
  static String id(String normalizedText) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(normalizedText.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private RowDigest.Columns marked(List<String> noisyColumns) {
    boolean[] ignored = new boolean[columnNames.size()];
    boolean[] order = new boolean[columnNames.size()];
    boolean anyIgnored = false;
    for (int column = 0; column < ignored.length; column++) {
      String name = columnNames.get(column);
      ignored[column] =
          rules.columns().get(name) instanceof ColumnRule.Ignore || noisyColumns.contains(name);
      anyIgnored |= ignored[column];
      order[column] = this.order.contains(column) && !ignored[column];
    }
    boolean ordered = !this.order.isEmpty();
    return new RowDigest.Columns(anyIgnored ? ignored : null, ordered ? order : null);
  }

  ReadPlan plan() {
    return plan;
  }

  /** The first of those whose tables it reads. */
  String migration() {
    return migration;
  }

  String id() {
    return id;
  }

  String text() {
    return text;
  }

  ComparisonRules rules() {
    return rules;
  }

  /** What answers are digested by. */
  RowDigest.Columns columns() {
    return columns;
  }

  /** The same where rows are looked at one by one. */
  RowDigest.Columns columnsKept() {
    return plain;
  }

  /** How answers are compared in which the server may have had a choice, or had none. */
  AnswerComparison comparison(Choice choice) {
    return new AnswerComparison(rules, order, choice);
  }

  /** Where the server may pick some of several rows. */
  Choice choice() {
    return form.choice();
  }

  /** Whether values may differ though both sides are right. */
  boolean isUnsettled() {
    return form.unsettled();
  }

  /** Whether it is executed so seldom that every execution is worth a comparison. */
  boolean isRare(long nowNanos) {
    return rare.take(nowNanos);
  }

  /** Where what a comparison comes to now is counted. */
  Counted counted() {
    return room.isOpen() ? Counted.FULLY : places.isOpen() ? Counted.OF_ITS_QUERY : Counted.NOT;
  }

  /** Whether one more difference may be confirmed; then {@link #decided} is called for it. */
  boolean mayDoubt() {
    return places.enter();
  }

  /** One of those waits for the mirror. */
  void rests() {
    places.rest();
  }

  /** One that has rested differs although the mirror has come. */
  void wakes() {
    places.wake();
  }

  /**
   * @param resting whether it rests
   */
  void decided(boolean resting) {
    places.leave(resting);
  }

  /** Old has differed from itself. */
  void noisy(List<String> noisyColumns) {
    columns = marked(noisyColumns);
    noisy = noisyColumns.isEmpty();
    noisyUntil = System.nanoTime() + NOISY_FOR_NANOS;
  }

  /** Whether old was seen to differ from itself, in more than some columns. */
  boolean isNoisy(long nowNanos) {
    if (noisyUntil != 0 && nowNanos - noisyUntil > 0) {
      noisy = false;
      noisyUntil = 0;
      columns = plain;
    }
    return noisy;
  }

  /**
   * Both sides have answered the same read.
   *
   * @return whether it is to be measured side by side: new seems far slower
   */
  synchronized boolean took(long onOld, long onNew) {
    oldNanos[timed % Slowness.ENOUGH] = onOld;
    newNanos[timed % Slowness.ENOUGH] = onNew;
    timed++;
    if (timed % (Slowness.ENOUGH / 4) != 0 || timed < Slowness.ENOUGH) {
      return false;
    }
    long now = System.nanoTime();
    boolean worthwhile =
        now - notMeasuredBefore >= 0 && Slowness.isFar(oldNanos, newNanos) && !isSlow(now);
    if (worthwhile) {
      notMeasuredBefore = now + SLOW_FOR_NANOS / 4;
    }
    return worthwhile;
  }

  /** Measured side by side. */
  synchronized void measured(boolean far) {
    slow = far;
    slowUntil = System.nanoTime() + SLOW_FOR_NANOS;
    timed = 0;
  }

  private boolean isSlow(long nowNanos) {
    slow &= nowNanos - slowUntil < 0;
    return slow;
  }

  /** Whether new is known to be far slower, and was in this read. */
  synchronized boolean isSlow(long onOld, long onNew) {
    return slow && isSlow(System.nanoTime()) && Slowness.isFar(onOld, onNew);
  }

  /** SQL and types for a side. */
  int[] parameterTypes(Side side) {
    return side == Side.OLD ? plan.description().parameterTypes() : plan.parameterTypesThere();
  }

  /** The translated text of one execution. */
  byte[] textFor(Side side, byte[] sql, byte @Nullable [] translated) {
    if (side == Side.OLD) {
      return sql;
    }
    return translated != null
        ? translated
        : plan.translation().apply(sql, new Lexer().lex(sql, sql.length));
  }
}
