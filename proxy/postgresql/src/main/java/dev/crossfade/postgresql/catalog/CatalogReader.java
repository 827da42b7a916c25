package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.postgresql.type.UserTypes;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.catalog.CatalogTooLargeException;

/** Reads a server's catalog through the sidecar's own connection. */
public final class CatalogReader {
  private CatalogReader() {}

  /**
   * @throws MetadataException when the server cannot be asked, or has more columns than are handled
   */
  public static Catalog read(MetadataConnection server) throws MetadataException {
    try {
      return CatalogQueries.read(server::query);
    } catch (CatalogTooLargeException e) {
      throw MetadataException.refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The types that users made.
   *
   * @throws MetadataException when the server cannot be asked
   */
  public static UserTypes readTypes(MetadataConnection server) throws MetadataException {
    return UserTypes.read(server::query);
  }
}
