package dev.crossfade.sidecar;

import dev.crossfade.postgresql.catalog.CatalogReader;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.postgresql.type.UserTypes;
import java.util.concurrent.atomic.AtomicLong;

/** The types that users made in both databases, as they were when they were last read. */
final class DatabaseTypes {
  /** A client that makes the same mistake again and again must not cost the servers much. */
  private static final long MIN_PAUSE_NANOS = 1_000_000_000;

  private final MetadataConnection old;
  private final MetadataConnection target;
  private final AtomicLong doubtedAtNanos = new AtomicLong(System.nanoTime() - MIN_PAUSE_NANOS);
  private TypeMapping oldToNew = TypeMapping.NONE;
  private TypeMapping newToOld = TypeMapping.NONE;

  DatabaseTypes(MetadataConnection old, MetadataConnection target) {
    this.old = old;
    this.target = target;
  }

  TypeMapping oldToNew() {
    return oldToNew;
  }

  TypeMapping newToOld() {
    return newToOld;
  }

  /** Whether a doubt is worth a look, which is not so directly after another. Thread-safe. */
  boolean isDoubtWorthwhile() {
    long now = System.nanoTime();
    long before = doubtedAtNanos.get();
    return now - before >= MIN_PAUSE_NANOS && doubtedAtNanos.compareAndSet(before, now);
  }

  /** What has become of the types since they were read before. */
  enum Change {
    NONE,
    /** All that had partners have the same ones still, and look the same. */
    ADDED,
    OTHER
  }

  /**
   * Reads them again.
   *
   * @throws MetadataException when a server cannot be asked: what was known stands
   */
  Change read() throws MetadataException {
    UserTypes ofOld = CatalogReader.readTypes(old);
    UserTypes ofNew = CatalogReader.readTypes(target);
    if (oldToNew.isOf(ofOld, ofNew)) {
      return Change.NONE;
    }
    TypeMapping before = oldToNew;
    oldToNew = new TypeMapping(ofOld, ofNew);
    newToOld = new TypeMapping(ofNew, ofOld);
    return oldToNew.keeps(before) ? Change.ADDED : Change.OTHER;
  }
}
