package dev.crossfade.server.signal;

/**
 * Reads of one report that either side could have answered.
 *
 * @param onNew those of them that new has answered
 */
record Reads(long routable, long onNew) {
  static final Reads NONE = new Reads(0, 0);

  Reads plus(long more, boolean byNew) {
    return new Reads(routable + more, onNew + (byNew ? more : 0));
  }
}
