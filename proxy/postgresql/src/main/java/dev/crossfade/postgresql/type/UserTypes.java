package dev.crossfade.postgresql.type;

import dev.crossfade.postgresql.type.UserType.Kind;
import dev.crossfade.postgresql.type.UserType.Name;
import dev.crossfade.sql.catalog.CatalogQueries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types that users made in one database. The row types of tables are not among them: a mapped
 * table has none on the other side.
 *
 * @param byOid at most {@link #MAX_TYPES}
 */
public record UserTypes(Map<Integer, UserType> byOid) {
  /** A database with more of them is treated as one with none: all of them stay unknown. */
  public static final int MAX_TYPES = 10_000;

  public static final UserTypes NONE = new UserTypes(Map.of());

  /**
   * Whether the {@code pg_depend} row {@code d} says that this row belongs to an extension, or came
   * with a type.
   */
  private static final String NOT_BY_ITSELF =
      "d.classid = '%s'::regclass AND d.objid = %s.oid AND d.deptype IN ('e', 'i')";

  /**
   * One row for each type: OID, schema, name, kind, definition, parts, whether the name is unique.
   *
   * <p>What has casts, operators or checks made by a user, outside of an extension, may behave in
   * another way on each server: its definition is its OID, which nothing equals. The columns of
   * pg_range differ by version; its row as JSON can be asked for any.
   */
  private static final String QUERY =
      """
      WITH own AS (
        SELECT unnest(ARRAY[k.castsource, k.casttarget]) AS type FROM pg_cast k
        WHERE k.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE %s)
        UNION
        SELECT unnest(ARRAY[o.oprleft, o.oprright]) FROM pg_operator o
        WHERE o.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE %s)
        UNION
        SELECT k.contypid FROM pg_constraint k JOIN pg_depend d ON d.objid = k.oid
        WHERE k.contypid <> 0 AND d.classid = 'pg_constraint'::regclass AND d.refclassid = 'pg_proc'::regclass),
      field AS (
        SELECT a.attrelid AS relation, string_agg(a.atttypid::text, ',' ORDER BY a.attnum) AS types,
               string_agg(concat_ws(' ', quote_ident(a.attname), a.atttypmod, l.collname), ',' ORDER BY a.attnum) AS names
        FROM pg_class w JOIN pg_attribute a ON a.attrelid = w.oid LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE w.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid),
      range AS (
        SELECT r.rngtypid AS type, r.rngsubtype AS bound, to_jsonb(r) ->> 'rngmultitypid' AS several,
               concat_ws(' ', r.rngcanonical, r.rngsubdiff, o.opcname, l.collname) AS definition
        FROM pg_range r LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc LEFT JOIN pg_collation l ON l.oid = r.rngcollation)
      SELECT t.oid, n.nspname, t.typname, k.kind,
             CASE WHEN EXISTS (SELECT FROM own WHERE own.type = t.oid) THEN t.oid::text ELSE coalesce(CASE k.kind
               WHEN 'ENUM' THEN (SELECT string_agg(quote_literal(l.enumlabel), ',' ORDER BY l.enumsortorder)
                                 FROM pg_enum l WHERE l.enumtypid = t.oid)
               WHEN 'DOMAIN' THEN concat_ws(' ', t.typtypmod, t.typnotnull,
                 (SELECT l.collname FROM pg_collation l WHERE l.oid = t.typcollation),
                 (SELECT string_agg(pg_get_constraintdef(c.oid), ' ' ORDER BY pg_get_constraintdef(c.oid))
                  FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'))
               WHEN 'COMPOSITE' THEN f.names
               WHEN 'RANGE' THEN r.definition
               WHEN 'BASE' THEN coalesce(
                 (SELECT concat_ws(' ', x.extname, x.extversion) FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
                  WHERE %s LIMIT 1), t.oid::text) END, '') END,
             CASE k.kind WHEN 'ARRAY' THEN e.oid::text WHEN 'DOMAIN' THEN t.typbasetype::text WHEN 'COMPOSITE' THEN f.types
               WHEN 'RANGE' THEN r.bound::text WHEN 'MULTIRANGE' THEN m.type::text END,
             (SELECT count(*) = 1 FROM pg_type o WHERE o.typname = t.typname)
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
           LEFT JOIN pg_type e ON e.typarray = t.oid
           LEFT JOIN pg_class w ON w.oid = coalesce(e.typrelid, t.typrelid)
           LEFT JOIN field f ON f.relation = w.oid
           LEFT JOIN range r ON r.type = t.oid
           LEFT JOIN range m ON m.several = t.oid::text
           CROSS JOIN LATERAL (SELECT CASE WHEN e.oid IS NOT NULL THEN 'ARRAY' ELSE CASE t.typtype
             WHEN 'e' THEN 'ENUM' WHEN 'd' THEN 'DOMAIN' WHEN 'c' THEN 'COMPOSITE' WHEN 'r' THEN 'RANGE'
             WHEN 'm' THEN 'MULTIRANGE' ELSE 'BASE' END END) k(kind)
      WHERE t.oid >= 16384 AND t.typisdefined AND t.typtype <> 'p' AND (w.oid IS NULL OR w.relkind = 'c')
            AND n.nspname NOT LIKE 'pg\\_t%%'
      ORDER BY t.oid LIMIT %d
      """
          .formatted(
              NOT_BY_ITSELF.formatted("pg_cast", "k"),
              NOT_BY_ITSELF.formatted("pg_operator", "o"),
              NOT_BY_ITSELF.formatted("pg_type", "t")
                  + " AND d.refclassid = 'pg_extension'::regclass",
              MAX_TYPES + 1);

  public UserTypes {
    byOid = Map.copyOf(byOid);
  }

  /**
   * @param <E> what the server throws
   * @throws E when the server can not be asked
   */
  public static <E extends Exception> UserTypes read(CatalogQueries.Server<E> server) throws E {
    List<List<@Nullable String>> rows = server.query(QUERY);
    if (rows.size() > MAX_TYPES) {
      return NONE;
    }
    Map<Integer, UserType> types = new HashMap<>();
    for (List<@Nullable String> row : rows) {
      UserType type = type(row);
      types.put(type.oid(), type);
    }
    return new UserTypes(types);
  }

  private static UserType type(List<@Nullable String> row) {
    String parts = row.get(5);
    return new UserType(
        Integer.parseUnsignedInt(text(row, 0)),
        new Name(text(row, 1), text(row, 2)),
        Kind.valueOf(text(row, 3)),
        text(row, 4),
        parts == null
            ? List.of()
            : Stream.of(parts.split(",", -1)).map(Integer::parseUnsignedInt).toList(),
        text(row, 6).equals("t"));
  }

  private static String text(List<@Nullable String> row, int column) {
    return String.valueOf(row.get(column));
  }

  /** The OID of an array of each type that has one. */
  Map<Integer, UserType> arrays() {
    Map<Integer, UserType> arrays = new HashMap<>();
    for (UserType type : byOid.values()) {
      if (type.kind() == Kind.ARRAY) {
        arrays.put(type.parts().getFirst(), type);
      }
    }
    return arrays;
  }

  /** All but arrays, whose names are made up by the server. */
  Map<Name, UserType> byName() {
    Map<Name, UserType> named = new HashMap<>();
    for (UserType type : byOid.values()) {
      if (type.kind() != Kind.ARRAY) {
        named.put(type.name(), type);
      }
    }
    return named;
  }
}
