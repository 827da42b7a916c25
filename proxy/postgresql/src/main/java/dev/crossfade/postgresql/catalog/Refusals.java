package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Why there is no plan, as what is kept of it. */
final class Refusals {
  /**
   * OIDs from here on are of objects that users made: they mean something else on another server.
   */
  private static final int FIRST_USER_OID = 16_384;

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
    return hasUserTypes(description.parameterTypes(), description.rows());
  }

  /**
   * @param rows null when there are none
   */
  static boolean hasUserTypes(int[] parameterTypes, @Nullable RowDescription rows) {
    for (int type : parameterTypes) {
      if (type >= FIRST_USER_OID) {
        return true;
      }
    }
    for (int column = 0; rows != null && column < rows.columns(); column++) {
      if (rows.type(column) >= FIRST_USER_OID) {
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
