package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalysis.MomentProbe;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Translates a statement and lets both servers judge it: old describes the original, new the
 * translation, and only where the types agree is there a plan. So no client is the first to try a
 * translation, and its description is old's own.
 */
public final class ValidatedPlans implements PlanMaker {
  /** text, varchar, bpchar and name. */
  private static final Set<Integer> TEXT_TYPES = Set.of(25, 1043, 1042, 19);

  /** SQLSTATE of a column that stands ungrouped beside a GROUP BY. */
  private static final String NOT_GROUPED = "42803";

  private final StatementAnalyzer analyzer;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final TypeJudge judge;
  private final Lexer lexer = new Lexer();

  /**
   * @param types from old to new
   */
  public ValidatedPlans(
      StatementAnalyzer analyzer,
      MetadataConnection old,
      MetadataConnection target,
      TypeMapping types) {
    this.analyzer = analyzer;
    this.old = old;
    this.target = target;
    this.judge = new TypeJudge(types);
  }

  @Override
  public PlanState make(String sql, int[] parameterTypes) {
    return switch (analyzer.analyze(sql)) {
      case StatementAnalysis.Refused refused -> Refusals.of(refused, sql);
      case StatementAnalysis.Translatable translatable ->
          validate(sql, parameterTypes, translatable);
    };
  }

  private synchronized PlanState validate(
      String sql, int[] parameterTypes, StatementAnalysis.Translatable translatable) {
    byte[] original = sql.getBytes(StandardCharsets.UTF_8);
    Translation translation = translatable.translation();
    ReadPlan.Description onOld;
    ReadPlan.Description onNew;
    String refused = "OLD_REFUSED";
    try {
      onOld = old.describe(original, parameterTypes);
      if (onOld == null) {
        return Refusals.of("NO_ROWS", "old says that it returns no rows");
      }
      MomentProbe probe = translatable.doubts().moments();
      if (probe != null && !isText(probe, original, onOld.parameterTypes())) {
        String detail = "a constant that means another moment each time";
        return Refusals.of(
            new StatementAnalysis.Refused(Refusal.CLOCK, probe.offset(), detail), sql);
      }
      PlanState.Refused unknownType = judge.refusal(onOld);
      if (unknownType != null) {
        return unknownType;
      }
      refused = "SERVER_REFUSED";
      try {
        onNew = describeOnNew(translation, original, onOld);
      } catch (MetadataException e) {
        Translation grouped = translatable.doubts().grouped();
        if (grouped == null || !e.reason().contains(NOT_GROUPED)) {
          throw e;
        }
        translation = grouped;
        onNew = describeOnNew(grouped, original, onOld);
      }
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.of(refused, e.reason()) : new PlanState.Pending();
    }
    if (onNew == null || !judge.agree(onOld.rows(), onNew.rows())) {
      return Refusals.of("TYPES_DIFFER", "the result has other types on new than on old");
    }
    if (translatable.doubts().records() && Refusals.hasRecords(onOld)) {
      return Refusals.of(
          Refusal.WHOLE_ROW.name(), "a row in the result may name the types of its fields");
    }
    return new PlanState.Ready(
        new ReadPlan(
            translatable.migrations(),
            translation,
            translatable.pin(),
            onOld,
            judge.carried(onOld)));
  }

  private ReadPlan.@Nullable Description describeOnNew(
      Translation translation, byte[] original, ReadPlan.Description onOld)
      throws MetadataException {
    byte[] translated = translation.apply(original, lexer.lex(original, original.length));
    return target.describe(translated, judge.there(onOld.parameterTypes()));
  }

  /**
   * Whether old takes the constants for text and nothing else.
   *
   * @throws MetadataException when old cannot be asked
   */
  private boolean isText(MomentProbe probe, byte[] original, int[] parameterTypes)
      throws MetadataException {
    byte[] question = probe.question().apply(original, lexer.lex(original, original.length));
    ReadPlan.Description answer;
    try {
      answer = old.describe(question, parameterTypes);
    } catch (MetadataException e) {
      if (e.isRefused()) {
        // A constant that a type's name stands before can be no parameter.
        return false;
      }
      throw e;
    }
    int[] types = answer == null ? new int[0] : answer.parameterTypes();
    int end = probe.first() - 1 + probe.count();
    if (types.length != end) {
      return false;
    }
    for (int i = probe.first() - 1; i < end; i++) {
      if (!TEXT_TYPES.contains(types[i])) {
        return false;
      }
    }
    return true;
  }
}
