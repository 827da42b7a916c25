package dev.crossfade.bench.translation;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The demo's migration, as a sidecar knows it once it has read both catalogs. */
final class Shop {
  private static final Set<String> STEADY =
      Set.of("split_part", "strpos", "substr", "count", "sum", "max", "lower", "rank", "coalesce");

  private static final String TIME = "timestamp with time zone";

  private Shop() {}

  static StatementAnalyzer analyzer() {
    LensFile lens = LensFile.splitCustomers();
    try {
      return new StatementAnalyzer(
          List.of(
              LensCompiler.compile(
                  MigrationFile.parse(lens.yaml(), lens.name()), oldSide(), newSide())),
          oldSide());
    } catch (InvalidFileException e) {
      throw new IllegalStateException(String.valueOf(e.problems()), e);
    }
  }

  private static Catalog oldSide() {
    return catalog(
        table(
            "customers",
            "id",
            "bigint",
            "full_name",
            "text",
            "email",
            "character varying(120)",
            "balance_cents",
            "bigint",
            "created_at",
            TIME),
        table(
            "orders",
            "id",
            "bigint",
            "customer_id",
            "bigint",
            "status",
            "character varying(20)",
            "total_cents",
            "bigint",
            "note",
            "text",
            "placed_at",
            TIME));
  }

  private static Catalog newSide() {
    return catalog(
        table(
            "people",
            "id",
            "bigint",
            "given_name",
            "text",
            "family_name",
            "text",
            "balance",
            "numeric",
            "created_at",
            TIME),
        table("contacts", "person_id", "bigint", "email", "character varying(120)"),
        table(
            "purchases",
            "id",
            "bigint",
            "buyer_id",
            "bigint",
            "state",
            "character varying(20)",
            "amount_cents",
            "bigint",
            "remark",
            "text",
            "placed_at",
            TIME));
  }

  /** Its first column is the key. */
  private static TableShape table(String name, String... columns) {
    List<ColumnShape> shapes = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 2) {
      shapes.add(new ColumnShape(columns[i], columns[i + 1], i > 0));
    }
    return new TableShape(new TableName("public", name), shapes, List.of(columns[0]));
  }

  private static Catalog catalog(TableShape... tables) {
    Map<TableName, TableShape> byName = new HashMap<>();
    for (TableShape table : tables) {
      byName.put(table.name(), table);
    }
    return new Catalog(byName, STEADY);
  }
}
