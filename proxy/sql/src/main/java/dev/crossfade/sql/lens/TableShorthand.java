package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One entry of {@code spec.tables}: an old table whose rows become those of a new one, and what
 * stands beside these two. Names are as the catalog spells them, values and types are SQL.
 *
 * @param entity the old table's columns that are its key; empty when it is the primary key
 * @param columns those of the old table that change, and those that only the new one has
 */
public record TableShorthand(
    TableName oldTable,
    TableName newTable,
    List<String> entity,
    List<ColumnShorthand> columns,
    Beside beside,
    Place place) {
  public TableShorthand {
    entity = List.copyOf(entity);
    columns = List.copyOf(columns);
  }

  /**
   * The further tables that old rows go to, and those that new rows come from.
   *
   * @param split new tables that take some columns of the old one
   * @param merge old tables whose columns the new one has, too
   * @param collect old tables whose rows are a list in a column of the new one
   * @param present the new table's boolean column that tells whether the old table has the row;
   *     without it the old table has them all
   */
  public record Beside(
      List<Split> split, List<Merge> merge, List<Collect> collect, Optional<SourceText> present) {
    public Beside {
      split = List.copyOf(split);
      merge = List.copyOf(merge);
      collect = List.copyOf(collect);
    }
  }

  /**
   * A new table with at most one row for each row of the old one.
   *
   * @param key its columns that hold the key, in the entity's order; empty when they are called as
   *     in the first new table
   * @param columns of the old table that it takes, and added ones
   * @param when it has a row where one of these is not null; empty when it always has
   */
  public record Split(
      TableName table,
      List<SourceText> key,
      List<SourceText> columns,
      List<SourceText> when,
      Place place) {
    public Split {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
      when = List.copyOf(when);
    }
  }

  /**
   * An old table with at most one row for each row of the new one.
   *
   * @param key its columns that hold the key, in the entity's order; empty when they are called as
   *     in the first old table
   * @param columns those of it that change
   */
  public record Merge(
      TableName table,
      List<SourceText> key,
      List<ColumnShorthand> columns,
      Presence presence,
      Place place) {
    public Merge {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
    }
  }

  /**
   * What tells whether a merged table has the row; nothing when it always has.
   *
   * @param when it has it where one of these columns of it is not null
   * @param column the new table's boolean column that tells it
   */
  public record Presence(List<SourceText> when, Optional<SourceText> column) {
    public Presence {
      when = List.copyOf(when);
    }
  }

  /**
   * An old table whose rows become the elements of a list.
   *
   * @param into the new table's column
   */
  public record Collect(ListRows rows, String into) {}

  /**
   * Rows that stand for the elements of an array or a JSON array.
   *
   * @param key the table's columns that hold the key of the list's row, in the entity's order
   * @param position the table's column that holds their order, from 1
   * @param elements what an element consists of: one value without a field, or fields of an object
   * @param nullWhenEmpty whether a list without elements is NULL rather than empty
   */
  public record ListRows(
      TableName table,
      List<SourceText> key,
      SourceText position,
      List<Element> elements,
      boolean nullWhenEmpty,
      Place place) {
    public ListRows {
      key = List.copyOf(key);
      elements = List.copyOf(elements);
    }
  }

  /**
   * A part of a list's element.
   *
   * @param field of a JSON object; empty when the element is the value itself
   * @param column that has it in the row
   */
  public record Element(Optional<String> field, SourceText column) {}

  /**
   * What becomes of one column.
   *
   * @param lossy whether its author accepts that values do not come back
   */
  public record ColumnShorthand(String column, ColumnChange change, boolean lossy, Place place) {}

  /** What the new shape has in the place of a column. */
  public sealed interface ColumnChange {
    /**
     * The new shape has the column.
     *
     * @param rename its name there, when it is another one
     * @param absent its value where the table that has it has no row
     */
    record Keep(Optional<String> rename, Exchange exchange, Optional<SourceText> absent)
        implements ColumnChange {}

    /**
     * The new shape does not have it; rows of old get the value.
     *
     * @param computed whether it is made of new columns; otherwise all rows get the same
     */
    record Drop(SourceText value, boolean computed) implements ColumnChange {}

    /**
     * The old shape does not have it; rows of new get the value.
     *
     * @param computed whether it is made of old columns; otherwise all rows get the same
     */
    record Add(SourceText value, boolean computed) implements ColumnChange {}

    /**
     * A table of new keeps it.
     *
     * @param absent its value where that table has no row
     */
    record Archive(TableName table, Optional<SourceText> absent) implements ColumnChange {}

    /** It is a list, whose elements are rows of new. */
    record Rows(ListRows rows) implements ColumnChange {}
  }

  /** How the values of a column that both shapes have become each other. */
  public sealed interface Exchange {
    /**
     * Computed.
     *
     * @param cast the type in the new shape, when it is another one
     * @param up the new value from old columns; empty when it is the old value
     * @param down the old value from new columns; empty when it is the new value
     */
    record Computed(Optional<SourceText> cast, Optional<SourceText> up, Optional<SourceText> down)
        implements Exchange {
      static final Computed AS_IT_IS =
          new Computed(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** New has this value where old has NULL. */
    record Nulls(SourceText value) implements Exchange {}

    /** One by one; a value that is not named stays as it is. */
    record Values(List<Pair> pairs) implements Exchange {
      public Values {
        pairs = List.copyOf(pairs);
      }
    }

    /**
     * New has a UUID made of it.
     *
     * @param map the table of new that has both
     */
    record Uuid(TableName map) implements Exchange {}
  }

  /** A value of old and the one of new that stands for it. */
  public record Pair(String old, SourceText next) {}

  /** Every old table that it maps, with the place to name when its query is wrong. */
  Stream<OldTable> oldTables() {
    return Stream.of(
            Stream.of(new OldTable(oldTable, place)),
            beside.merge().stream().map(merge -> new OldTable(merge.table(), merge.place())),
            beside.collect().stream()
                .map(collect -> new OldTable(collect.rows().table(), collect.rows().place())))
        .flatMap(tables -> tables);
  }

  /** See {@link #oldTables}. */
  record OldTable(TableName table, Place place) {}

  /** Every new table that it gives rows of, or uses to find its way back. */
  Stream<TableName> newTables() {
    Stream<ColumnShorthand> merged =
        beside.merge().stream().flatMap(merge -> merge.columns().stream());
    return Stream.of(
            Stream.of(newTable),
            beside.split().stream().map(Split::table),
            Stream.concat(columns.stream(), merged).flatMap(TableShorthand::besides))
        .flatMap(tables -> tables);
  }

  private static Stream<TableName> besides(ColumnShorthand column) {
    return switch (column.change()) {
      case ColumnChange.Archive archive -> Stream.of(archive.table());
      case ColumnChange.Rows rows -> Stream.of(rows.rows().table());
      case ColumnChange.Keep keep ->
          keep.exchange() instanceof Exchange.Uuid uuid ? Stream.of(uuid.map()) : Stream.empty();
      case ColumnChange.Drop drop -> Stream.empty();
      case ColumnChange.Add add -> Stream.empty();
    };
  }

  /** The columns whose values need not come back. */
  Stream<LossyColumn> lossy() {
    return Stream.concat(
        columns.stream()
            .filter(ColumnShorthand::lossy)
            .map(column -> new LossyColumn(oldTable, column.column())),
        beside.merge().stream()
            .flatMap(
                merge ->
                    merge.columns().stream()
                        .filter(ColumnShorthand::lossy)
                        .map(column -> new LossyColumn(merge.table(), column.column()))));
  }

  /** A column of old. */
  public record LossyColumn(TableName table, String column) {}
}
