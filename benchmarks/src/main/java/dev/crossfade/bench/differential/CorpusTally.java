package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Corpus.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of the statements of the corpus. One thread's own. */
final class CorpusTally {
  private final Map<String, PerFile> files = new LinkedHashMap<>();
  private final List<Case<Verdict.Refused>> refusals = new ArrayList<>();
  private final List<Case<Verdict.NoQuestion>> noQuestions = new ArrayList<>();
  private final List<Case<Verdict.Wrong>> wrongAnswers = new ArrayList<>();
  private int asked;
  private int equal;
  private long rows;

  /** A statement and what came of it. */
  record Case<V extends Verdict>(Question question, V verdict) {}

  /**
   * @param statements that are questions
   * @param accepted translated, whatever the answer was
   */
  record PerFile(int statements, int accepted, int equal) {
    private PerFile and(boolean translated, boolean alike) {
      return new PerFile(statements + 1, accepted + (translated ? 1 : 0), equal + (alike ? 1 : 0));
    }
  }

  void add(Question question, Verdict verdict) {
    asked++;
    switch (verdict) {
      case Verdict.NoQuestion none -> noQuestions.add(new Case<>(question, none));
      case Verdict.Refused refused -> {
        refusals.add(new Case<>(question, refused));
        file(question, false, false);
      }
      case Verdict.Equal(int count) -> {
        equal++;
        rows += count;
        file(question, true, true);
      }
      case Verdict.Wrong wrong -> {
        wrongAnswers.add(new Case<>(question, wrong));
        file(question, true, false);
      }
    }
  }

  private void file(Question question, boolean translated, boolean alike) {
    PerFile before = files.getOrDefault(question.file(), new PerFile(0, 0, 0));
    files.put(question.file(), before.and(translated, alike));
  }

  /** Of the corpus, whether they were questions or not. */
  int asked() {
    return asked;
  }

  /** With one answer on old: the questions. */
  int statements() {
    return asked - noQuestions.size();
  }

  /** Translated, whatever the answer was. */
  int accepted() {
    return equal + wrongAnswers.size();
  }

  /** Of the questions; 0 when there were none. */
  double acceptedShare() {
    return statements() == 0 ? 0 : (double) accepted() / statements();
  }

  int equal() {
    return equal;
  }

  long rows() {
    return rows;
  }

  Map<String, PerFile> files() {
    return files;
  }

  List<Case<Verdict.Refused>> refusals() {
    return refusals;
  }

  List<Case<Verdict.NoQuestion>> noQuestions() {
    return noQuestions;
  }

  List<Case<Verdict.Wrong>> wrongAnswers() {
    return wrongAnswers;
  }

  /** No wrong answer, enough translated, and a reason for whatever was not. */
  boolean meetsBar() {
    return wrongAnswers.isEmpty()
        && acceptedShare() >= Bar.LEAST_ACCEPTED
        && refusals.stream()
            .noneMatch(
                each -> each.verdict().reason().isBlank() || each.verdict().detail().isBlank());
  }
}
