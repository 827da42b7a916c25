package dev.crossfade.postgresql.type;

import java.util.List;

/**
 * A type that is not built in, as one server's catalog has it.
 *
 * @param definition what must be the same on another server for values to mean the same: labels in
 *     their order, names of attributes, checks. Text that is only compared
 * @param parts OIDs of the types that it is made of: an array's element, a domain's base, a
 *     composite's attributes in their order, a range's bound, a multirange's range
 * @param unique no other type of the database has the name, in whichever schema
 */
public record UserType(
    int oid, Name name, Kind kind, String definition, List<Integer> parts, boolean unique) {
  /** A schema and a name in it, as the catalog spells them. */
  public record Name(String schema, String name) {
    @Override
    public String toString() {
      return schema + '.' + name;
    }
  }

  /** What its binary values look like. */
  public enum Kind {
    /** Labels; its values are text in both formats. */
    ENUM,
    /** Its values are those of its base. */
    DOMAIN,
    COMPOSITE,
    ARRAY,
    RANGE,
    MULTIRANGE,
    /** An extension's own. */
    BASE
  }

  /** OIDs from here on are of objects that users made. */
  private static final int FIRST_USER_OID = 16_384;

  public UserType {
    parts = List.copyOf(parts);
  }

  /** Whether an OID, which has no sign, is of a type that means the same on every server. */
  public static boolean isBuiltIn(int oid) {
    return Integer.compareUnsigned(oid, FIRST_USER_OID) < 0;
  }
}
