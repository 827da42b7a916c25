package dev.crossfade.postgresql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Takes the rows of one database through a lens to another, and back. */
record UpAndDown(Connection old, Connection next) {
  /** Compiles the lens, takes all rows up and down again, and finds them as they were. */
  CompiledLens prove(String tables) throws Exception {
    String yaml =
        "apiVersion: crossfade.dev/v1\nkind: Migration\nmetadata: {name: proof}\nspec:\n"
            + "  engine: postgresql\n  tables:\n"
            + tables.indent(4);
    CompiledLens lens =
        LensCompiler.compile(MigrationFile.parse(yaml, "proof.yaml"), catalog(old), catalog(next));
    execute(next, "SET session_replication_role = replica");
    for (Map.Entry<TableName, MappedTable> up : lens.ups().entrySet()) {
      fill(up.getKey(), up.getValue());
    }
    for (TableName table : lens.oldTables()) {
      List<String> before = rows(old, "SELECT * FROM " + quoted(table));
      assertThat(before).as(table.toString()).isNotEmpty();
      assertThat(rows(next, "SELECT * FROM " + lens.readSubstitution(table) + " AS d"))
          .as(table + " by " + lens.readSubstitution(table))
          .isEqualTo(before);
    }
    return lens;
  }

  private void fill(TableName table, MappedTable up) throws Exception {
    String columns =
        up.shape().columns().stream()
            .filter(column -> up.columns().contains(column.name()))
            .map(column -> '"' + column.name() + '"')
            .collect(Collectors.joining(", "));
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    // Types of new do not exist on old: the values arrive as text.
    old.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (SELECT " + columns + " FROM (" + up.query() + ") AS u) TO STDOUT", rows);
    next.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(
            "COPY " + quoted(table) + " (" + columns + ") FROM STDIN",
            new ByteArrayInputStream(rows.toByteArray()));
  }

  static String down(CompiledLens lens, String table) {
    return "SELECT * FROM " + lens.readSubstitution(table(table)) + " AS d";
  }

  static TableName table(String name) {
    return new TableName("public", name);
  }

  private static String quoted(TableName table) {
    return '"' + table.schema() + "\".\"" + table.name() + '"';
  }

  /** As COPY writes them, sorted. */
  static List<String> rows(Connection connection, String query) throws Exception {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (" + query + ") TO STDOUT", rows);
    return rows.toString(StandardCharsets.UTF_8).lines().sorted().toList();
  }

  static String plan(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET enable_seqscan = off");
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines = statement.executeQuery("EXPLAIN " + query)) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Catalog catalog(Connection connection) throws Exception {
    return CatalogQueries.read(
        sql -> {
          try (Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery(sql)) {
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
              List<@Nullable String> row = new ArrayList<>();
              for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(result.getString(i));
              }
              rows.add(row);
            }
            return rows;
          }
        });
  }
}
