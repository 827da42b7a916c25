package dev.crossfade.engine.job;

/**
 * Where a job stands.
 *
 * <pre>
 *            claimed                    end
 * QUEUED ------------> RUNNING ------------------> DONE, FAILED
 *   |  ^ '-- released --' |  wish                    |
 *   |  |                  v  PAUSE, CANCEL           |
 *   |  '---- resumed -- PAUSED                       |
 *   |  ^                  |                          |
 *   |  '------------------+---- FAILED, resumed -----'
 *   '-----------> CANCELLED
 * </pre>
 */
public enum JobState {
  QUEUED,
  RUNNING,
  PAUSED,
  DONE,
  FAILED,
  CANCELLED;

  /** Whether nothing more comes of it unless somebody asks for it. */
  public boolean isEnded() {
    return this == DONE || this == FAILED || this == CANCELLED;
  }
}
