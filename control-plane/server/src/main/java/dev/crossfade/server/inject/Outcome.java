package dev.crossfade.server.inject;

/** What a request came to; the label of its counter. */
enum Outcome {
  /** A pod gets a sidecar. */
  ADDED,
  /** A pod did not ask, or has its sidecar. */
  UNTOUCHED,
  /** A pod asked for what is not possible. */
  IMPOSSIBLE,
  /** It was no review. */
  MALFORMED,
  /** It was too much. */
  REFUSED
}
