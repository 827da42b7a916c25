package dev.crossfade.bench.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.GuardOutcome;
import dev.crossfade.api.v1.GuardSample;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.ListAuditResponse;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.process.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One migration on its way, each stretch of it a method: whatever a person does is typed at ctl,
 * and what is believed of the migration is what ctl prints. The service's clients work all the
 * time.
 */
final class Journey implements AutoCloseable {
  private static final String NAME = JourneySite.MIGRATION;
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final int RECORDS = 500;
  private static final int TOLD = 200;
  private static final Pattern STARTED = Pattern.compile("job (\\d+) is queued.*");
  private static final Set<JobState> ENDED =
      EnumSet.of(JobState.JOB_STATE_DONE, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED);
  private static final Set<RolloutState> OVER =
      EnumSet.of(
          RolloutState.ROLLOUT_STATE_PAUSED,
          RolloutState.ROLLOUT_STATE_DONE,
          RolloutState.ROLLOUT_STATE_ROLLED_BACK,
          RolloutState.ROLLOUT_STATE_ABORTED);

  private final JourneySite site;
  private final Traffic traffic;
  private final Ctl ctl;

  Journey(JourneySite site) {
    this.site = site;
    this.ctl = site.ctl();
    this.traffic = site.traffic();
  }

  Ctl ctl() {
    return ctl;
  }

  Traffic traffic() {
    return traffic;
  }

  /** The file goes into the catalog, new gets its tables, and old begins to log. */
  void applyAndExpand() {
    String file = site.migration();
    assertThat(ctl.run("lens", "lint", file)).isEmpty();
    ctl.run("apply", "-f", file, "--reason", "one table per concern");
    job("apply", "--file", site.expansion(), "--side", "new");
    assertThat(ctl.run("mirror", "install", file, "--old", site.oldUrl(), "--new", site.newUrl()))
        .contains("old logs the changes of 1 tables; 2 tables of new");
    Await.until("the sidecar to take it", BOUND, this::isInForceEverywhere);
  }

  private boolean isInForceEverywhere() {
    return ctl.run("sidecars").contains("in force");
  }

  /** Starts a job and waits until it is done. */
  void job(String kind, String... options) {
    String[] words = new String[options.length + 4];
    words[0] = "job";
    words[1] = "start";
    words[2] = kind;
    words[3] = NAME;
    System.arraycopy(options, 0, words, 4, options.length);
    Matcher started = STARTED.matcher(ctl.run(words));
    assertThat(started.find()).isTrue();
    GetJobResponse ended =
        awaited(
            "job " + kind,
            () -> ctl.json(GetJobResponse.newBuilder(), "job", "status", started.group(1)).build(),
            job -> ENDED.contains(job.getJob().getState()));
    assertThat(ended.getJob().getState()).as(ended.toString()).isEqualTo(JobState.JOB_STATE_DONE);
    assertThat(ended.getJob().getProgress().getDrifted()).isZero();
  }

  GetResponse shown() {
    return ctl.json(GetResponse.newBuilder(), "show", NAME).build();
  }

  Stage stage() {
    return shown().getMigration().getStage();
  }

  GetRolloutResponse rollout() {
    return ctl.json(GetRolloutResponse.newBuilder(), "rollout", "status", NAME, "--samples", "1000")
        .build();
  }

  Signals signals() {
    return ctl.json(Signals.newBuilder(), "signals", NAME, "--window", "2s").build();
  }

  /** Until the rollout is in a step and a state; fails as soon as it has gone elsewhere. */
  GetRolloutResponse arrives(String step, RolloutState state) {
    GetRolloutResponse there =
        awaited(
            step + " " + state,
            this::rollout,
            now ->
                OVER.contains(now.getRollout().getState())
                    || stepOf(now).equals(step) && now.getRollout().getState() == state);
    assertThat(there.getRollout().getState()).as(there.getRollout().toString()).isEqualTo(state);
    assertThat(stepOf(there)).isEqualTo(step);
    return there;
  }

  private static String stepOf(GetRolloutResponse response) {
    return response.getPlan(response.getRollout().getStep()).getName();
  }

  /** Each step that is asked for was left because each of these guards had enough to say PASS. */
  static void wasPromotedByEvidence(GetRolloutResponse response, List<String> steps) {
    for (String step : steps) {
      int number =
          response.getPlanList().stream().map(planned -> planned.getName()).toList().indexOf(step);
      for (String guard : List.of("errors", "mismatches")) {
        assertThat(response.getSamplesList())
            .as(guard + " of " + step)
            .filteredOn(sample -> sample.getStep() == number && sample.getGuard().equals(guard))
            .extracting(GuardSample::getOutcome)
            .contains(GuardOutcome.GUARD_OUTCOME_PASS)
            .doesNotContain(GuardOutcome.GUARD_OUTCOME_FAIL);
      }
    }
  }

  /** Waits until clients have had so many more answers and writes, without a flaw. */
  void goesOn() {
    long reads = traffic.reads() + 200;
    long writes = traffic.writes() + 50;
    Await.until(
        "clients to go on",
        BOUND,
        () -> traffic.reads() > reads && traffic.writes() > writes || !traffic.flaws().isEmpty());
    assertThat(traffic.flaws()).isEmpty();
  }

  /** Clients end; all that they were told is true on new. */
  void nothingIsLost() throws SQLException {
    goesOn();
    traffic.close();
    assertThat(traffic.flaws()).isEmpty();
    assertThat(site.onNew()).isEqualTo(traffic.acknowledged());
  }

  /** The audit log holds, in this order among others, these changes; and it is whole. */
  void auditTells(List<String> story) {
    List<String> actions =
        ctl
            .json(
                ListAuditResponse.newBuilder(),
                "audit",
                "--migration",
                NAME,
                "--limit",
                Integer.toString(RECORDS))
            .getRecordsList()
            .reversed()
            .stream()
            .map(Journey::told)
            .toList();
    assertThat(actions).containsSubsequence(story);
    assertThat(ctl.run("audit", "verify")).startsWith("all ").contains("as they were written");
  }

  private static String told(AuditRecord record) {
    return record.getActor() + " " + record.getAction();
  }

  <T> T awaited(String what, Callable<T> look, Predicate<T> condition) {
    AtomicReference<T> last = new AtomicReference<>();
    try {
      Await.until(
          what,
          BOUND,
          () -> {
            T now = look.call();
            last.set(now);
            return condition.test(now) || !traffic.flaws().isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage()
              + "; it is "
              + String.valueOf(last.get()).lines().limit(TOLD).toList()
              + "\n"
              + ctl.typed("rollout", "status").out()
              + "\n"
              + ctl.typed("signals").out()
              + "\n"
              + site.printed(),
          e);
    }
    assertThat(traffic.flaws()).isEmpty();
    return last.get();
  }

  @Override
  public void close() {
    traffic.close();
  }
}
