package dev.crossfade.engine.job;

import java.util.Locale;

/** Decides what a command does to a job. */
public final class JobRules {
  private JobRules() {}

  /**
   * @param id names the job in sentences
   * @param state where it stands
   * @param wish what people wanted last; counts while it runs
   */
  public static JobVerdict decide(long id, JobState state, JobWish wish, JobCommand command) {
    return switch (command) {
      case PAUSE -> pause(id, state, wish);
      case RESUME -> resume(id, state, wish);
      case CANCEL -> cancel(id, state, wish);
    };
  }

  private static JobVerdict pause(long id, JobState state, JobWish wish) {
    return switch (state) {
      case QUEUED -> changed(id, JobState.PAUSED, JobWish.PAUSE, "is paused");
      case RUNNING ->
          switch (wish) {
            case RUN -> changed(id, state, JobWish.PAUSE, "pauses after its present chunk");
            case PAUSE -> unchanged(id, "pauses after its present chunk");
            case CANCEL -> refused(id, "is being cancelled");
          };
      case PAUSED -> unchanged(id, "is paused");
      case DONE, FAILED, CANCELLED -> ended(id, state);
    };
  }

  private static JobVerdict resume(long id, JobState state, JobWish wish) {
    return switch (state) {
      case PAUSED -> changed(id, JobState.QUEUED, JobWish.RUN, "goes on where it stood");
      case FAILED -> changed(id, JobState.QUEUED, JobWish.RUN, "tries again where it stood");
      case QUEUED -> unchanged(id, "waits for its turn");
      case RUNNING ->
          switch (wish) {
            case RUN -> unchanged(id, "runs");
            case PAUSE -> changed(id, state, JobWish.RUN, "goes on");
            case CANCEL -> refused(id, "is being cancelled");
          };
      case DONE, CANCELLED -> ended(id, state);
    };
  }

  private static JobVerdict cancel(long id, JobState state, JobWish wish) {
    return switch (state) {
      case QUEUED, PAUSED -> changed(id, JobState.CANCELLED, JobWish.CANCEL, "is cancelled");
      case RUNNING ->
          wish == JobWish.CANCEL
              ? unchanged(id, "ends after its present chunk")
              : changed(id, state, JobWish.CANCEL, "ends after its present chunk");
      case CANCELLED -> unchanged(id, "is cancelled");
      case DONE, FAILED -> ended(id, state);
    };
  }

  private static JobVerdict changed(long id, JobState state, JobWish wish, String what) {
    return new JobVerdict.Changed(state, wish, sentence(id, what));
  }

  private static JobVerdict unchanged(long id, String what) {
    return new JobVerdict.Unchanged(sentence(id, what));
  }

  private static JobVerdict refused(long id, String what) {
    return new JobVerdict.Refused(sentence(id, what));
  }

  private static JobVerdict ended(long id, JobState state) {
    return refused(id, "has ended: it is " + state.name().toLowerCase(Locale.ROOT));
  }

  private static String sentence(long id, String what) {
    return "job " + id + " " + what;
  }
}
