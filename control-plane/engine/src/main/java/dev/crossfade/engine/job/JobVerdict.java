package dev.crossfade.engine.job;

/** What becomes of a command. */
public sealed interface JobVerdict {
  /** The job is like this now; a sentence for people says so. */
  record Changed(JobState state, JobWish wish, String message) implements JobVerdict {}

  /** It already was as asked. */
  record Unchanged(String message) implements JobVerdict {}

  /** Its state does not allow it. */
  record Refused(String message) implements JobVerdict {}
}
