package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.Verdict;
import org.junit.jupiter.api.Test;

class ComparisonReportTest {
  /** A report cannot hold a verdict that the contract does not name. */
  @Test
  void everyVerdictHasItsPartner() {
    for (dev.crossfade.core.compare.Verdict verdict : dev.crossfade.core.compare.Verdict.values()) {
      assertThat(ComparisonReport.verdict(verdict).name()).isEqualTo("VERDICT_" + verdict.name());
    }
    assertThat(Verdict.values()).hasSize(dev.crossfade.core.compare.Verdict.values().length + 2);
  }

  @Test
  void nothingComparedAddsNothing() {
    Report.Builder report = Report.newBuilder();
    ComparisonReport.add(report, new dev.crossfade.postgresql.shadow.Comparisons());
    assertThat(report.build()).isEqualTo(Report.getDefaultInstance());
  }
}
