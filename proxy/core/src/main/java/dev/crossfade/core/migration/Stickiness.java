package dev.crossfade.core.migration;

/** What a read's bucket is computed from, so that the same caller keeps the same side. */
public enum Stickiness {
  /** The client's session: all its reads go the same way until the share passes its bucket. */
  SESSION,
  /** The entity key when the statement pins one, else the session. */
  ENTITY,
  /** The database user. */
  USER,
  /** Every read on its own. */
  RANDOM
}
