package dev.crossfade.cli;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobEvent;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobProgress;
import dev.crossfade.api.v1.JobResponse;
import dev.crossfade.api.v1.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a job is told to people. */
final class JobText {
  private static final int BAR = 30;
  private static final int MINUTE = 60;
  private static final int HOUR = 3_600;

  private JobText() {}

  static void changed(Connection connection, JobResponse response) {
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(response.getMessage());
    }
  }

  static String kind(Job job) {
    return word(job.getKind().name(), "JOB_KIND_").replace('_', ' ');
  }

  /** Also what it is about to be. */
  static String state(Job job) {
    return switch (job.getStopping()) {
      case JOB_STATE_PAUSED -> "pausing";
      case JOB_STATE_CANCELLED -> "cancelling";
      default -> word(job.getState().name(), "JOB_STATE_");
    };
  }

  private static String word(String name, String prefix) {
    return name.replaceFirst("^" + prefix, "").toLowerCase(Locale.ROOT);
  }

  /** Such as {@code 1,200 of about 5,000 entities (24%), 800/s, 5 s left}. */
  static String progress(Job job) {
    JobProgress progress = job.getProgress();
    long done = progress.getDone();
    boolean isOver = job.getState() == JobState.JOB_STATE_DONE;
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%,d", done));
    if (!isOver && progress.getTotal() > done) {
      text.append(String.format(Locale.ROOT, " of about %,d", progress.getTotal()));
    }
    text.append(unit(job.getKind()));
    if (!isOver && progress.getTotal() > done) {
      text.append(String.format(Locale.ROOT, " (%d%%)", done * 100 / progress.getTotal()));
    }
    if (progress.getRate() > 0) {
      text.append(String.format(Locale.ROOT, ", %,.0f/s", progress.getRate()));
    }
    if (progress.hasRemaining() && job.getWaits().isEmpty()) {
      text.append(", ").append(time(progress.getRemaining())).append(" left");
    }
    return text.toString();
  }

  private static String unit(JobKind kind) {
    return switch (kind) {
      case JOB_KIND_BACKFILL -> " entities";
      case JOB_KIND_APPLY -> " statements";
      default -> " rows";
    };
  }

  private static String time(Duration duration) {
    long seconds = duration.getSeconds();
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    return seconds < HOUR
        ? seconds / MINUTE + " min " + seconds % MINUTE + " s"
        : seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min";
  }

  /**
   * Why it does not get on or has failed, else what it has found; empty when nothing. Before it
   * what the last whole pass came to.
   */
  static String note(Job job) {
    List<String> parts = new ArrayList<>();
    if (job.hasVerification()) {
      parts.add("verified " + Show.verification(job.getVerification()));
    }
    String now =
        !job.getError().isEmpty()
            ? job.getError()
            : !job.getWaits().isEmpty() ? job.getWaits() : found(job.getProgress());
    if (!now.isEmpty()) {
      parts.add(now);
    }
    return String.join("; ", parts);
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
      parts.add(String.format(Locale.ROOT, "%,d %s", count, what));
    }
  }

  /** One line with a bar. */
  static String line(Job job) {
    JobProgress progress = job.getProgress();
    String bar =
        progress.getTotal() > 0
            ? "[" + bar((double) progress.getDone() / progress.getTotal()) + "] "
            : "";
    String note = note(job);
    return bar + state(job) + "  " + progress(job) + (note.isEmpty() ? "" : "  " + note);
  }

  private static String bar(double share) {
    int full = (int) Math.min(BAR, share * BAR);
    return "#".repeat(full) + ".".repeat(BAR - full);
  }

  /** All there is to say. */
  static String whole(GetJobResponse response) {
    Job job = response.getJob();
    StringBuilder text = new StringBuilder();
    line(text, "job", job.getId() + ", " + kind(job) + " of " + job.getMigration());
    line(text, "state", state(job) + (job.getOwner().isEmpty() ? "" : " in " + job.getOwner()));
    if (job.hasDdl()) {
      line(
          text,
          "runs",
          job.getDdl().getSource() + (job.getDdl().getOnOld() ? " on old" : " on new"));
    }
    line(text, "progress", progress(job));
    String step = job.getProgress().getStep();
    if (!step.isEmpty() && job.getState() != JobState.JOB_STATE_DONE) {
      line(text, "works on", step);
    }
    line(text, "waits", job.getWaits());
    line(text, "error", job.getError());
    line(text, "found", found(job.getProgress()));
    if (job.hasVerification()) {
      line(text, "verified", Show.verification(job.getVerification()));
    }
    for (String example : job.getProgress().getExamplesList()) {
      line(text, "such as", example);
    }
    for (JobEvent event : response.getEventsList()) {
      String why = event.getReason().isEmpty() ? "" : ": " + event.getReason().replace('\n', ' ');
      line(
          text,
          word(event.getKind().name(), "JOB_EVENT_KIND_"),
          Show.time(event.getAt()) + " by " + event.getActor() + why);
    }
    if (job.hasEndedAt()) {
      line(text, "ended", Show.time(job.getEndedAt()));
    }
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(String.format(Locale.ROOT, "%-10s", name)).append(value).append('\n');
    }
  }
}
