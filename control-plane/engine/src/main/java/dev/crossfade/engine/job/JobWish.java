package dev.crossfade.engine.job;

/** What people want of a job that somebody works on. */
public enum JobWish {
  RUN,
  PAUSE,
  CANCEL
}
