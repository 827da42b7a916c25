package dev.crossfade.inspect.catalog;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Row-level security, and who may read and write the tables of each side. */
final class AccessComparison {
  private static final String ROW_SECURITY =
      """
      SELECT n.nspname || '.' || c.relname, c.relforcerowsecurity::text
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity AND c.oid IN (%s) ORDER BY 1
      """;

  /** Superusers may anything on either side, and say nothing about the others. */
  private static final String GRANTS =
      """
      SELECT n.nspname, c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS a
           LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid IN (%s) AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            AND NOT coalesce(r.rolsuper, false)
      ORDER BY 1, 2, 3, 4
      """;

  private static final Comparator<TableName> BY_NAME = Comparator.comparing(TableName::toString);

  private final CompiledLens lens;
  private final Database old;
  private final Database next;
  private final List<Finding> findings = new ArrayList<>();

  /** Who may do what with a table: role, privilege. */
  private record Grant(String role, String privilege) implements Comparable<Grant> {
    @Override
    public int compareTo(Grant other) {
      int byRole = role.compareTo(other.role);
      return byRole == 0 ? privilege.compareTo(other.privilege) : byRole;
    }
  }

  AccessComparison(CompiledLens lens, Database old, Database next) {
    this.lens = lens;
    this.old = old;
    this.next = next;
  }

  List<Finding> run() throws QueryException {
    rowSecurity("old", old, lens.oldTables());
    Set<TableName> onNew = new TreeSet<>(BY_NAME);
    onNew.addAll(lens.newTables());
    onNew.addAll(lens.ups().keySet());
    rowSecurity("new", next, onNew);
    Map<TableName, Set<Grant>> before = grants(old, lens.oldTables());
    Map<TableName, Set<Grant>> after = grants(next, onNew);
    for (MappedTable table : lens.tables().values()) {
      missing(table, before, after);
    }
    for (TableName table : onNew) {
      excessive(table, before, after);
    }
    return findings;
  }

  private void rowSecurity(String side, Database database, Collection<TableName> tables)
      throws QueryException {
    for (List<@Nullable String> row :
        database.query(ROW_SECURITY.formatted(Relations.oids(tables)))) {
      findings.add(
          new Finding(
              Code.ROW_SECURITY,
              side + " " + row.getFirst(),
              "has row-level security, which the other side's tables do not repeat"));
    }
  }

  private static Map<TableName, Set<Grant>> grants(Database database, Collection<TableName> tables)
      throws QueryException {
    Map<TableName, Set<Grant>> grants = new HashMap<>();
    for (List<@Nullable String> row : database.query(GRANTS.formatted(Relations.oids(tables)))) {
      TableName table = new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
      grants
          .computeIfAbsent(table, name -> new TreeSet<>())
          .add(new Grant(String.valueOf(row.get(2)), String.valueOf(row.get(3))));
    }
    return grants;
  }

  /** Who may use an old table needs the same of all new ones that it becomes. */
  private void missing(
      MappedTable table, Map<TableName, Set<Grant>> before, Map<TableName, Set<Grant>> after) {
    TableName name = table.shape().name();
    for (Grant grant : before.getOrDefault(name, Set.of())) {
      for (TableName target : table.reads().stream().sorted(BY_NAME).toList()) {
        boolean concerns = grant.privilege().equals("SELECT") || lens.ups().containsKey(target);
        Set<Grant> there = after.getOrDefault(target, Set.of());
        if (concerns
            && !there.contains(grant)
            && !there.contains(new Grant("PUBLIC", grant.privilege()))) {
          findings.add(
              new Finding(
                  Code.GRANT_MISSING,
                  "new " + target,
                  grant.role() + " has " + grant.privilege() + " on old " + name + ", not here"));
        }
      }
    }
  }

  private void excessive(
      TableName table, Map<TableName, Set<Grant>> before, Map<TableName, Set<Grant>> after) {
    for (Grant grant : after.getOrDefault(table, Set.of())) {
      boolean known =
          lens.tables().values().stream()
              .filter(old -> old.reads().contains(table))
              .map(old -> before.getOrDefault(old.shape().name(), Set.of()))
              .anyMatch(
                  there ->
                      there.contains(grant)
                          || there.contains(new Grant("PUBLIC", grant.privilege())));
      if (!known) {
        findings.add(
            new Finding(
                Code.GRANT_EXCESSIVE,
                "new " + table,
                grant.role() + " has " + grant.privilege() + " here, not on old's tables"));
      }
    }
  }
}
