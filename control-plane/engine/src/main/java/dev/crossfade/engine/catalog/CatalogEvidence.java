package dev.crossfade.engine.catalog;

/**
 * What comparing both databases' catalogs for a migration file has shown, where nothing that was
 * found blocks a stage. As the caller said, who can reach the databases.
 *
 * @param oldDatabase where it is, without secrets; 1 to 512 characters
 * @param newDatabase the same
 * @param fingerprint SHA-256, in lower-case hex, of the shapes of all mapped tables
 * @param warnings findings that somebody has to decide on
 */
public record CatalogEvidence(
    String oldDatabase, String newDatabase, String fingerprint, int warnings) {}
