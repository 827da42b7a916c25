package dev.crossfade.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private static final String METRICS =
      """
      # HELP crossfade_queries_total Statement batches
      # TYPE crossfade_queries_total counter
      crossfade_queries_total{migration="split",reason="IN_SHARE",side="new"} 30.0
      crossfade_queries_total{migration="split",reason="OUT_OF_SHARE",side="old"} 60.0
      crossfade_queries_total{migration="split",reason="FALLBACK",side="old"} 10.0
      crossfade_queries_total{migration="split",reason="PLAN_PENDING",side="old"} 7.0
      crossfade_queries_total{migration="other",reason="IN_SHARE",side="new"} 1000.0
      crossfade_queries_total{migration="none",reason="UNMAPPED",side="old"} 5.0
      crossfade_answer_seconds_bucket{side="new",le="0.001"} 50
      crossfade_answer_seconds_bucket{side="new",le="0.002"} 90
      crossfade_answer_seconds_bucket{side="new",le="0.004"} 100
      crossfade_answer_seconds_bucket{side="new",le="+Inf"} 100
      crossfade_snapshot_version 7.0
      """;

  private static final Scrape NOTHING = Scrape.parse("");

  private final Scrape scrape = Scrape.parse(METRICS);

  @Test
  void aSumTakesTheSamplesThatHaveTheLabels() {
    assertThat(scrape.sum("crossfade_queries_total", Map.of("side", "new"))).isEqualTo(1030);
    assertThat(scrape.sum("crossfade_snapshot_version", Map.of())).isEqualTo(7);
    assertThat(scrape.sum("crossfade_answer_seconds_bucket", Map.of("side", "old"))).isZero();
  }

  @Test
  void aSplitCountsReadsThatCouldHaveGoneToNew() {
    Split split = Split.of(scrape, "split");
    assertThat(split).isEqualTo(new Split(30, 70, 7));
    assertThat(split.newPercent()).isEqualTo(30.0);
    assertThat(split.minus(new Split(10, 60, 7))).isEqualTo(new Split(20, 10, 0));
    assertThat(Split.of(NOTHING, "split").newPercent()).isZero();
  }

  @Test
  void aPercentileIsInterpolatedInItsBucket() {
    assertThat(percentile(0.25)).isEqualTo(0.0005, within(1e-9));
    assertThat(percentile(0.7)).isEqualTo(0.0015, within(1e-9));
    assertThat(percentile(0.99)).isEqualTo(0.0038, within(1e-9));
  }

  @Test
  void aPercentileIsOfWhatCameSinceTheEarlierReading() {
    Scrape earlier =
        Scrape.parse(
            """
            crossfade_answer_seconds_bucket{side="new",le="0.001"} 50
            crossfade_answer_seconds_bucket{side="new",le="0.002"} 50
            crossfade_answer_seconds_bucket{side="new",le="+Inf"} 50
            """);
    assertThat(
            scrape
                .percentile("crossfade_answer_seconds", Map.of("side", "new"), 0.5, earlier)
                .orElseThrow())
        .isBetween(0.001, 0.002);
    assertThat(scrape.percentile("crossfade_answer_seconds", Map.of("side", "new"), 0.5, scrape))
        .isEmpty();
  }

  private double percentile(double fraction) {
    return scrape
        .percentile("crossfade_answer_seconds", Map.of("side", "new"), fraction, NOTHING)
        .orElseThrow();
  }
}
