package dev.crossfade.sql.image;

/** A lens that can be read through, but not carried entity by entity; the message says why. */
public final class NotMirroredException extends Exception {
  private static final long serialVersionUID = 1L;

  public NotMirroredException(String message) {
    super(message);
  }
}
