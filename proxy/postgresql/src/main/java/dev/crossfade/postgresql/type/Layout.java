package dev.crossfade.postgresql.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the OIDs of user-made types stand inside a binary value. Values that hold none have no
 * layout. Types cannot contain themselves, so a layout has an end.
 */
public sealed interface Layout {
  /**
   * A type that is named inside a value.
   *
   * @param asked its OID on the side whose shape the client speaks
   * @param answering its OID on the other side; the same when it is built in
   * @param within of its own values; null when nothing in them has to be changed
   */
  record Part(int asked, int answering, @Nullable Layout within) {
    boolean isCarried() {
      return asked != answering || within != null;
    }
  }

  /** int32 dimensions | int32 flags | int32 element's OID | per dimension 2 * int32 | elements */
  record ArrayOf(Part element) implements Layout {}

  /** int32 fields | per field: int32 OID, int32 length, bytes */
  record Fields(List<Part> fields) implements Layout {
    public Fields {
      fields = List.copyOf(fields);
    }
  }

  /** byte flags | up to two bounds */
  record RangeOf(Layout bound) implements Layout {}

  /** int32 count | ranges */
  record MultirangeOf(Layout range) implements Layout {}
}
