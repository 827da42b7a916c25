package dev.crossfade.sidecar;

import dev.crossfade.postgresql.catalog.CatalogReader;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.postgresql.type.UserTypes;

/** The types that users made in both databases, as they were when they were last read. */
final class DatabaseTypes {
  private final MetadataConnection old;
  private final MetadataConnection target;
  private TypeMapping oldToNew = TypeMapping.NONE;

  DatabaseTypes(MetadataConnection old, MetadataConnection target) {
    this.old = old;
    this.target = target;
  }

  TypeMapping oldToNew() {
    return oldToNew;
  }

  /**
   * Reads them again.
   *
   * @return whether they have changed
   * @throws MetadataException when a server cannot be asked: what was known stands
   */
  boolean read() throws MetadataException {
    UserTypes ofOld = CatalogReader.readTypes(old);
    UserTypes ofNew = CatalogReader.readTypes(target);
    if (oldToNew.isOf(ofOld, ofNew)) {
      return false;
    }
    oldToNew = new TypeMapping(ofOld, ofNew);
    return true;
  }
}
