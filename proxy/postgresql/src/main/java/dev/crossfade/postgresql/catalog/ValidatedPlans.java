package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalysis.MomentProbe;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private static final int RECORD = 2249;

  /** An array of records. */
  private static final int RECORDS = 2287;

  /** text, varchar, bpchar and name. */
  private static final Set<Integer> TEXT_TYPES = Set.of(25, 1043, 1042, 19);

  /** SQLSTATE of a column that stands ungrouped beside a GROUP BY. */
  private static final String NOT_GROUPED = "42803";

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
          case NOT_A_READ -> PlanState.Consequence.MAY_WRITE;
          case PARSE_FAILED, TOO_LARGE, TOO_DEEP -> consequence(sql);
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

  /** Of what is not understood: what its words could mean at worst. */
  private synchronized PlanState.Consequence consequence(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = lexer.lex(text, text.length);
    if (!tokens.wellFormed() || tokens.mayWrite()) {
      return PlanState.Consequence.MAY_WRITE;
    }
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.isWord(token, "INTO")) {
        return PlanState.Consequence.MAY_SHADOW;
      }
    }
    return PlanState.Consequence.NONE;
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
    ReadPlan.Description onOld;
    ReadPlan.Description onNew;
    try {
      onOld = old.describe(original, parameterTypes);
      if (onOld == null) {
        return refuse("NO_ROWS", "old says that it returns no rows");
      }
      MomentProbe probe = translatable.doubts().moments();
      if (probe != null && !isText(probe, original, onOld.parameterTypes())) {
        String detail = "a constant that means another moment each time";
        return refuse(new StatementAnalysis.Refused(Refusal.CLOCK, probe.offset(), detail), sql);
      }
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
      return e.isRefused() ? refuse("SERVER_REFUSED", e.reason()) : new PlanState.Pending();
    }
    if (onNew == null || !onOld.rows().sameTypes(onNew.rows())) {
      return refuse("TYPES_DIFFER", "the result has other types on new than on old");
    }
    if (hasUserTypes(onOld)) {
      return refuse(
          Refusal.USER_TYPE.name(), "it has a parameter or column of a type that is not built in");
    }
    if (translatable.doubts().records() && hasRecords(onOld)) {
      return refuse(
          Refusal.WHOLE_ROW.name(), "a row in the result may name the types of its fields");
    }
    return new PlanState.Ready(
        new ReadPlan(translatable.migrations(), translation, translatable.pin(), onOld));
  }

  private ReadPlan.@Nullable Description describeOnNew(
      Translation translation, byte[] original, ReadPlan.Description onOld)
      throws MetadataException {
    byte[] translated = translation.apply(original, lexer.lex(original, original.length));
    return target.describe(translated, onOld.parameterTypes());
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

  private static boolean hasRecords(ReadPlan.Description description) {
    for (int column = 0; column < description.rows().columns(); column++) {
      int type = description.rows().type(column);
      if (type == RECORD || type == RECORDS) {
        return true;
      }
    }
    return false;
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
