package dev.crossfade.sidecar.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.Verdict;
import dev.crossfade.postgresql.shadow.Comparisons;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonSignalsTest {
  /** A report cannot hold a verdict that the contract does not name. */
  @Test
  void everyVerdictHasItsPartner() {
    for (dev.crossfade.core.compare.Verdict verdict : dev.crossfade.core.compare.Verdict.values()) {
      assertThat(ComparisonSignals.verdict(verdict).name()).isEqualTo("VERDICT_" + verdict.name());
    }
    assertThat(Verdict.values()).hasSize(dev.crossfade.core.compare.Verdict.values().length + 2);
  }

  @Test
  void nothingComparedAddsNothing() {
    Report.Builder report = Report.newBuilder();
    SignalDraft draft = new SignalDraft(List.of());
    new ComparisonSignals(new Comparisons()).addTo(draft);
    draft.into(report, 1 << 10);
    assertThat(report.build()).isEqualTo(Report.getDefaultInstance());
  }
}
