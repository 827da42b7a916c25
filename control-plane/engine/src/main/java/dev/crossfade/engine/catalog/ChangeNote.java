package dev.crossfade.engine.catalog;

/**
 * Who changes something and why, as the caller said.
 *
 * @param actor 1 to 128 characters
 * @param reason at most 1,024 characters; may be empty
 * @param acceptsLoss whether the caller takes it that something is lost by it
 */
public record ChangeNote(String actor, String reason, boolean acceptsLoss) {
  /** One that does not. */
  public ChangeNote(String actor, String reason) {
    this(actor, reason, false);
  }
}
