package dev.crossfade.engine.catalog;

/**
 * What of a move is done.
 *
 * <pre>
 * the authority moves:    BEGUN, CHECKED, CALM, CLOSED, DRAINED, READY, LEFT, ARRIVED
 * old becomes an archive: BEGUN, CHECKED,                        READY, ARCHIVED, REMOVED
 * </pre>
 */
public enum MoveStep {
  /** Somebody has asked for it. */
  BEGUN,
  /** Nothing speaks against it. */
  CHECKED,
  /** The mirror is close behind. */
  CALM,
  /** Nobody writes any more. */
  CLOSED,
  /** The other side has all of it. */
  DRAINED,
  /** It may happen at any moment, or has happened: from here on it is not given up. */
  READY,
  /** Neither side takes writes. */
  LEFT,
  /** The other side takes writes. */
  ARRIVED,
  /** Old's tables take no writes for good. */
  ARCHIVED,
  /** Capture is gone from both sides. */
  REMOVED;

  /** Whether it may have happened. */
  public boolean isDecided() {
    return compareTo(READY) >= 0;
  }
}
