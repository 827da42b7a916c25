package dev.crossfade.sql.lens;

import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.TableShorthand.LossyColumn;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A migration as its author wrote it, in YAML. Names are as the catalog spells them; a table
 * without a schema is in {@code public}.
 *
 * <pre>{@code
 * apiVersion: crossfade.dev/v1
 * kind: Migration
 * metadata: {name: split-customers, owner: accounts, rationale: "one table per concern", risk: medium}
 * spec:
 *   engine: postgresql
 *   entity: {key: [id bigint]}
 *   old:
 *     customers:
 *       entity: [id]
 *       down: SELECT ... FROM people p LEFT JOIN contacts c ON c.person_id = p.id
 *   new:
 *     people:
 *       entity: [id]
 *       up: SELECT ... FROM customers
 *   tables:
 *     - old: accounts
 *       new: account
 *       columns: {aid: {rename: account_id}, abalance: {cast: bigint}, filler: {drop: true, lossy: true, default: "''"}}
 * }</pre>
 *
 * @param name unique among migrations
 * @param entityKey empty when every table's primary key is its entity
 * @param oldTables what {@code spec.old} says
 * @param newTables what {@code spec.new} says
 * @param tables what {@code spec.tables} says
 * @param capture how old's changes are logged
 * @param flag that decides the share of reads; null where people do
 * @param comparison how reads are compared; without the keys, which the tables tell
 */
public record MigrationFile(
    String name,
    Description description,
    List<KeyColumn> entityKey,
    List<MappedQuery> oldTables,
    List<MappedQuery> newTables,
    List<TableShorthand> tables,
    CaptureMode capture,
    @Nullable FollowedFlag flag,
    ComparisonRules comparison) {
  public MigrationFile {
    entityKey = List.copyOf(entityKey);
    oldTables = List.copyOf(oldTables);
    newTables = List.copyOf(newTables);
    tables = List.copyOf(tables);
  }

  /**
   * For people.
   *
   * @param place of the migration's name
   */
  public record Description(String owner, String rationale, Risk risk, Place place) {}

  /** How careful a rollout should be. */
  public enum Risk {
    LOW,
    MEDIUM,
    HIGH
  }

  /**
   * A part of the entity's key.
   *
   * @param type as SQL text
   */
  public record KeyColumn(String name, String type) {}

  /**
   * A table and the query over the other side's tables that gives its rows.
   *
   * @param entity the table's columns that are the entity's key, in key order
   * @param query the {@code down} query of an old table, the {@code up} query of a new one
   * @param place of the table
   */
  public record MappedQuery(TableName table, List<String> entity, SourceText query, Place place) {
    public MappedQuery {
      entity = List.copyOf(entity);
    }

    public String sql() {
      return query.text();
    }

    /** Of the query as a whole. */
    public Place queryPlace() {
      return query.place();
    }
  }

  /** Every mapped old table, with the place to name when its query is wrong. */
  public Map<TableName, Place> oldPlaces() {
    Map<TableName, Place> places = new LinkedHashMap<>();
    for (MappedQuery table : oldTables) {
      places.put(table.table(), table.queryPlace());
    }
    tables.stream()
        .flatMap(TableShorthand::oldTables)
        .forEach(table -> places.put(table.table(), table.place()));
    return places;
  }

  /** Every table of new whose rows it gives. */
  public Set<TableName> allNewTables() {
    Set<TableName> all = new HashSet<>();
    newTables.forEach(table -> all.add(table.table()));
    tables.stream().flatMap(TableShorthand::newTables).forEach(all::add);
    return all;
  }

  /** The columns whose values need not come back: their author said so. */
  public List<LossyColumn> lossyColumns() {
    return tables.stream().flatMap(TableShorthand::lossy).toList();
  }

  /**
   * @param source the file's name, for messages
   * @throws InvalidFileException with everything that is wrong with it, as far as that shows
   *     without a database
   */
  public static MigrationFile parse(String yaml, String source) throws InvalidFileException {
    return new MigrationReader(source).read(yaml);
  }
}
