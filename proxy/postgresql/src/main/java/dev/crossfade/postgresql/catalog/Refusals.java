package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.type.UserType;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;

/** Why there is no plan, as what is kept of it. */
final class Refusals {
  private static final int RECORD = 2249;

  /** An array of records. */
  private static final int RECORDS = 2287;

  private Refusals() {}

  static PlanState.Refused of(StatementAnalysis.Refused refused, String sql) {
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
  private static PlanState.Consequence consequence(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
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
  private static int tokenAt(int offset, String sql) {
    if (offset == 0) {
      return -1;
    }
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    int token = 0;
    while (token < tokens.count() - 1 && tokens.end(token) <= offset) {
      token++;
    }
    return tokens.count() == 0 ? -1 : token;
  }

  /** Whether a parameter or column has a type that is not built in. */
  static boolean hasUserTypes(ReadPlan.Description description) {
    RowDescription rows = description.rows();
    for (int type : description.parameterTypes()) {
      if (!UserType.isBuiltIn(type)) {
        return true;
      }
    }
    for (int column = 0; column < rows.columns(); column++) {
      if (!UserType.isBuiltIn(rows.type(column))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a column is a row, which names the types of its fields only where it is made. */
  static boolean hasRecords(ReadPlan.Description description) {
    for (int column = 0; column < description.rows().columns(); column++) {
      int type = description.rows().type(column);
      if (type == RECORD || type == RECORDS) {
        return true;
      }
    }
    return false;
  }

  /** New itself has refused the statement. */
  static PlanState.Refused ofServer(MetadataException refusal) {
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE,
        PlanState.Consequence.NONE,
        "SERVER_REFUSED",
        -1,
        "new does not understand it: " + refusal.reason(),
        refusal.frame());
  }

  static PlanState.Refused of(String code, String detail) {
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE, PlanState.Consequence.NONE, code, -1, detail);
  }
}
