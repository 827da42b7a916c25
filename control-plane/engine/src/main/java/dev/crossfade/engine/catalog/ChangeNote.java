package dev.crossfade.engine.catalog;

/**
 * Who changes something and why, as the caller said.
 *
 * @param actor 1 to 128 characters
 * @param reason at most 1,024 characters; may be empty
 */
public record ChangeNote(String actor, String reason) {}
