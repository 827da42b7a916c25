package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.List;
import java.util.Optional;

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
 *       columns: {aid: {rename: account_id}, abalance: {cast: bigint}, filler: {drop: true, default: "''"}}
 * }</pre>
 *
 * @param name unique among migrations
 * @param entityKey empty when every table's primary key is its entity
 * @param oldTables what {@code spec.old} says
 * @param newTables what {@code spec.new} says
 * @param tables what {@code spec.tables} says
 */
public record MigrationFile(
    String name,
    Description description,
    List<KeyColumn> entityKey,
    List<MappedQuery> oldTables,
    List<MappedQuery> newTables,
    List<TableShorthand> tables) {
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

  /**
   * An old table that becomes one new table, row by row.
   *
   * @param entity empty when it is the old table's primary key
   */
  public record TableShorthand(
      TableName oldTable,
      TableName newTable,
      List<String> entity,
      List<ColumnShorthand> columns,
      Place place) {
    public TableShorthand {
      entity = List.copyOf(entity);
      columns = List.copyOf(columns);
    }
  }

  /** What becomes of one column. */
  public record ColumnShorthand(String column, ColumnChange change, Place place) {}

  /** What the new table has in the place of a column. Values and types are SQL. */
  public sealed interface ColumnChange {
    /**
     * @param rename the name in the new table, when it is another one
     * @param cast the type in the new table, when it is another one
     */
    record Keep(Optional<String> rename, Optional<SourceText> cast) implements ColumnChange {}

    /** The new table does not have it; the old one's rows get the value. */
    record Drop(SourceText value) implements ColumnChange {}

    /** The old table does not have it; the new one's rows get the value. */
    record Add(SourceText value) implements ColumnChange {}
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
