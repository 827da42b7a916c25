package dev.crossfade.engine.job;

/** What people do to a job that is there. */
public enum JobCommand {
  PAUSE,
  RESUME,
  CANCEL
}
