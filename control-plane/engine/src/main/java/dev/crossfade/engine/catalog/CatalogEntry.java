package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.MigrationFlags;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One migration of the catalog.
 *
 * @param version the catalog's version at which it last changed
 * @param file as it was applied
 * @param checked that the databases' catalogs were compared for this file; null when they were not
 * @param move that is under way; null when none is
 * @param following the flag that its file names; null when it names none
 */
public record CatalogEntry(
    String name,
    long version,
    MigrationText file,
    Position position,
    Lifetime lifetime,
    @Nullable CheckedCatalogs checked,
    @Nullable Move move,
    @Nullable Following following) {
  /** One that follows no flag. */
  public CatalogEntry(
      String name,
      long version,
      MigrationText file,
      Position position,
      Lifetime lifetime,
      @Nullable CheckedCatalogs checked,
      @Nullable Move move) {
    this(name, version, file, position, lifetime, checked, move, null);
  }

  /** One without a move. */
  public CatalogEntry(
      String name,
      long version,
      MigrationText file,
      Position position,
      Lifetime lifetime,
      @Nullable CheckedCatalogs checked) {
    this(name, version, file, position, lifetime, checked, null);
  }

  /** One whose catalogs were not compared. */
  public CatalogEntry(
      String name, long version, MigrationText file, Position position, Lifetime lifetime) {
    this(name, version, file, position, lifetime, null);
  }

  /**
   * When a migration first came and last changed.
   *
   * @param updatedAt not before {@code createdAt}
   */
  public record Lifetime(Instant createdAt, Instant updatedAt) {}

  /** What the sidecars are told of it. */
  public MigrationFlags flags() {
    return new MigrationFlags(
        name,
        position.stage(),
        position.reads(),
        position.stickiness(),
        position.consistency(),
        position.bucketGroup().isEmpty() ? name : position.bucketGroup());
  }

  /** Without a move. */
  CatalogEntry with(Position newPosition, Moment moment) {
    return with(file, newPosition, checked, moment);
  }

  CatalogEntry with(Move begun, Moment moment) {
    CatalogEntry later = with(position, moment);
    return new CatalogEntry(
        name, later.version, file, position, later.lifetime, checked, begun, following);
  }

  /** Without a move, and nothing else changed but who decides the share of reads. */
  CatalogEntry with(@Nullable Following newFollowing) {
    return new CatalogEntry(name, version, file, position, lifetime, checked, null, newFollowing);
  }

  /** Whoever has rolled it back, its flag does not let it go forward again by itself. */
  CatalogEntry heldBy(ChangeNote note, Moment moment) {
    return following == null ? this : with(following.overridden(note, moment));
  }

  /**
   * @param nowChecked for the new file; null when that is not known
   */
  CatalogEntry with(MigrationText newFile, @Nullable CheckedCatalogs nowChecked, Moment moment) {
    return with(newFile, position, nowChecked, moment);
  }

  private CatalogEntry with(
      MigrationText newFile,
      Position newPosition,
      @Nullable CheckedCatalogs nowChecked,
      Moment moment) {
    return new CatalogEntry(
        name,
        moment.version(),
        newFile,
        newPosition,
        new Lifetime(lifetime.createdAt(), moment.at()),
        nowChecked,
        null,
        following);
  }
}
