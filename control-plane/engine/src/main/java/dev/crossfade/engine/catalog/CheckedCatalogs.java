package dev.crossfade.engine.catalog;

import java.time.Instant;

/**
 * That the catalogs were compared for the file that a migration has.
 *
 * @param actor who said so
 */
public record CheckedCatalogs(CatalogEvidence evidence, String actor, Instant at) {}
