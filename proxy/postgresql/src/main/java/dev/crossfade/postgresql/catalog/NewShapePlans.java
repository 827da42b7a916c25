package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;

/**
 * Translates a statement in the new shape for old: new describes the original, old the translation,
 * and only where names, types and modifiers agree is there a plan.
 *
 * <p>What new itself refuses keeps new's error: it depends on the text's literals, so that another
 * text with the same fingerprint has to be judged by itself.
 */
public final class NewShapePlans implements PlanMaker {
  private static final String UNDEFINED_TABLE = "42P01";

  private final StatementAnalyzer analyzer;
  private final MetadataConnection old;
  private final MetadataConnection target;

  /**
   * @param analyzer of the new shape
   */
  public NewShapePlans(
      StatementAnalyzer analyzer, MetadataConnection old, MetadataConnection target) {
    this.analyzer = analyzer;
    this.old = old;
    this.target = target;
  }

  @Override
  public PlanState make(String sql, int[] parameterTypes) {
    return switch (analyzer.analyze(sql)) {
      case StatementAnalysis.Refused refused -> refused(refused, sql, parameterTypes);
      case StatementAnalysis.Translatable translatable ->
          validate(sql, parameterTypes, translatable);
    };
  }

  /** What is no statement for new either keeps new's own words. */
  private PlanState refused(StatementAnalysis.Refused refused, String sql, int[] parameterTypes) {
    PlanState.Refused refusal = Refusals.of(refused, sql);
    if (refused.reason() != Refusal.PARSE_FAILED && refused.reason() != Refusal.NOT_A_READ) {
      return refusal;
    }
    try {
      target.describe(sql.getBytes(StandardCharsets.UTF_8), parameterTypes);
      return refusal;
    } catch (MetadataException e) {
      return e.isRefused() ? byNew(e) : new PlanState.Pending();
    }
  }

  private PlanState validate(
      String sql, int[] parameterTypes, StatementAnalysis.Translatable translatable) {
    byte[] original = sql.getBytes(StandardCharsets.UTF_8);
    Translation translation = translatable.translation();
    byte[] translated = translation.apply(original, new Lexer().lex(original, original.length));
    ReadPlan.Description onNew;
    ReadPlan.Description onOld;
    try {
      onNew = target.describe(original, parameterTypes);
    } catch (MetadataException e) {
      return e.isRefused() ? refusedByNew(e, translated, translatable) : new PlanState.Pending();
    }
    if (onNew == null) {
      return Refusals.of("NO_ROWS", "new says that it returns no rows");
    }
    try {
      onOld = old.describe(translated, onNew.parameterTypes());
    } catch (MetadataException e) {
      return e.isRefused()
          ? Refusals.of("SERVER_REFUSED", "old does not understand the translation: " + e.reason())
          : new PlanState.Pending();
    }
    RowDescription rows = onNew.rows().withoutTables();
    if (onOld == null || !rows.isSame(onOld.rows().withoutTables())) {
      return Refusals.of("TYPES_DIFFER", "the result has other columns on old than on new");
    }
    if (Refusals.hasUserTypes(onNew)) {
      return Refusals.of(
          Refusal.USER_TYPE.name(), "it has a parameter or column of a type that is not built in");
    }
    ReadPlan.Description description =
        new ReadPlan.Description(onNew.parameterTypes(), onNew.parameterFrame(), rows);
    return new PlanState.Ready(
        new ReadPlan(translatable.migrations(), translation, translatable.pin(), description));
  }

  /** A table that new does not have may be one of old's that no migration concerns. */
  private PlanState refusedByNew(
      MetadataException refusal, byte[] translated, StatementAnalysis.Translatable translatable) {
    if (!refusal.sqlState().equals(UNDEFINED_TABLE)) {
      return byNew(refusal);
    }
    try {
      ReadPlan.Description onOld = old.describe(translated, new int[0]);
      return onOld == null || Refusals.hasUserTypes(onOld)
          ? byNew(refusal)
          : new PlanState.Ready(
              new ReadPlan(
                  translatable.migrations(), translatable.translation(), translatable.pin(), onOld));
    } catch (MetadataException e) {
      return e.isRefused() ? byNew(refusal) : new PlanState.Pending();
    }
  }

  private static PlanState.Refused byNew(MetadataException refusal) {
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE,
        PlanState.Consequence.NONE,
        "SERVER_REFUSED",
        -1,
        "new does not understand it: " + refusal.reason(),
        refusal.frame());
  }
}
