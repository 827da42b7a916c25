package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.TableShorthand.LossyColumn;
import dev.crossfade.sql.yaml.InvalidFileException;
import org.junit.jupiter.api.Test;

/** What a file tells of its tables without a database. */
final class MigrationFileTest {
  private static final String FILE =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: all-kinds}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old: {shops: {entity: [id], down: SELECT id FROM stores}}
        new: {stores: {entity: [id], up: SELECT id FROM shops}}
        tables:
          - old: customers
            new: people
            entity: [id]
            columns:
              id: {uuid: ids}
              fax: {archive: kept.customers}
              tags: {rows: {table: tags, key: [id], position: at, value: tag}, lossy: true}
            split: {'geo."places"': {columns: [city]}, contacts: {columns: [email]}}
            merge:
              profiles: {columns: {friend: {uuid: other_ids}, pet: {drop: true, lossy: true, default: NULL}}}
            collect: {notes: {key: [id], position: at, value: note, into: notes}}
          - old: orders
      """;

  private final MigrationFile file;

  MigrationFileTest() throws InvalidFileException {
    file = MigrationFile.parse(FILE, "m.yaml");
  }

  @Test
  void everyOldTableHasItsPlace() {
    assertThat(file.oldPlaces().entrySet())
        .extracting(entry -> entry.getKey().name() + ' ' + entry.getValue().path())
        .containsExactly(
            "shops spec.old.shops.down",
            "customers spec.tables[0]",
            "profiles spec.tables[0].merge.profiles",
            "notes spec.tables[0].collect.notes",
            "orders spec.tables[1]");
  }

  @Test
  void everyNewTableIsKnown() {
    assertThat(file.allNewTables())
        .extracting(TableName::toString)
        .containsExactlyInAnyOrder(
            "public.stores",
            "public.people",
            "public.ids",
            "kept.customers",
            "public.tags",
            "geo.places",
            "public.contacts",
            "public.other_ids",
            "public.orders");
  }

  @Test
  void lossyColumnsAreThoseThatSaySo() {
    assertThat(file.lossyColumns())
        .containsExactly(
            new LossyColumn(new TableName("public", "customers"), "tags"),
            new LossyColumn(new TableName("public", "profiles"), "pet"));
  }
}
