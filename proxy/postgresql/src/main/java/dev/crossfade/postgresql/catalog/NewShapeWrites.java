package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.catalog.MetadataConnection.Described;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.WritePlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.Template;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteTranslation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Has new describe what a statement writes in its shape, and old what is to be run instead. */
final class NewShapeWrites {
  private static final int BIGINT = 20;

  private final MetadataConnection old;
  private final MetadataConnection target;

  NewShapeWrites(MetadataConnection old, MetadataConnection target) {
    this.old = old;
    this.target = target;
  }

  PlanState plan(String sql, int[] parameterTypes, WriteAnalysis.Written written) {
    byte[] original = sql.getBytes(StandardCharsets.UTF_8);
    Described onNew;
    try {
      onNew = target.describeAny(original, parameterTypes);
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
    if (Refusals.hasUserTypes(onNew.parameterTypes(), onNew.rows())) {
      return Refusals.of(
          Refusal.USER_TYPE.name(), "it has a parameter or column of a type that is not built in");
    }
    WriteTranslation translation = written.translation();
    try {
      RowDescription rows = null;
      Tokens tokens = new Lexer().lex(original, original.length);
      for (Template template : translation.statements()) {
        byte[] text = template.apply(original, tokens);
        rows = old.describeAny(text, onNew.parameterTypes()).rows();
      }
      return agree(onNew.rows(), rows, translation.answer())
          ? new PlanState.Written(
              new WritePlan(written.migrations(), translation, onNew.parameterTypes()))
          : Refusals.of("TYPES_DIFFER", "RETURNING has other columns on old than on new");
    } catch (MetadataException e) {
      return e.isRefused()
          ? Refusals.of("SERVER_REFUSED", "old does not understand the translation: " + e.reason())
          : new PlanState.Pending();
    }
  }

  private static boolean agree(
      @Nullable RowDescription asked,
      @Nullable RowDescription given,
      WriteTranslation.Answer answer) {
    if (given == null || answer.rows() != (asked != null)) {
      return false;
    }
    return asked == null
        ? given.columns() == 1 && given.type(0) == BIGINT
        : asked.withoutTables().isSame(given.withoutTables());
  }
}
