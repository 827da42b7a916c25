package dev.crossfade.sidecar.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.SideSignals;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignalDraftTest {
  private static final int MAX = 255 << 10;

  private static SideSignals answers(long count) {
    SideSignals.Builder side = SideSignals.newBuilder().setAnswers(count);
    for (int step = 0; step < 86; step++) {
      side.addLatencies(LatencyStep.newBuilder().setStep(step).setCount(count));
    }
    return side.build();
  }

  private static String id(int number) {
    return String.format("%016x", number);
  }

  private static Report report(SignalDraft draft) {
    Report.Builder report = Report.newBuilder();
    draft.into(report, MAX);
    return report.build();
  }

  @Test
  void allPartsAddToTheSameMigrationAndStatement() {
    SignalDraft draft = new SignalDraft(List.of("a"));
    Objects.requireNonNull(draft.query("a", id(1), "select 1")).setOnOld(answers(2));
    Objects.requireNonNull(draft.query("a", id(1), "select 1")).setOnNew(answers(3));
    MigrationSignals signals = report(draft).getSignals(0);
    assertThat(signals.getQueriesList()).hasSize(1);
    assertThat(signals.getQueries(0).getOnOld().getAnswers()).isEqualTo(2);
    assertThat(signals.getQueries(0).getOnNew().getAnswers()).isEqualTo(3);
  }

  @Test
  void aMigrationThatIsNotReportedIsNotHeardOf() {
    SignalDraft draft = new SignalDraft(List.of("a"));
    assertThat(draft.migration("b")).isNull();
    assertThat(draft.query("b", id(1), "select 1")).isNull();
    draft.unlisted("b", 3);
    draft.mismatch(Mismatch.newBuilder().setMigration("b").build());
    assertThat(report(draft).getSignalsList()).hasSize(1);
    assertThat(report(draft).getMismatchesList()).isEmpty();
  }

  @Test
  void thoseExecutedMostAreListedAndTheOthersCounted() {
    SignalDraft draft = new SignalDraft(List.of("a"));
    for (int i = 1; i <= SignalDraft.QUERIES_MAX + 2; i++) {
      Objects.requireNonNull(draft.query("a", id(i), "select " + i))
          .setOnOld(SideSignals.newBuilder().setAnswers(i));
    }
    draft.unlisted("a", 10);
    MigrationSignals signals = report(draft).getSignals(0);
    assertThat(signals.getQueriesCount()).isEqualTo(SignalDraft.QUERIES_MAX);
    assertThat(signals.getQueries(0).getQuery()).isEqualTo(id(SignalDraft.QUERIES_MAX + 2));
    assertThat(signals.getUnlisted()).isEqualTo(10 + 1 + 2);
  }

  @Test
  void theLargestReportStaysWithinItsLimit() {
    List<String> names = IntStream.range(0, 300).mapToObj(i -> "m".repeat(60) + i).toList();
    SignalDraft draft = new SignalDraft(names);
    long asked = 0;
    for (String name : names) {
      MigrationSignals.Builder signals = draft.migration(name);
      if (signals != null) {
        signals.setOnOld(answers(5)).setOnNew(answers(6));
      }
      for (int i = 0; i < 60; i++) {
        QuerySignals.Builder query = draft.query(name, id(i), "x".repeat(5_000));
        if (query != null) {
          query.setOnOld(answers(7)).setOnNew(answers(8));
          asked += 15;
        }
      }
      draft.mismatch(
          Mismatch.newBuilder().setMigration(name).setOldPlan("p".repeat(8_192)).build());
    }
    Report report = report(draft);
    assertThat(report.getSerializedSize()).isLessThanOrEqualTo(MAX);
    assertThat(report.getSerializedSize()).isGreaterThan(MAX / 2);
    assertThat(report.getMismatchesCount()).isLessThanOrEqualTo(SignalDraft.MISMATCHES_MAX);
    long told =
        report.getSignalsList().stream()
            .mapToLong(s -> s.getUnlisted() + 15L * s.getQueriesCount())
            .sum();
    assertThat(told).isLessThanOrEqualTo(asked);
    assertThat(report.getSignalsCount()).isPositive();
  }

  @Test
  void aTextIsCutBetweenCharacters() {
    String text = "x".repeat(SignalDraft.TEXT_MAX - 1) + "\uD83D\uDE00";
    assertThat(SignalDraft.cut(text)).hasSize(SignalDraft.TEXT_MAX - 1);
    assertThat(SignalDraft.cut("short")).isEqualTo("short");
  }
}
