package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;

/**
 * Translates a statement and lets both servers judge it: old describes the original, new the
 * translation, and only where the types agree is there a plan. So no client is the first to try a
 * translation, and its description is old's own.
 */
public final class ValidatedPlans implements PlanMaker {
  private final StatementAnalyzer analyzer;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final Lexer lexer = new Lexer();

  public ValidatedPlans(
      StatementAnalyzer analyzer, MetadataConnection old, MetadataConnection target) {
    this.analyzer = analyzer;
    this.old = old;
    this.target = target;
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
    byte[] translated = translation.apply(original, lexer.lex(original, original.length));
    ReadPlan.Description onOld;
    ReadPlan.Description onNew;
    try {
      onOld = old.describe(original, parameterTypes);
      if (onOld == null) {
        return Refusals.of("NO_ROWS", "old says that it returns no rows");
      }
      onNew = target.describe(translated, onOld.parameterTypes());
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.of("SERVER_REFUSED", e.reason()) : new PlanState.Pending();
    }
    if (onNew == null || !onOld.rows().sameTypes(onNew.rows())) {
      return Refusals.of("TYPES_DIFFER", "the result has other types on new than on old");
    }
    if (Refusals.hasUserTypes(onOld)) {
      return Refusals.of(
          Refusal.USER_TYPE.name(), "it has a parameter or column of a type that is not built in");
    }
    return new PlanState.Ready(
        new ReadPlan(translatable.migrations(), translation, translatable.pin(), onOld));
  }
}
