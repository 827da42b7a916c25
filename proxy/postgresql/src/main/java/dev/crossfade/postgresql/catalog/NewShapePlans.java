package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation;
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

  /** SQLSTATE of a column that stands ungrouped beside a GROUP BY. */
  private static final String NOT_GROUPED = "42803";

  private final StatementAnalyzer reads;
  private final WriteAnalyzer writes;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final TypeJudge judge;

  /**
   * @param reads of the new shape
   * @param writes of the new shape
   * @param types from new to old
   */
  public NewShapePlans(
      StatementAnalyzer reads,
      WriteAnalyzer writes,
      MetadataConnection old,
      MetadataConnection target,
      TypeMapping types) {
    this.reads = reads;
    this.writes = writes;
    this.old = old;
    this.target = target;
    this.judge = new TypeJudge(types);
  }

  /** A statement, and the OIDs that its client fixed: old's, like all that the client is told. */
  private record Question(String sql, int[] parameterTypes) {
    byte[] text() {
      return sql.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Override
  public PlanState make(String sql, int[] parameterTypes) {
    Question question = new Question(sql, parameterTypes);
    PlanState.Refused unknownType = judge.refusalOfFixed(parameterTypes);
    if (unknownType != null) {
      return unknownType;
    }
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
          new DescribedWrites(target, old, judge, false)
              .plan(question.sql(), judge.back(question.parameterTypes()), written);
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
      target.describeAny(question.text(), judge.back(question.parameterTypes()));
      return refusal;
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
  }

  private PlanState validate(Question question, Translatable translatable) {
    Candidate plain = new Candidate(translatable, translatable.translation());
    ReadPlan.Description onNew;
    try {
      onNew = target.describe(question.text(), judge.back(question.parameterTypes()));
    } catch (MetadataException e) {
      if (!e.isRefused()) {
        return new PlanState.Pending();
      }
      return e.sqlState().equals(UNDEFINED_TABLE)
          ? amongOthers(question, plain, e)
          : Refusals.ofServer(e);
    }
    if (onNew == null) {
      return Refusals.of("NO_ROWS", "new says that it returns no rows");
    }
    PlanState.Refused unknownType = judge.refusal(onNew);
    if (unknownType != null) {
      return unknownType;
    }
    try {
      return compare(question, plain, onNew);
    } catch (MetadataException e) {
      if (!e.isRefused()) {
        return new PlanState.Pending();
      }
      return Refusals.of(
          "SERVER_REFUSED", "old does not understand the translation: " + e.reason());
    }
  }

  /** One of the translations of a statement. */
  private record Candidate(Translatable translatable, Translation translation) {
    byte[] apply(Question question) {
      byte[] original = question.text();
      return translation.apply(original, new Lexer().lex(original, original.length));
    }
  }

  /**
   * @throws MetadataException when old cannot be asked, or understands no translation
   */
  private PlanState compare(Question question, Candidate plain, ReadPlan.Description onNew)
      throws MetadataException {
    Candidate used = plain;
    ReadPlan.Description onOld;
    try {
      onOld = old.describe(plain.apply(question), judge.there(onNew.parameterTypes()));
    } catch (MetadataException e) {
      Translation grouped = plain.translatable().doubts().grouped();
      if (grouped == null || !e.sqlState().equals(NOT_GROUPED)) {
        throw e;
      }
      used = new Candidate(plain.translatable(), grouped);
      onOld = old.describe(used.apply(question), judge.there(onNew.parameterTypes()));
    }
    if (onOld == null
        || !judge.described(onNew.rows()).withoutTables().isSame(onOld.rows().withoutTables())) {
      return Refusals.of("TYPES_DIFFER", "the result has other columns on old than on new");
    }
    return ready(used, onOld);
  }

  /** A table that new does not have may be one of old's that no migration concerns. */
  private PlanState amongOthers(Question question, Candidate used, MetadataException byNew) {
    try {
      ReadPlan.Description onOld = old.describe(used.apply(question), question.parameterTypes());
      return onOld == null ? Refusals.ofServer(byNew) : ready(used, onOld);
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(byNew) : new PlanState.Pending();
    }
  }

  private static PlanState ready(Candidate used, ReadPlan.Description description) {
    if (used.translatable().doubts().records() && Refusals.hasRecords(description)) {
      return Refusals.of(
          Refusal.WHOLE_ROW.name(), "a row in the result may name the types of its fields");
    }
    return new PlanState.Ready(
        new ReadPlan(
            used.translatable().migrations(),
            used.translation(),
            used.translatable().pin(),
            description));
  }
}
