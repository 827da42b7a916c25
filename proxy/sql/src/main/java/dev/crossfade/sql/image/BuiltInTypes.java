package dev.crossfade.sql.image;

import java.util.Set;

/** The types that every server has, by the names that its catalog prints. */
final class BuiltInTypes {
  private static final Set<String> NAMES =
      Set.of(
          "smallint",
          "integer",
          "bigint",
          "numeric",
          "real",
          "double precision",
          "money",
          "boolean",
          "text",
          "character varying",
          "character",
          "\"char\"",
          "name",
          "bytea",
          "date",
          "time without time zone",
          "time with time zone",
          "timestamp without time zone",
          "timestamp with time zone",
          "interval",
          "uuid",
          "json",
          "jsonb",
          "jsonpath",
          "xml",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "bit",
          "bit varying",
          "oid",
          "pg_lsn",
          "tsvector",
          "tsquery",
          "point",
          "line",
          "lseg",
          "box",
          "path",
          "polygon",
          "circle",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange",
          "int4multirange",
          "int8multirange",
          "nummultirange",
          "tsmultirange",
          "tstzmultirange",
          "datemultirange");

  private BuiltInTypes() {}

  /**
   * @param type with its modifiers, such as {@code character varying(20)[]}
   */
  static boolean contains(String type) {
    String plain = type.replaceAll("\\[]", "").replaceAll("\\([^)]*\\)", "").replace("  ", " ");
    return NAMES.contains(plain.strip());
  }
}
