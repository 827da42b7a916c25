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

/**
 * Has the side whose shape a client speaks describe what it writes, and the side that holds the
 * data what is to be run there instead. Nothing is run.
 */
final class DescribedWrites {
  private static final int BIGINT = 20;

  private final MetadataConnection client;
  private final MetadataConnection holder;
  private final TypeJudge judge;
  private final boolean describes;

  /**
   * @param client knows the tables that the statement names
   * @param holder has the data
   * @param judge of types from the client's side to the holder's
   * @param describes the client is given its own side's description of rows, so that only their
   *     types have to agree
   */
  DescribedWrites(
      MetadataConnection client, MetadataConnection holder, TypeJudge judge, boolean describes) {
    this.describes = describes;
    this.client = client;
    this.holder = holder;
    this.judge = judge;
  }

  /**
   * @param parameterTypes OIDs of the client's side; 0 where nothing is fixed
   * @return {@link PlanState.Written}; {@link PlanState.Refused}, with the client's side's own
   *     error where that is what refuses; or {@link PlanState.Pending}
   */
  PlanState plan(String sql, int[] parameterTypes, WriteAnalysis.Written written) {
    byte[] original = sql.getBytes(StandardCharsets.UTF_8);
    Described asked;
    try {
      asked = client.describeAny(original, parameterTypes);
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
    PlanState.Refused unknownType = judge.refusal(asked.parameterTypes(), asked.rows());
    if (unknownType != null) {
      return unknownType;
    }
    int[] heldTypes = judge.there(asked.parameterTypes());
    WriteTranslation translation = written.translation();
    try {
      boolean receives = translation.steps().stream().anyMatch(Step.Receive.class::isInstance);
      RowDescription rows = null;
      Tokens tokens = new Lexer().lex(original, original.length);
      for (Step step : translation.steps()) {
        // What takes rows from the client makes a table first, without which nothing is described.
        byte[] text = step.sql().apply(original, tokens);
        rows = receives ? null : holder.describeAny(text, heldTypes).rows();
      }
      if (receives) {
        return new PlanState.Written(
            new WritePlan(written.migrations(), translation, new int[0], null));
      }
      return agree(asked.rows(), rows, translation.answer())
          ? new PlanState.Written(
              new WritePlan(written.migrations(), translation, heldTypes, asked.rows()))
          : Refusals.of("TYPES_DIFFER", "its result has other columns where the data is");
    } catch (MetadataException e) {
      return e.isRefused()
          ? Refusals.of("SERVER_REFUSED", "its translation is not understood: " + e.reason())
          : new PlanState.Pending();
    }
  }

  private boolean agree(
      @Nullable RowDescription asked,
      @Nullable RowDescription given,
      WriteTranslation.Answer answer) {
    return switch (answer) {
      case Answer.Count _ ->
          asked == null && given != null && given.columns() == 1 && given.type(0) == BIGINT;
      case Answer.Rows _, Answer.AsItIs _ ->
          asked == null || given == null
              ? asked == given
              : describes
                  ? judge.agree(asked, given)
                  : judge.described(asked).withoutTables().isSame(given.withoutTables());
    };
  }
}
