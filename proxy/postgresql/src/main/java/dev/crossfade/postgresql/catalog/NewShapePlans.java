package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteAnalyzer;
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

  private final StatementAnalyzer reads;
  private final WriteAnalyzer writes;
  private final MetadataConnection old;
  private final MetadataConnection target;

  /**
   * @param reads of the new shape
   * @param writes of the new shape
   */
  public NewShapePlans(
      StatementAnalyzer reads,
      WriteAnalyzer writes,
      MetadataConnection old,
      MetadataConnection target) {
    this.reads = reads;
    this.writes = writes;
    this.old = old;
    this.target = target;
  }

  /** A statement, and the OIDs that its client fixed. */
  private record Question(String sql, int[] parameterTypes) {
    byte[] text() {
      return sql.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Override
  public PlanState make(String sql, int[] parameterTypes) {
    Question question = new Question(sql, parameterTypes);
    return switch (reads.analyze(sql)) {
      case Translatable translatable -> validate(question, translatable);
      case StatementAnalysis.Refused refused ->
          refused.reason() == Refusal.NOT_A_READ || refused.reason() == Refusal.LOCKING_READ
              ? write(question, refused)
              : ask(question, refused);
    };
  }

  private PlanState write(Question question, StatementAnalysis.Refused notRead) {
    return switch (writes.analyze(question.sql())) {
      case WriteAnalysis.Written written ->
          new NewShapeWrites(old, target).plan(question.sql(), question.parameterTypes(), written);
      case WriteAnalysis.Refused(StatementAnalysis.Refused why) ->
          ask(
              question,
              why.reason() == Refusal.PARSE_FAILED || why.reason() == Refusal.NOT_MAPPED
                  ? notRead
                  : why);
    };
  }

  /** What is no statement for new either keeps new's own words. */
  private PlanState ask(Question question, StatementAnalysis.Refused refused) {
    PlanState.Refused refusal = Refusals.of(refused, question.sql());
    if (refused.reason() == Refusal.NOT_MAPPED) {
      return refusal;
    }
    try {
      target.describeAny(question.text(), question.parameterTypes());
      return refusal;
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
  }

  private PlanState validate(Question question, Translatable translatable) {
    byte[] original = question.text();
    byte[] translated =
        translatable.translation().apply(original, new Lexer().lex(original, original.length));
    ReadPlan.Description onNew;
    ReadPlan.Description onOld;
    try {
      onNew = target.describe(original, question.parameterTypes());
    } catch (MetadataException e) {
      if (!e.isRefused()) {
        return new PlanState.Pending();
      }
      return e.sqlState().equals(UNDEFINED_TABLE)
          ? amongOthers(question, translatable, translated, e)
          : Refusals.ofServer(e);
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
    return ready(translatable, onNew);
  }

  /** A table that new does not have may be one of old's that no migration concerns. */
  private PlanState amongOthers(
      Question question, Translatable translatable, byte[] translated, MetadataException byNew) {
    try {
      ReadPlan.Description onOld = old.describe(translated, question.parameterTypes());
      return onOld == null ? Refusals.ofServer(byNew) : ready(translatable, onOld);
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(byNew) : new PlanState.Pending();
    }
  }

  private static PlanState ready(Translatable translatable, ReadPlan.Description description) {
    if (translatable.doubts().records() && Refusals.hasRecords(description)) {
      return Refusals.of(
          Refusal.WHOLE_ROW.name(), "a row in the result may name the types of its fields");
    }
    return Refusals.hasUserTypes(description)
        ? Refusals.of(
            Refusal.USER_TYPE.name(), "it has a parameter or column of a type that is not built in")
        : new PlanState.Ready(
            new ReadPlan(
                translatable.migrations(),
                translatable.translation(),
                translatable.pin(),
                description));
  }
}
