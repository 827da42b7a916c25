package dev.crossfade.inspect.finding;

/** How much a finding matters. */
public enum Severity {
  /** The stage that it concerns must not be entered. */
  BLOCKING,
  /** Somebody has to decide whether it is meant. */
  WARNING,
  /** Good to know. */
  NOTE
}
