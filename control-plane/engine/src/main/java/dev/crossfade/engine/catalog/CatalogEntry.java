package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.MigrationFlags;
import java.time.Instant;

/**
 * One migration of the catalog.
 *
 * @param version the catalog's version at which it last changed
 * @param file as it was applied
 */
public record CatalogEntry(
    String name, long version, MigrationText file, Position position, Lifetime lifetime) {

  /**
   * When a migration first came and last changed.
   *
   * @param updatedAt not before {@code createdAt}
   */
  public record Lifetime(Instant createdAt, Instant updatedAt) {}

  /** What the sidecars are told of it. */
  public MigrationFlags flags() {
    return new MigrationFlags(name, position.stage(), position.reads(), position.stickiness());
  }

  CatalogEntry with(MigrationText newFile, Position newPosition, Moment moment) {
    return new CatalogEntry(
        name,
        moment.version(),
        newFile,
        newPosition,
        new Lifetime(lifetime.createdAt(), moment.at()));
  }
}
