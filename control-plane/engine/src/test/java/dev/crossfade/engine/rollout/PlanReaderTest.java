package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.rollout.Guard.Remedy;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanReaderTest {
  private static Plan read(String rollout) throws InvalidFileException {
    return PlanReader.read("spec:\n  rollout:\n" + rollout.indent(4), "plan.yaml").orElseThrow();
  }

  @Test
  void aFileWithoutAPlanHasNone() throws Exception {
    assertThat(PlanReader.read("spec: {engine: postgresql}", "plan.yaml")).isEmpty();
  }

  @Test
  void aPlanIsReadWithWhatItLeavesOut() throws Exception {
    Plan plan =
        read(
            """
            guards:
              errors: {max: 0.5%, over: old}
              latency: {p50: 1.2, p99: 1.5, then: pause}
              lag: {max: 5s, for: 1m}
              benchmark: {name: checkout, max: 12.5}
            steps:
              - stage: DUAL_WRITE
                job: backfill
              - stage: RAMP
                reads: 1%
                hold: 10m
                guards: {errors: {max: 1%, dryRun: true}, mismatches: {max: 0.1%}}
              - {name: go, stage: LIVE, confirm: true}
            webhooks:
              - {name: board, kind: confirm, url: "https://board.example.org/x", token: env:TOKEN}
            """);
    assertThat(plan.rollback()).isEqualTo(Stage.SHADOW);
    assertThat(plan.steps())
        .extracting(Plan.Step::name)
        .containsExactly("DUAL_WRITE", "RAMP 1%", "go");
    assertThat(plan.steps().getFirst().guards())
        .extracting(Guard::name)
        .containsExactly("lag", "benchmark");
    assertThat(plan.steps().getFirst().terms().job()).isEqualTo(Plan.Job.BACKFILL);
    Plan.Step ramp = plan.steps().get(1);
    assertThat(ramp.reads()).isEqualTo(new ReadShare(1_000));
    assertThat(ramp.terms().hold()).isEqualTo(Duration.ofMinutes(10));
    assertThat(ramp.guards())
        .contains(
            new Guard("errors", new Measure.Errors(0.01, false), Remedy.ROLLBACK, true),
            new Guard("latency.p99", new Measure.Latency(0.99, 1.5), Remedy.PAUSE, false),
            new Guard("mismatches", new Measure.Mismatches(0.001), Remedy.ROLLBACK, false),
            new Guard(
                "benchmark",
                new Measure.Benchmark(
                    "checkout",
                    OptionalDouble.empty(),
                    OptionalDouble.of(12.5),
                    Duration.ofDays(7)),
                Remedy.PAUSE,
                false))
        .hasSize(6);
    // Old answers nothing in LIVE, so there is nothing to compare errors with.
    assertThat(plan.steps().get(2).guards()).extracting(Guard::name).doesNotContain("errors");
    assertThat(plan.steps().get(2).terms().isConfirmed()).isTrue();
    assertThat(plan.webhooks())
        .containsExactly(
            new Plan.Webhook(
                "board",
                Plan.Webhook.Kind.CONFIRM,
                "https://board.example.org/x",
                "env:TOKEN",
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|plan.yaml:3:5 spec.rollout.steps: missing; this key is required",
        "{steps: []}|0 steps; 1 to 50 are allowed",
        "{steps: [{stage: OFF}]}|\"OFF\" is not known",
        "{steps: [{stage: RAMP}]}|spec.rollout.steps[0].reads: missing",
        "{steps: [{stage: SHADOW, reads: 5%}]}|is for RAMP only",
        "{steps: [{stage: RAMP, reads: 500%}]}|is no percentage",
        "{steps: [{stage: RAMP, reads: 5%}, {stage: RAMP, reads: 1%}]}|goes back behind the step"
            + " before it, RAMP 5%",
        "{steps: [{stage: LIVE}, {stage: SHADOW}]}|goes back behind",
        "{steps: [{stage: LIVE, job: backfill}]}|cannot be run in LIVE",
        "{steps: [{stage: LIVE, job: bake}]}|\"bake\" is not known",
        "{steps: [{stage: LIVE, guard: {}}]}|unknown key; did you mean guards?",
        "{steps: [{stage: DUAL_WRITE, guards: {errors: {max: 1%}}}]}|there is nothing to look at in"
            + " DUAL_WRITE",
        "{steps: [{stage: LIVE, guards: {errors: {max: 0}}}]}|what must never happen cannot be"
            + " shown by samples",
        "{steps: [{stage: LIVE, guards: {errors: {}}}]}|errors.max: missing",
        "{steps: [{stage: LIVE, guards: {latency: {}}}]}|give p50 or p99",
        "{steps: [{stage: LIVE, guards: {latency: {p50: fast}}}]}|\"fast\" is no number",
        "{steps: [{stage: LIVE, guards: {benchmark: {name: x}}}]}|give min or max",
        "{steps: [{stage: LIVE, guards: {benchmark: {verdict: no}}}]}|\"no\" is not known",
        "{steps: [{stage: LIVE, guards: {benchmark: {verdict: go, max: 1}}}]}|is for a result with"
            + " a name",
        "{steps: [{stage: LIVE, guards: {speed: {}}}]}|unknown key",
        "{steps: [{stage: LIVE}], rollback: LIVE}|\"LIVE\" is not known",
        "{steps: [{stage: LIVE}, {stage: LIVE}]}|a second step \"LIVE\"",
        "{steps: [{stage: LIVE}], webhooks: [{name: a, kind: notify, url:"
            + " 'ftp://x'}]}|http://HOST/... or https://HOST/...",
        "{steps: [{stage: LIVE}], webhooks: [{name: a, kind: notify, url:"
            + " 'https://me:word@x/'}]}|without a login",
        "{steps: [{stage: LIVE}], webhooks: [{name: a, kind: notify, url: env:X, token:"
            + " s3cret}]}|env:NAME for a variable"
      })
  void whatIsWrongIsSaidWithItsPlace(String rollout, String message) {
    assertThatThrownBy(() -> read(rollout))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void theDocumentedPlanIsOne() throws Exception {
    Path here = Path.of("docs/rollout.md");
    String page = Files.readString(Files.exists(here) ? here : Path.of("../../docs/rollout.md"));
    String yaml = page.substring(page.indexOf("```yaml\n") + 8);
    Plan plan = PlanReader.read(yaml.substring(0, yaml.indexOf("```")), "rollout.md").orElseThrow();
    assertThat(plan.steps()).hasSize(6);
    assertThat(plan.steps().get(3).guards()).hasSize(6);
  }

  @Test
  void aMigrationThatHasPassedStepsBeginsBehindThem() throws Exception {
    Plan plan =
        read("{steps: [{stage: SHADOW}, {stage: RAMP, reads: 1%}, {stage: RAMP, reads: 5%}]}");
    assertThat(plan.firstFor(new Plan.Standing(Stage.OFF, ReadShare.NONE))).isZero();
    assertThat(plan.firstFor(new Plan.Standing(Stage.SHADOW, ReadShare.ALL))).isZero();
    assertThat(plan.firstFor(new Plan.Standing(Stage.RAMP, new ReadShare(1_000)))).isEqualTo(1);
    assertThat(plan.firstFor(new Plan.Standing(Stage.RAMP, new ReadShare(2_000)))).isEqualTo(2);
    assertThat(plan.firstFor(new Plan.Standing(Stage.LIVE, ReadShare.NONE))).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "'capture: statements', LIVE, 'LIVE cannot be reached with capture: statements'",
    "'capture: triggers', LIVE, ''",
    "'capture: statements', SHADOW, ''",
    "'comparison: {share: 0%}', SHADOW, 'its guard mismatches needs comparisons'",
    "'comparison: {share: 0.0%}', LIVE, 'its guard mismatches needs comparisons'",
    "'comparison: {share: 0.5%}', SHADOW, ''",
    "'comparison: {share: 0%}', DUAL_WRITE, ''",
  })
  void whatTheFileDoesNotLetHappenIsNoStep(String spec, String stage, String problem) {
    String yaml =
        """
        spec:
          %s
          rollout:
            guards: {mismatches: {max: 1%%}}
            steps:
              - {stage: %s}
        """
            .formatted(spec, stage);
    if (problem.isEmpty()) {
      assertThatCode(() -> PlanReader.read(yaml, "plan.yaml")).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> PlanReader.read(yaml, "plan.yaml"))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("plan.yaml:6:")
          .hasMessageContaining(problem);
    }
  }

  /** Sidecars report nothing then: a rollout would wait for it for ever. */
  @Test
  void completeHasNoGuardsThatNeedReports() throws Exception {
    Plan plan =
        read(
            """
            guards: {errors: {max: 1%}, mismatches: {max: 1%}, silent: {max: 0}, deadLetters: {max: 0}}
            steps: [{stage: RAMPDOWN}, {stage: COMPLETE}]
            """);
    assertThat(plan.steps().getFirst().guards())
        .extracting(Guard::name)
        .containsExactlyInAnyOrder("errors", "silent", "deadLetters");
    assertThat(plan.steps().getLast().guards()).isEmpty();
  }
}
