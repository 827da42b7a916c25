package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.ComparisonRules.Values;
import dev.crossfade.core.migration.Side;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Asks both sides how they run a statement that is slow on new: seldom, and nothing is executed.
 * Blocks.
 */
final class PlanExplainer {
  private static final int MOST_TEXT = 8_192;
  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  /** What a line of conditions may hold of the client's values. */
  private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*'|(?<![\\w$])\\d[\\d.]*");

  private final Explainer explainer;
  private final LongSupplier nanos;
  private long notBefore;

  /** What the sides said; empty where they did not. */
  record Plans(String old, String target) {
    static final Plans NONE = new Plans("", "");
  }

  PlanExplainer(Explainer explainer, LongSupplier nanos) {
    this.explainer = explainer;
    this.nanos = nanos;
    this.notBefore = nanos.getAsLong();
  }

  Plans explain(ReadSample sample) {
    return mayAsk() ? new Plans(explain(Side.OLD, sample), explain(Side.NEW, sample)) : Plans.NONE;
  }

  private synchronized boolean mayAsk() {
    long now = nanos.getAsLong();
    if (now - notBefore < 0) {
      return false;
    }
    notBefore = now + PAUSE_NANOS;
    return true;
  }

  private String explain(Side side, ReadSample sample) {
    ComparedQuery query = sample.query();
    String plan =
        explainer.explain(
            side,
            query.textFor(side, sample.sql(), sample.translated()),
            query.parameterTypes(side));
    String shown = query.rules().values() == Values.CLEAR ? plan : withoutValues(plan);
    return shown.length() <= MOST_TEXT ? shown : shown.substring(0, MOST_TEXT);
  }

  /** Lines that hold conditions, rather than a node with its cost, lose their literals. */
  static String withoutValues(String plan) {
    StringBuilder text = new StringBuilder();
    plan.lines()
        .map(line -> line.contains("(cost=") ? line : LITERAL.matcher(line).replaceAll("?"))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
