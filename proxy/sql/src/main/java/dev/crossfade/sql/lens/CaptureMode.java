package dev.crossfade.sql.lens;

/** How old's changes come to be in the log, as {@code spec.capture} says. */
public enum CaptureMode {
  /** Triggers of old's tables write it: they see whoever writes. */
  TRIGGERS,
  /**
   * Old's tables may have no triggers: sidecars add it to the statements of their clients, and see
   * nobody else.
   */
  STATEMENTS
}
