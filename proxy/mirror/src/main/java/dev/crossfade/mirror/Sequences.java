package dev.crossfade.mirror;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Brings the sequences that fill columns of a side's tables past what the mirror has written there,
 * for the mirror writes values and draws none. They are only ever moved on. Columns of other types
 * than whole numbers are left alone.
 */
final class Sequences {
  /** Of an identity, a serial, or any other default that draws from a sequence. */
  private static final String OF_TABLES =
      """
      SELECT DISTINCT n.nspname, c.relname, a.attname, sn.nspname, s.relname, q.seqincrement > 0
      FROM unnest(CAST(? AS text[])) AS wanted(name)
        JOIN pg_class c ON c.oid = to_regclass(wanted.name)
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
        LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
        JOIN pg_depend d
          ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
            AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
          OR d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class s ON s.relkind = 'S' AND s.oid IN (d.objid, d.refobjid)
        JOIN pg_namespace sn ON sn.oid = s.relnamespace
        JOIN pg_sequence q ON q.seqrelid = s.oid
      ORDER BY 1, 2, 3, 4, 5
      """;

  private Sequences() {}

  /**
   * One sequence and one column that it fills.
   *
   * @param rises whether it counts up
   */
  private record Filled(TableName table, String column, TableName sequence, boolean rises) {
    /** Nothing when the sequence is ahead already. */
    String advance() {
      String extreme = rises ? "max" : "min";
      return "SELECT setval('"
          + Sql.quote(sequence).replace("'", "''")
          + "', most.v) FROM (SELECT "
          + extreme
          + '('
          + Sql.quote(column)
          + ") AS v FROM "
          + Sql.quote(table)
          + ") AS most, "
          + Sql.quote(sequence)
          + " AS q WHERE most.v "
          + (rises ? ">" : "<")
          + " q.last_value OR most.v = q.last_value AND NOT q.is_called";
    }
  }

  /**
   * @return how many were moved on
   */
  static int advance(Connection connection, Collection<TableName> tables) throws SQLException {
    int moved = 0;
    try (Statement statement = connection.createStatement()) {
      for (Filled filled : of(connection, tables)) {
        try (ResultSet result = statement.executeQuery(filled.advance())) {
          moved += result.next() ? 1 : 0;
        }
      }
    }
    return moved;
  }

  private static List<Filled> of(Connection connection, Collection<TableName> tables)
      throws SQLException {
    List<Filled> filled = new ArrayList<>();
    String[] names = tables.stream().map(Sql::quote).toArray(String[]::new);
    try (PreparedStatement statement = connection.prepareStatement(OF_TABLES)) {
      statement.setArray(1, connection.createArrayOf("text", names));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          filled.add(
              new Filled(
                  new TableName(row.getString(1), row.getString(2)),
                  row.getString(3),
                  new TableName(row.getString(4), row.getString(5)),
                  row.getBoolean(6)));
        }
      }
    }
    return filled;
  }
}
