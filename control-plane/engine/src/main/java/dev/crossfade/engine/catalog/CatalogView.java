package dev.crossfade.engine.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What a decision looks at.
 *
 * @param entry the migration that the command names; null when there is none
 * @param migrations how many there are
 * @param yamlBytes the UTF-8 size of all migration files
 * @param obstacle why no move can be done here, in one sentence; null when they can
 */
public record CatalogView(
    @Nullable CatalogEntry entry, int migrations, long yamlBytes, @Nullable String obstacle) {
  /** Where moves can be done. */
  public CatalogView(@Nullable CatalogEntry entry, int migrations, long yamlBytes) {
    this(entry, migrations, yamlBytes, null);
  }
}
