package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans of one session's queries: those of their fingerprints, and where new has refused a text
 * with the fingerprint, which may be due to its literals, the judgement of the very text.
 */
final class QueryPlans {
  private static final PlanState PENDING = new PlanState.Pending();

  private final ShapeHost host;
  private final List<Judged> judged = new ArrayList<>();

  /** A text judged by itself; not yet while the result is null. */
  private static final class Judged {
    private final TranslatedShape shape;
    private final byte[] sql;
    private volatile @Nullable PlanState result;

    Judged(TranslatedShape shape, byte[] sql) {
      this.shape = shape;
      this.sql = sql;
    }

    boolean isOf(TranslatedShape other, byte[] text) {
      return shape == other && Arrays.equals(sql, text);
    }
  }

  QueryPlans(ShapeHost host) {
    this.host = host;
  }

  /**
   * @param tokens of this very text
   * @return {@link PlanState.Pending} when it is to be asked again before long
   */
  PlanState find(TranslatedShape shape, byte[] sql, Tokens tokens, int[] types) {
    TranslatedShape.Plans plans = shape.plans();
    if (plans == null) {
      return PENDING;
    }
    PlanKey key = new PlanKey(Fingerprint.of(sql, tokens), types);
    String text = new String(sql, StandardCharsets.UTF_8);
    PlanState known = plans.cache().find(key, () -> text);
    if (!(known instanceof PlanState.Refused refused) || refused.serverError() == null) {
      return known;
    }
    PlanState own = judge(shape, plans, text, types);
    if (own instanceof PlanState.Ready) {
      plans.cache().again(key);
    }
    return own;
  }

  private PlanState judge(
      TranslatedShape shape, TranslatedShape.Plans plans, String text, int[] types) {
    byte[] sql = text.getBytes(StandardCharsets.UTF_8);
    judged.removeIf(at -> at.result instanceof PlanState.Pending);
    for (Judged at : judged) {
      if (at.isOf(shape, sql)) {
        PlanState result = at.result;
        return result == null ? PENDING : result;
      }
    }
    Judged begun = new Judged(shape, sql);
    judged.add(begun);
    host.offLoop(() -> begun.result = plans.maker().make(text, types));
    return PENDING;
  }

  /** What was asked about is settled: the next text is another. */
  void settled() {
    judged.clear();
  }
}
