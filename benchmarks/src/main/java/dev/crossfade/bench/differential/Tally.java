package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Grammar.Written;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of all statements so far. One thread's own. */
final class Tally {
  private final Map<String, Reason> refusals = new TreeMap<>();
  private final Map<String, Reason> noQuestions = new TreeMap<>();
  private final Map<Construct, Share> constructs = new EnumMap<>(Construct.class);
  private final List<WrongAnswer> wrongAnswers = new ArrayList<>();
  private int statements;
  private int equal;
  private int ordered;
  private int empty;
  private long rows;

  /**
   * @param detail of the example
   * @param example the shortest
   */
  record Reason(int count, String detail, String example) {
    private Reason and(String otherDetail, String other) {
      boolean shorter = other.length() < example.length();
      return new Reason(count + 1, shorter ? otherDetail : detail, shorter ? other : example);
    }
  }

  /** How many statements contain something, and how many of these were accepted. */
  record Share(int statements, int accepted) {}

  /**
   * @param number of the statement, from 1
   * @param original as it was generated
   * @param small what is left of it when all is left out that the failure does not need
   * @param verdict about the small one
   */
  record WrongAnswer(
      int number, Node.Statement original, Node.Statement small, Verdict.Wrong verdict) {}

  /** A statement that old does not answer, or not in a size to compare. */
  void noQuestion(Verdict.NoQuestion verdict, Written written) {
    count(noQuestions, verdict.reason(), verdict.detail(), written);
  }

  void refused(Verdict.Refused verdict, Written written) {
    statements++;
    count(refusals, verdict.reason(), verdict.detail(), written);
    constructs(written, 0);
  }

  void equal(Verdict.Equal verdict, Written written) {
    statements++;
    equal++;
    rows += verdict.rows();
    ordered += written.ordered() ? 1 : 0;
    empty += verdict.rows() == 0 ? 1 : 0;
    constructs(written, 1);
  }

  void wrong(WrongAnswer wrong, Written written) {
    statements++;
    wrongAnswers.add(wrong);
    constructs(written, 1);
  }

  private static void count(
      Map<String, Reason> reasons, String reason, String detail, Written written) {
    String sql = written.statement().sql();
    Reason before = reasons.get(reason);
    reasons.put(reason, before == null ? new Reason(1, detail, sql) : before.and(detail, sql));
  }

  private void constructs(Written written, int accepted) {
    for (Construct construct : written.constructs()) {
      Share before = constructs.getOrDefault(construct, new Share(0, 0));
      constructs.put(construct, new Share(before.statements() + 1, before.accepted() + accepted));
    }
  }

  int statements() {
    return statements;
  }

  /** Translated, whatever the answer was. */
  int accepted() {
    return equal + wrongAnswers.size();
  }

  /** Of the statements; 0 when there were none. */
  double acceptedShare() {
    return statements == 0 ? 0 : (double) accepted() / statements;
  }

  int equal() {
    return equal;
  }

  /** Of the equal ones, those whose rows came in one possible order. */
  int ordered() {
    return ordered;
  }

  /** Of the equal ones, those without rows. */
  int empty() {
    return empty;
  }

  long rows() {
    return rows;
  }

  Map<String, Reason> refusals() {
    return refusals;
  }

  Map<String, Reason> noQuestions() {
    return noQuestions;
  }

  /** Of all that were generated: those that were no question. */
  double noQuestionShare() {
    int none = noQuestions.values().stream().mapToInt(Reason::count).sum();
    return none + statements == 0 ? 0 : (double) none / (none + statements);
  }

  Map<Construct, Share> constructs() {
    return constructs;
  }

  List<WrongAnswer> wrongAnswers() {
    return wrongAnswers;
  }
}
