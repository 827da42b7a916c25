package dev.crossfade.server.move;

import java.io.Serial;

/** The move is left to others, before anything was done. */
final class StoppedException extends Exception {
  @Serial private static final long serialVersionUID = 1;
}
