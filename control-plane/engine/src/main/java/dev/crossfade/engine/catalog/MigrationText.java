package dev.crossfade.engine.catalog;

/**
 * A migration file as it came.
 *
 * @param yaml its text
 * @param source where it came from, as the caller named it; for people
 */
public record MigrationText(String yaml, String source) {}
