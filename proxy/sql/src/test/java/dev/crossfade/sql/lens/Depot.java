package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.core.schema.TableShape.Rules;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.List;
import java.util.Set;

/** Shapes whose keys differ in type, tables that refer to each other, and one that is renamed. */
public final class Depot {
  private static final String UUIDS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: uuids}
      spec:
        engine: postgresql
        tables:
          - old: customers
            new: client
            entity: [id]
            columns:
              id: {uuid: customer_ids}
          - old: orders
            new: purchases
            entity: [id]
            columns:
              customer_id: {uuid: customer_ids}
          - old: profiles
            entity: [customer_id]
            columns:
              customer_id: {uuid: customer_ids}
      """;

  private static final String NAMES =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: names}
      spec:
        engine: postgresql
        tables:
          - old: parcels
            new: shipments
            columns:
              id: {rename: shipment_id}
              To: {rename: ship_to}
              weight: {rename: grams}
      """;

  public static final Catalog OLD =
      catalog(
          Shop.table("public.customers", "id integer!", "name text"),
          referring(
              Shop.table("public.orders", "id bigint!", "customer_id integer", "total integer"),
              "customers"),
          Shop.table("public.profiles", "customer_id integer!", "bio text"),
          Shop.table("public.parcels", "id bigint!", "To text", "weight integer", "code text"));

  private static final Catalog NEW =
      catalog(
          Shop.table("public.customer_ids", "old_key integer!", "new_key uuid"),
          Shop.table("public.client", "id uuid!", "name text"),
          referring(
              Shop.table("public.purchases", "id bigint!", "customer_id uuid", "total integer"),
              "client"),
          Shop.table("public.profiles", "customer_id uuid!", "bio text"),
          Shop.table(
              "public.shipments",
              "shipment_id bigint!",
              "grams integer",
              "code text",
              "ship_to text",
              "note text"));

  private Depot() {}

  private static Catalog catalog(TableShape... tables) {
    return new Catalog(Shop.catalog(tables).tables(), Set.of("md5", "upper", "max"));
  }

  private static TableShape referring(TableShape table, String other) {
    ForeignKey key =
        new ForeignKey(
            other + "_fkey",
            new TableName("public", other),
            "FOREIGN KEY (customer_id) REFERENCES " + other + "(id)");
    Rules rules = table.rules();
    return new TableShape(
        table.name(),
        table.columns(),
        table.primaryKey(),
        new Rules(rules.uniqueKeys(), rules.checks(), List.of(key)));
  }

  public static List<CompiledLens> lenses() {
    try {
      return List.of(
          LensCompiler.compile(MigrationFile.parse(UUIDS, "uuids.yaml"), OLD, NEW),
          LensCompiler.compile(MigrationFile.parse(NAMES, "names.yaml"), OLD, NEW));
    } catch (InvalidFileException e) {
      throw new AssertionError(e);
    }
  }

  public static StatementAnalyzer analyzer() {
    return new StatementAnalyzer(lenses(), OLD);
  }
}
