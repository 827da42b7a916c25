package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.schema.TableName;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What old is asked before a user's reads of mapped tables may go to new: whether the user may read
 * them, whether its sessions begin with settings that could change an answer, and whether an
 * unqualified name means the mapped table for it.
 *
 * <p>Settings come, in this order, from ALTER ROLE IN DATABASE, ALTER ROLE, ALTER DATABASE, ALTER
 * ROLE ALL and the server's own configuration; only those of new's sessions are like the last.
 */
final class PermissionQuestion {
  /**
   * Settings that cannot change what a read returns, or that the server reports so that new
   * follows.
   */
  private static final String HARMLESS =
      "^(application_name|client_encoding|client_min_messages|datestyle|deadlock_timeout"
          + "|default_transaction_read_only|hash_mem_multiplier|idle_in_transaction_session_timeout"
          + "|idle_session_timeout|intervalstyle|lock_timeout|maintenance_work_mem|plan_cache_mode"
          + "|statement_timeout|synchronous_commit|temp_buffers|temp_file_limit|timezone"
          + "|transaction_timeout|work_mem|(auto_explain|cpu|effective|enable|jit|log|parallel"
          + "|max_parallel|pg_stat_statements|random|seq|tcp|track)[._].*)$";

  private static final String USUAL_PATHS = "('public', '\"$user\", public', '\"$user\",public')";

  private PermissionQuestion() {}

  /**
   * A query of one row and column: null when the user's reads may go to new, else why not.
   *
   * @param tables at least one
   * @param privileges that the user must have on each of them
   */
  static String of(String user, Set<TableName> tables, Set<String> privileges) {
    return """
    WITH setting AS (
      SELECT lower(split_part(entry, '=', 1)) AS name, substr(entry, strpos(entry, '=') + 1) AS value
      FROM pg_catalog.pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) entry
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %1$s))),
    unusual AS (
      SELECT name FROM setting
      WHERE CASE name WHEN 'search_path' THEN value NOT IN %2$s ELSE name !~ '%3$s' END),
    path AS (
      SELECT 1 FROM setting WHERE name = 'search_path'
      UNION ALL
      SELECT 1 FROM pg_catalog.pg_settings
      WHERE name = 'search_path' AND setting IN %2$s AND source NOT IN ('user', 'database user'))
    SELECT CASE
      WHEN (SELECT count(*) <> %4$d OR NOT bool_and(NOT c.relrowsecurity
                   AND %6$s AND has_schema_privilege(%1$s, n.oid, 'USAGE'))
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname, c.relname) IN (%5$s))
        THEN 'the user may not do that with the tables, or row security decides what it sees'
      WHEN EXISTS (SELECT FROM unusual)
        THEN 'ALTER ROLE or ALTER DATABASE sets ' || (SELECT min(name) FROM unusual)
      WHEN NOT EXISTS (SELECT FROM path)
        THEN 'the search_path of the user''s sessions is not the usual one, or not known'
      WHEN EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname IN ('pg_catalog', %1$s) AND n.nspname <> 'public'
                         AND ('public', c.relname) IN (%5$s))
        THEN 'a relation in pg_catalog or in the user''s own schema has the name of a mapped table'
    END
    """
        .formatted(
            literal(user),
            USUAL_PATHS,
            HARMLESS,
            tables.size(),
            names(tables),
            privileged(user, privileges));
  }

  private static String privileged(String user, Set<String> privileges) {
    return privileges.stream()
        .sorted()
        .map(each -> "has_table_privilege(" + literal(user) + ", c.oid, " + literal(each) + ")")
        .collect(Collectors.joining(" AND "));
  }

  private static String names(Set<TableName> tables) {
    return tables.stream()
        .map(table -> "(" + literal(table.schema()) + ", " + literal(table.name()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
