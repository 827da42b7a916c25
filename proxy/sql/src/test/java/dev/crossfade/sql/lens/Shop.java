package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.Rules;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The two shapes and the migration that these tests speak of. */
public final class Shop {
  static final String SPLIT_CUSTOMERS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers, owner: accounts, rationale: "one table per concern", risk: medium}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: |
              SELECT p.id, p.given_name || ' ' || p.family_name AS full_name, c.email,
                     (p.balance * 100)::bigint AS balance_cents, p.created_at
              FROM people p LEFT JOIN contacts c ON c.person_id = p.id
        new:
          people:
            entity: [id]
            up: |
              SELECT id, split_part(full_name,' ',1) AS given_name, split_part(full_name,' ',2) AS family_name,
                     balance_cents / 100.0 AS balance, created_at FROM customers
          contacts:
            entity: [person_id]
            up: SELECT id AS person_id, email FROM customers WHERE email IS NOT NULL
      """;

  static final String RENAME_ACCOUNTS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: rename-accounts}
      spec:
        engine: postgresql
        tables:
          - old: accounts
            new: bank.account
            columns:
              aid: {rename: account_id}
              abalance: {cast: bigint}
              filler: {drop: true, lossy: true, default: "''"}
              region: {add: true, default: "'eu'"}
      """;

  private static final Set<String> STEADY =
      Set.of(
          "split_part",
          "lower",
          "upper",
          "length",
          "count",
          "sum",
          "min",
          "max",
          "avg",
          "now",
          "age",
          "transaction_timestamp",
          "statement_timestamp",
          "date_trunc",
          "round",
          "row_number",
          "rank",
          "string_agg",
          "array_agg",
          "json_agg",
          "row_to_json",
          "generate_series",
          "unnest",
          "to_char",
          "abs",
          "version",
          "current_setting",
          "substr",
          "left",
          "pg_typeof",
          "to_json",
          "percentile_cont",
          "jsonb_build_object",
          "lag",
          "current_database",
          "has_table_privilege",
          "regclass",
          "to_tsvector");

  public static final Catalog OLD =
      catalog(
          table(
              "public.customers",
              "id bigint!",
              "full_name text",
              "email character varying(120)",
              "balance_cents bigint",
              "created_at timestamp with time zone"),
          table(
              "public.accounts",
              "aid integer!",
              "bid integer",
              "abalance integer",
              "filler character(84)"),
          table("public.orders", "id bigint!", "customer_id bigint", "total_cents bigint"));

  static final Catalog NEW =
      catalog(
          table(
              "public.people",
              "id bigint!",
              "given_name text",
              "family_name text",
              "balance numeric(20,2)",
              "created_at timestamp with time zone"),
          table("public.contacts", "person_id bigint!", "email text"),
          table(
              "bank.account",
              "account_id integer!",
              "bid integer",
              "abalance bigint",
              "region text"));

  private Shop() {}

  /** Columns as {@code name type}, those of the primary key with an exclamation mark. */
  static TableShape table(String name, String... columns) {
    String[] parts = name.split("\\.");
    List<ColumnShape> shapes = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (String column : columns) {
      int blank = column.indexOf(' ');
      boolean primary = column.endsWith("!");
      String type = column.substring(blank + 1, column.length() - (primary ? 1 : 0));
      shapes.add(new ColumnShape(column.substring(0, blank), type, !primary));
      if (primary) {
        key.add(column.substring(0, blank));
      }
    }
    Rules rules =
        key.isEmpty()
            ? Rules.NONE
            : new Rules(List.of(new UniqueKey(parts[1] + "_pkey", key)), List.of(), List.of());
    return new TableShape(new TableName(parts[0], parts[1]), shapes, key, rules);
  }

  static Catalog catalog(TableShape... tables) {
    Map<TableName, TableShape> byName = new HashMap<>();
    for (TableShape table : tables) {
      byName.put(table.name(), table);
    }
    return new Catalog(byName, STEADY);
  }

  public static List<CompiledLens> lenses() {
    try {
      return List.of(
          LensCompiler.compile(MigrationFile.parse(SPLIT_CUSTOMERS, "split.yaml"), OLD, NEW),
          LensCompiler.compile(MigrationFile.parse(RENAME_ACCOUNTS, "rename.yaml"), OLD, NEW));
    } catch (InvalidFileException e) {
      throw new AssertionError(e);
    }
  }

  public static StatementAnalyzer analyzer() {
    return new StatementAnalyzer(lenses(), OLD);
  }
}
