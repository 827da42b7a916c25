package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.AnswerComparison.Choice;
import dev.crossfade.core.compare.Difference;
import dev.crossfade.core.compare.KeptAnswer;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.Answer.Failed;
import dev.crossfade.postgresql.shadow.Answer.Rows;
import java.util.List;
import java.util.Optional;

/** Compares two answers that were given when both sides had the same data. A pure function. */
final class AnswerJudge {
  private static final String NOT_PERMITTED = "42501";

  private AnswerJudge() {}

  /**
   * @param verdict MATCH, UNDECIDED, or one that is a mismatch
   */
  record Judgement(Verdict verdict, Difference difference, String sqlState) {
    private static Judgement of(Verdict verdict, String sqlState) {
      return new Judgement(
          verdict, new Difference(verdict, List.of(), List.of(), List.of()), sqlState);
    }

    private static Judgement of(Difference difference) {
      return new Judgement(difference.verdict(), difference, "");
    }
  }

  static Judgement judge(ReadSample sample, Answer onOld, Answer onNew) {
    return switch (onOld) {
      case Failed failed ->
          switch (onNew) {
            case Failed other ->
                Judgement.of(
                    failed.equals(other) ? Verdict.MATCH : Verdict.UNDECIDED, other.sqlState());
            // The sidecar's own login may lack a privilege that the client has.
            case Rows _ ->
                Judgement.of(
                    failed.sqlState().equals(NOT_PERMITTED)
                        ? Verdict.UNDECIDED
                        : Verdict.ERROR_ONLY_OLD,
                    failed.sqlState());
          };
      case Rows rows ->
          switch (onNew) {
            case Failed failed -> Judgement.of(Verdict.ERROR_ONLY_NEW, failed.sqlState());
            case Rows others -> judge(sample, rows, others);
          };
    };
  }

  private static Judgement judge(ReadSample sample, Rows rows, Rows others) {
    if (rows.equalsByDigest(others)) {
      return Judgement.of(Verdict.MATCH, "");
    }
    ComparedQuery query = sample.query();
    Choice choice = choice(sample, rows, others);
    KeptAnswer kept = rows.kept();
    KeptAnswer keptOther = others.kept();
    boolean whole = kept != null && keptOther != null && kept.complete() && keptOther.complete();
    Optional<Difference> found =
        kept != null && keptOther != null && whole
            ? query.comparison(choice).compare(kept, keptOther)
            : Optional.of(byDigest(rows, others));
    if (found.isEmpty()) {
      return Judgement.of(Verdict.MATCH, "");
    }
    Verdict verdict = found.get().verdict();
    boolean ofValues = verdict == Verdict.VALUE || verdict == Verdict.ORDER;
    boolean unsettled = query.isUnsettled() || !whole && choice != Choice.NONE;
    return ofValues && unsettled
        ? new Judgement(Verdict.UNDECIDED, found.get(), "")
        : Judgement.of(found.get());
  }

  /** An answer that the limit has not cut off is whole: there was nothing to choose at its end. */
  private static Choice choice(ReadSample sample, Rows rows, Rows others) {
    Choice choice = sample.query().choice();
    LiteralLimit limit = LiteralLimit.of(sample.sql());
    boolean whole = limit.isAbove(rows.digest().rows()) && limit.isAbove(others.digest().rows());
    return choice == Choice.AT_END && whole ? Choice.NONE : choice;
  }

  private static Difference byDigest(Rows rows, Rows others) {
    long surplus = rows.digest().rows() - others.digest().rows();
    Verdict verdict =
        surplus > 0
            ? Verdict.MISSING_ROWS
            : surplus < 0
                ? Verdict.EXTRA_ROWS
                : rows.digest().hasRowsOf(others.digest()) ? Verdict.ORDER : Verdict.VALUE;
    return new Difference(verdict, List.of(), List.of(), List.of());
  }
}
