package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;

/**
 * Translates a statement and lets both servers judge it: old describes the original, new the
 * translation, and only where the types agree is there a plan. So no client is the first to try a
 * translation, and its description is old's own.
 */
public final class ValidatedPlans implements PlanMaker {
  /**
   * OIDs from here on are of objects that users made: they mean something else on another server.
   */
  private static final int FIRST_USER_OID = 16_384;

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
      case StatementAnalysis.Refused refused -> refuse(refused, sql);
      case StatementAnalysis.Translatable translatable ->
          validate(sql, parameterTypes, translatable);
    };
  }

  private PlanState.Refused refuse(StatementAnalysis.Refused refused, String sql) {
    RouteReason reason =
        switch (refused.reason()) {
          case NOT_A_READ, LOCKING_READ -> RouteReason.NOT_A_READ;
          case NOT_MAPPED -> RouteReason.UNMAPPED;
          case MIXED_TABLES -> RouteReason.MIXED_TABLES;
          default -> RouteReason.NOT_TRANSLATABLE;
        };
    PlanState.Consequence consequence =
        switch (refused.reason()) {
          case NOT_A_READ, PARSE_FAILED, TOO_LARGE, TOO_DEEP -> PlanState.Consequence.MAY_WRITE;
          case SELECT_INTO -> PlanState.Consequence.MAY_SHADOW;
          default -> PlanState.Consequence.NONE;
        };
    return new PlanState.Refused(
        reason,
        consequence,
        refused.reason().name(),
        tokenAt(refused.offset(), sql),
        refused.detail());
  }

  /** The token that an offset lies in or before; -1 when it concerns the whole text. */
  private synchronized int tokenAt(int offset, String sql) {
    if (offset == 0) {
      return -1;
    }
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = lexer.lex(text, text.length);
    int token = 0;
    while (token < tokens.count() - 1 && tokens.end(token) <= offset) {
      token++;
    }
    return tokens.count() == 0 ? -1 : token;
  }

  private synchronized PlanState validate(
      String sql, int[] parameterTypes, StatementAnalysis.Translatable translatable) {
    byte[] original = sql.getBytes(StandardCharsets.UTF_8);
    Translation translation = translatable.translation();
    byte[] translated = translation.apply(original, lexer.lex(original, original.length));
    ReadPlan.Description onOld;
    ReadPlan.Description onNew;
    String refused = "OLD_REFUSED";
    try {
      onOld = old.describe(original, parameterTypes);
      if (onOld == null) {
        return refuse("NO_ROWS", "old says that it returns no rows");
      }
      refused = "SERVER_REFUSED";
      onNew = target.describe(translated, onOld.parameterTypes());
    } catch (MetadataException e) {
      return e.isRefused() ? refuse(refused, e.reason()) : new PlanState.Pending();
    }
    if (onNew == null || !onOld.rows().sameTypes(onNew.rows())) {
      return refuse("TYPES_DIFFER", "the result has other types on new than on old");
    }
    if (hasUserTypes(onOld)) {
      return refuse(
          Refusal.USER_TYPE.name(), "it has a parameter or column of a type that is not built in");
    }
    return new PlanState.Ready(
        new ReadPlan(translatable.migrations(), translation, translatable.pin(), onOld));
  }

  private static boolean hasUserTypes(ReadPlan.Description description) {
    for (int type : description.parameterTypes()) {
      if (type >= FIRST_USER_OID) {
        return true;
      }
    }
    for (int column = 0; column < description.rows().columns(); column++) {
      if (description.rows().type(column) >= FIRST_USER_OID) {
        return true;
      }
    }
    return false;
  }

  private static PlanState.Refused refuse(String code, String detail) {
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE, PlanState.Consequence.NONE, code, -1, detail);
  }
}
