package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.core.schema.TableShape.Rules;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Shapes whose keys differ in type, tables that refer to each other, some of them in one on new,
 * and one that is renamed.
 */
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

  private static final String GUESTS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: guests}
      spec:
        engine: postgresql
        tables:
          - old: guests
            new: guest
            entity: [id]
            columns:
              id: {uuid: guest_ids}
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

  private static final String DESKS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: desks}
      spec:
        engine: postgresql
        entity: {key: [id integer]}
        old:
          desks:
            entity: [id]
            down: SELECT id, title FROM workplaces
          lamps:
            entity: [desk_id]
            down: SELECT id AS desk_id, watts FROM workplaces WHERE has_lamp
        new:
          workplaces:
            entity: [id]
            up: |
              SELECT d.id, d.title, l.desk_id IS NOT NULL AS has_lamp, l.watts
              FROM desks d LEFT JOIN lamps l ON l.desk_id = d.id
      """;

  private static final String SEATS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: seats}
      spec:
        engine: postgresql
        tables:
          - old: rooms
            columns: {title: {cast: text}}
          - old: seats
            columns: {label: {cast: text}}
      """;

  public static final Catalog OLD =
      catalog(
          Shop.table("public.customers", "id integer!", "name text"),
          referring(
              Shop.table("public.orders", "id bigint!", "customer_id integer", "total integer"),
              "FOREIGN KEY (customer_id) REFERENCES customers(id)"),
          Shop.table("public.desks", "id integer!", "title text"),
          referring(
              Shop.table("public.lamps", "desk_id integer!", "watts integer"),
              "FOREIGN KEY (desk_id) REFERENCES desks(id)"),
          Shop.table("public.guests", "id integer!", "nick text"),
          Shop.table("public.rooms", "id integer!", "title text"),
          referring(
              Shop.table("public.seats", "id integer!", "room_id integer", "label text"),
              "FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE"),
          Shop.table("public.profiles", "customer_id integer!", "bio text"),
          Shop.table("public.parcels", "id bigint!", "To text", "weight integer", "code text"));

  private static final Catalog NEW =
      catalog(
          Shop.table("public.customer_ids", "old_key integer!", "new_key uuid"),
          Shop.table("public.client", "id uuid!", "name text"),
          referring(
              Shop.table("public.purchases", "id bigint!", "customer_id uuid", "total integer"),
              "FOREIGN KEY (customer_id) REFERENCES client(id)"),
          Shop.table(
              "public.workplaces",
              "id integer!",
              "title text",
              "has_lamp boolean",
              "watts integer"),
          Shop.table("public.guest_ids", "old_key integer!", "new_key uuid"),
          Shop.table("public.guest", "id uuid!", "nick text"),
          Shop.table("public.rooms", "id integer!", "title text"),
          referring(
              Shop.table("public.seats", "id integer!", "room_id integer", "label text"),
              "FOREIGN KEY (room_id) REFERENCES rooms(id)"),
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

  private static TableShape referring(TableShape table, String definition) {
    String other = definition.replaceAll(".*REFERENCES (\\w+).*", "$1");
    String name = table.name().name() + "_fkey";
    ForeignKey key = new ForeignKey(name, new TableName("public", other), definition);
    Rules rules = table.rules();
    return new TableShape(
        table.name(),
        table.columns(),
        table.primaryKey(),
        new Rules(rules.uniqueKeys(), rules.checks(), List.of(key)));
  }

  public static List<CompiledLens> lenses() {
    return Stream.of(UUIDS, GUESTS, NAMES, DESKS, SEATS).map(Depot::lens).toList();
  }

  private static CompiledLens lens(String yaml) {
    try {
      return LensCompiler.compile(MigrationFile.parse(yaml, "depot.yaml"), OLD, NEW);
    } catch (InvalidFileException e) {
      throw new AssertionError(e);
    }
  }

  public static StatementAnalyzer analyzer() {
    return new StatementAnalyzer(lenses(), OLD);
  }
}
