package dev.crossfade.engine.audit;

/**
 * The first place where a log is not as it was written.
 *
 * @param number of the record that does not fit
 * @param message one sentence for people
 */
public record AuditFlaw(long number, Kind kind, String message) {
  /** What is wrong. */
  public enum Kind {
    /** The record's contents or its place are not those that it was written with. */
    CHANGED,
    /** The record is gone. */
    MISSING,
    /** It is there, but was never written by the control plane. */
    ADDED,
    /** All records fit, but the noted end of the log is another. */
    END
  }
}
