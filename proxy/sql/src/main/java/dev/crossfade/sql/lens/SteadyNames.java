package dev.crossfade.sql.lens;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of PostgreSQL's own functions, types and collations beyond what its catalog says of
 * them.
 */
final class SteadyNames {
  private static final Set<String> VOLATILE =
      Set.of(
          "nextval",
          "setval",
          "currval",
          "lastval",
          "random",
          "random_normal",
          "setseed",
          "gen_random_uuid",
          "uuidv4",
          "uuidv7",
          "set_config",
          "pg_sleep",
          "pg_sleep_for",
          "pg_sleep_until",
          "pg_notify",
          "query_to_xml",
          "cursor_to_xml");

  /** Another answer at another time. */
  private static final Set<String> CLOCK =
      Set.of("now", "transaction_timestamp", "statement_timestamp", "clock_timestamp", "timeofday");

  /** Give another answer every time, and leave no trace that anything else depends on. */
  private static final Set<String> ONCE =
      Set.of(
          "random",
          "random_normal",
          "gen_random_uuid",
          "uuidv4",
          "uuidv7",
          "now",
          "transaction_timestamp",
          "statement_timestamp",
          "clock_timestamp",
          "timeofday");

  private static final List<String> VOLATILE_PREFIXES =
      List.of("pg_advisory_", "pg_try_advisory_", "lo_", "dblink");

  /** Stable, and yet another answer on another server or for another user. */
  private static final Set<String> SERVER_DEPENDENT =
      Set.of(
          "version",
          "user",
          "session_user",
          "getdatabaseencoding",
          "icu_unicode_version",
          "unicode_version",
          "format_type",
          "obj_description",
          "col_description",
          "shobj_description",
          "row_security_active",
          "inet_client_addr",
          "inet_client_port",
          "inet_server_addr",
          "inet_server_port",
          "mxid_age",
          "get_current_ts_config",
          "to_tsvector",
          "to_tsquery",
          "plainto_tsquery",
          "phraseto_tsquery",
          "websearch_to_tsquery",
          "ts_headline",
          "ts_lexize",
          "ts_parse",
          "ts_token_type",
          "ts_debug",
          "ts_stat",
          "json_to_tsvector",
          "jsonb_to_tsvector",
          "aclexplode",
          "makeaclitem",
          "acldefault");

  private static final List<String> SERVER_PREFIXES =
      List.of(
          "pg_",
          "txid_",
          "current_",
          "has_",
          "to_reg",
          "table_to_xml",
          "schema_to_xml",
          "database_to_xml",
          "binary_upgrade_");

  private static final List<String> OF_RELATIONS =
      List.of(
          "to_reg",
          "has_",
          "table_to_xml",
          "query_to_xml",
          "schema_to_xml",
          "database_to_xml",
          "cursor_to_xml",
          "dblink",
          "row_security_active",
          "pg_relation_",
          "pg_total_relation_",
          "pg_table_",
          "pg_indexes_",
          "pg_get_",
          "pg_filenode_",
          "pg_stat_",
          "ts_stat",
          "obj_description",
          "col_description");

  private static final Set<String> SERVER_TYPES =
      Set.of(
          "regclass",
          "regproc",
          "regprocedure",
          "regoper",
          "regoperator",
          "regtype",
          "regrole",
          "regnamespace",
          "regconfig",
          "regdictionary",
          "regcollation");

  private static final Set<String> TYPES =
      Set.of(
          "bool",
          "bpchar",
          "char",
          "varchar",
          "text",
          "name",
          "bytea",
          "int2",
          "int4",
          "int8",
          "float4",
          "float8",
          "numeric",
          "money",
          "date",
          "time",
          "timetz",
          "timestamp",
          "timestamptz",
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
          "varbit",
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
          "datemultirange",
          "tsvector",
          "tsquery",
          "oid");

  /** As the catalog prints those that have a name in the standard. */
  private static final Set<String> SPELLED_TYPES =
      Set.of(
          "boolean",
          "smallint",
          "integer",
          "bigint",
          "real",
          "double precision",
          "character",
          "character varying",
          "\"char\"",
          "bit varying",
          "time without time zone",
          "time with time zone",
          "timestamp without time zone",
          "timestamp with time zone");

  private static final Set<String> COLLATIONS = Set.of("C", "POSIX", "default", "ucs_basic");

  private SteadyNames() {}

  /** Why a function may not be called; null when it may. */
  static @Nullable Refusal function(List<String> parts, Set<String> steady) {
    String name = parts.getLast();
    if (parts.size() > 1 && !isBuiltIn(parts)) {
      return Refusal.UNKNOWN_FUNCTION;
    }
    if (VOLATILE.contains(name) || startsWithAny(name, VOLATILE_PREFIXES)) {
      return Refusal.VOLATILE_FUNCTION;
    }
    if (CLOCK.contains(name)) {
      return Refusal.CLOCK;
    }
    boolean server =
        SERVER_DEPENDENT.contains(name)
            || SERVER_TYPES.contains(name)
            || startsWithAny(name, SERVER_PREFIXES);
    if (server) {
      return Refusal.SERVER_DEPENDENT;
    }
    return steady.contains(name) ? null : Refusal.UNKNOWN_FUNCTION;
  }

  /**
   * Why a function may not be called where the answer need not be the same twice; null when it may.
   *
   * @param steady names of functions that users made
   */
  static @Nullable Refusal onceFunction(List<String> parts, Set<String> steady) {
    return parts.size() == 1 && ONCE.contains(parts.getFirst()) ? null : function(parts, steady);
  }

  /**
   * Why a function may not be called even where all others may: it is told a relation or a query as
   * a text, in which nothing is replaced.
   */
  static @Nullable Refusal relationFunction(List<String> parts) {
    String name = parts.getLast();
    return startsWithAny(name, OF_RELATIONS) || SERVER_TYPES.contains(name)
        ? Refusal.SERVER_DEPENDENT
        : null;
  }

  /**
   * Why a type may not be named; null when it may.
   *
   * @param steady names of types that users made
   */
  static @Nullable Refusal type(List<String> parts, Set<List<String>> steady) {
    String name = parts.getLast();
    if (parts.size() > 1 && !isBuiltIn(parts)) {
      return steady.contains(parts) ? null : Refusal.USER_TYPE;
    }
    if (SERVER_TYPES.contains(name)) {
      return Refusal.SERVER_DEPENDENT;
    }
    // An array's own name is that of its elements with an underscore.
    return TYPES.contains(name.startsWith("_") ? name.substring(1) : name) || steady.contains(parts)
        ? null
        : Refusal.USER_TYPE;
  }

  /**
   * @param catalogName as the catalog prints a column's type, such as {@code character varying(20)}
   */
  static boolean isBuiltInType(String catalogName) {
    String name = catalogName.replaceAll("\\([^)]*\\)|\\[]", "").replaceAll(" +", " ").strip();
    return name.startsWith("interval ") || TYPES.contains(name) || SPELLED_TYPES.contains(name);
  }

  static boolean isSteadyCollation(List<String> parts) {
    return parts.size() > 1 ? isBuiltIn(parts) : COLLATIONS.contains(parts.getLast());
  }

  private static boolean isBuiltIn(List<String> parts) {
    return parts.size() == 2 && parts.getFirst().equals("pg_catalog");
  }

  private static boolean startsWithAny(String name, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
