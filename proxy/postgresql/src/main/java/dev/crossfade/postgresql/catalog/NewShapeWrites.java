package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.catalog.MetadataConnection.Described;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.WritePlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteTranslation;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import dev.crossfade.sql.write.WriteTranslation.Step;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Has new describe what a statement writes in its shape, and old what is to be run instead. */
final class NewShapeWrites {
  private static final int BIGINT = 20;

  private final MetadataConnection old;
  private final MetadataConnection target;
  private final TypeJudge judge;

  NewShapeWrites(MetadataConnection old, MetadataConnection target, TypeJudge judge) {
    this.old = old;
    this.target = target;
    this.judge = judge;
  }

  PlanState plan(String sql, int[] parameterTypes, WriteAnalysis.Written written) {
    byte[] original = sql.getBytes(StandardCharsets.UTF_8);
    Described onNew;
    try {
      onNew = target.describeAny(original, judge.back(parameterTypes));
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
    PlanState.Refused unknownType = judge.refusal(onNew.parameterTypes(), onNew.rows());
    if (unknownType != null) {
      return unknownType;
    }
    int[] typesOnOld = judge.there(onNew.parameterTypes());
    WriteTranslation translation = written.translation();
    try {
      boolean receives = translation.steps().stream().anyMatch(Step.Receive.class::isInstance);
      RowDescription rows = null;
      Tokens tokens = new Lexer().lex(original, original.length);
      for (Step step : translation.steps()) {
        // What takes rows from the client makes a table first, without which nothing is described.
        byte[] text = step.sql().apply(original, tokens);
        rows = receives ? null : old.describeAny(text, typesOnOld).rows();
      }
      if (receives) {
        return new PlanState.Written(new WritePlan(written.migrations(), translation, new int[0]));
      }
      return agree(described(onNew.rows()), rows, translation.answer())
          ? new PlanState.Written(new WritePlan(written.migrations(), translation, typesOnOld))
          : Refusals.of("TYPES_DIFFER", "RETURNING has other columns on old than on new");
    } catch (MetadataException e) {
      return e.isRefused()
          ? Refusals.of("SERVER_REFUSED", "old does not understand the translation: " + e.reason())
          : new PlanState.Pending();
    }
  }

  private @Nullable RowDescription described(@Nullable RowDescription asked) {
    return asked == null ? null : judge.described(asked);
  }

  private static boolean agree(
      @Nullable RowDescription asked,
      @Nullable RowDescription given,
      WriteTranslation.Answer answer) {
    return switch (answer) {
      case Answer.Count _ ->
          asked == null && given != null && given.columns() == 1 && given.type(0) == BIGINT;
      case Answer.Rows _, Answer.AsItIs _ ->
          asked == null || given == null
              ? asked == given
              : asked.withoutTables().isSame(given.withoutTables());
    };
  }
}
