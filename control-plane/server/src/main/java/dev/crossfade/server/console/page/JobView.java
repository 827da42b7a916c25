package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobProgress;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.Verification;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A job, for a template.
 *
 * @param percent from 0 to 100; -1 when it is not known how much there is
 * @param remaining when it might be done; empty when that is not known
 * @param waits why it does not get on; empty when it does
 * @param found what it has found; may be empty
 * @param may which of pause, resume and cancel make sense
 */
public record JobView(
    long id,
    String migration,
    String kind,
    String state,
    String step,
    String done,
    double percent,
    String rate,
    String remaining,
    String waits,
    String error,
    String found,
    String verified,
    String runs,
    String owner,
    long passes,
    List<String> examples,
    String created,
    String started,
    String ended,
    List<String> may) {
  public static JobView of(Job job) {
    JobProgress progress = job.getProgress();
    boolean over = job.getState() == JobState.JOB_STATE_DONE;
    boolean knowsTotal = !over && progress.getTotal() > progress.getDone();
    return new JobView(
        job.getId(),
        job.getMigration(),
        Words.kind(job.getKind()),
        state(job),
        over ? "" : progress.getStep(),
        done(job, knowsTotal),
        over ? 100 : knowsTotal ? 100.0 * progress.getDone() / progress.getTotal() : -1,
        progress.getRate() > 0 ? Words.rate(progress.getRate()) + "/s" : "",
        progress.hasRemaining() && job.getWaits().isEmpty() && !over
            ? Words.span(progress.getRemaining())
            : "",
        job.getWaits(),
        job.getError(),
        found(progress),
        job.hasVerification() ? verification(job.getVerification()) : "",
        job.hasDdl()
            ? job.getDdl().getSource() + (job.getDdl().getOnOld() ? " on old" : " on new")
            : "",
        job.getOwner(),
        job.getPasses(),
        progress.getExamplesList(),
        Words.time(job.getCreatedAt()),
        job.hasStartedAt() ? Words.time(job.getStartedAt()) : "",
        job.hasEndedAt() ? Words.time(job.getEndedAt()) : "",
        may(job));
  }

  /** Whether it may still do something by itself or when it is told. */
  public boolean isOpen() {
    return !may.isEmpty() && !state.equals("failed");
  }

  /** Whether {@link #percent} says something while it works. */
  public boolean hasBar() {
    return percent >= 0 && percent < 100;
  }

  private static String state(Job job) {
    return switch (job.getStopping()) {
      case JOB_STATE_PAUSED -> "pausing";
      case JOB_STATE_CANCELLED -> "cancelling";
      default -> Words.lower(job.getState().name(), "JOB_STATE_");
    };
  }

  private static List<String> may(Job job) {
    return switch (job.getState()) {
      case JOB_STATE_QUEUED, JOB_STATE_RUNNING -> List.of("pause", "cancel");
      case JOB_STATE_PAUSED, JOB_STATE_FAILED -> List.of("resume", "cancel");
      case JOB_STATE_UNSPECIFIED, JOB_STATE_DONE, JOB_STATE_CANCELLED, UNRECOGNIZED -> List.of();
    };
  }

  private static String done(Job job, boolean knowsTotal) {
    String done = Words.count(job.getProgress().getDone());
    String total = knowsTotal ? " of about " + Words.count(job.getProgress().getTotal()) : "";
    return done + total + " " + unit(job.getKind());
  }

  private static String unit(JobKind kind) {
    return switch (kind) {
      case JOB_KIND_BACKFILL -> "entities";
      case JOB_KIND_APPLY -> "statements";
      default -> "rows";
    };
  }

  private static String found(JobProgress progress) {
    List<String> parts = new ArrayList<>();
    add(parts, progress.getFailed(), "can not be carried");
    add(parts, progress.getDrifted(), "drifted");
    add(parts, progress.getRepaired(), "repaired");
    add(parts, progress.getRestless(), "never at rest");
    add(parts, progress.getLost(), "lost");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(Words.count(count) + " " + what);
    }
  }

  /** One line, such as {@code as of 2026-11-22 12:03:04: 0 drift, 2,168,120 rows}. */
  static String verification(Verification verification) {
    return String.format(
        Locale.ROOT,
        "as of %s UTC: %s drift, %s%s%s%s",
        Words.time(verification.getAsOf()),
        Words.count(verification.getDrifted()),
        Words.count(verification.getRows(), "row", "rows"),
        verification.getRestless() > 0
            ? ", " + Words.count(verification.getRestless()) + " never at rest"
            : "",
        verification.getFromNew() ? ", from new to old" : "",
        verification.getAfterBackfill() ? "" : ", before a backfill was done");
  }
}
