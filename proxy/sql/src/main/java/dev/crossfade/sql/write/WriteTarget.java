package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.SqlParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table of the client's shape and the stored tables that hold its rows. */
final class WriteTarget {
  private final Shapes shapes;
  private final MappedTable table;
  private final List<Store> stores = new ArrayList<>();
  private final Substitution back;
  private final @Nullable String unfit;
  private final boolean hangsOnOthers;
  private final @Nullable Renaming renaming;
  private Ties ties = Ties.NONE;

  /**
   * A stored table.
   *
   * @param up gives its rows from the client's tables
   * @param rekeyed whether its entity's key may be another value than the client's, or one of a
   *     type that can not be compared with it
   */
  record Store(MappedTable table, Substitution up, boolean rekeyed) {
    String name() {
      return Sql.quote(table.shape().name());
    }

    List<String> key() {
      return table.shape().primaryKey();
    }
  }

  WriteTarget(Shapes shapes, TableName name, SqlParser parser) {
    this.shapes = shapes;
    this.table = mapped(shapes, name);
    this.back = new Substitution(parser, table.query());
    // In the order of their names: whoever locks several of them does it in the same order.
    TreeMap<String, MappedTable> byName = new TreeMap<>();
    shapes.stored().forEach((stored, mapped) -> byName.put(stored.toString(), mapped));
    for (MappedTable stored : byName.values()) {
      if (stored.reads().contains(name)) {
        Substitution up = new Substitution(parser, stored.query());
        stores.add(new Store(stored, up, isRekeyed(stored, up)));
      }
    }
    this.unfit = findUnfit(name);
    this.hangsOnOthers = findHangsOnOthers();
    this.renaming = unfit == null ? Renaming.of(table, back, stores) : null;
  }

  private boolean isRekeyed(MappedTable stored, Substitution up) {
    List<String> keys = stored.entity();
    for (int i = 0; i < keys.size(); i++) {
      String type = stored.shape().column(keys.get(i)).orElseThrow().type();
      if (!up.givesAsItIs(keys.get(i)) || !Coercion.compares(type, entityType(i))) {
        return true;
      }
    }
    return false;
  }

  private String entityType(int position) {
    return column(entity().get(position)).type();
  }

  private static MappedTable mapped(Shapes shapes, TableName name) {
    MappedTable table = shapes.client().get(name);
    if (table == null) {
      throw new IllegalArgumentException(shapes.migration() + " does not map " + name);
    }
    return table;
  }

  private @Nullable String findUnfit(TableName name) {
    if (stores.isEmpty()) {
      return "no query of the lens reads " + name;
    }
    if (shape().primaryKey().isEmpty()) {
      return name + " has no primary key";
    }
    for (ColumnShape column : shape().columns()) {
      if (!table.columns().contains(column.name())) {
        return "the lens does not give column " + column.name() + " of " + name;
      }
      if (column.filling() instanceof ColumnShape.Filling.Generated) {
        return "column " + column.name() + " of " + name + " is generated";
      }
    }
    for (Store store : stores) {
      TableName stored = store.table().shape().name();
      if (store.key().isEmpty() || !store.table().columns().containsAll(store.key())) {
        return "the lens does not give the primary key of " + stored;
      }
      for (TableName read : store.table().reads()) {
        if (!shapes.client().containsKey(read)) {
          return "the query of " + stored + " reads " + read + ", which the lens does not map back";
        }
      }
    }
    return null;
  }

  private boolean findHangsOnOthers() {
    Set<TableName> own = new HashSet<>();
    stores.forEach(store -> own.add(store.table().shape().name()));
    return table.reads().stream().anyMatch(read -> !own.contains(read) && !isReferred(read));
  }

  /** Whether a foreign key sees to it that a stored table has the row that one hangs on. */
  private boolean isReferred(TableName read) {
    MappedTable filled = shapes.stored().get(read);
    return filled != null
        && filled.reads().stream()
            .allMatch(
                other ->
                    storedReferences(other) >= Math.max(1, references(shape(), Set.of(other))));
  }

  /** Foreign keys from the stored tables to those that have a row for each of another's. */
  private long storedReferences(TableName other) {
    Set<TableName> there = new HashSet<>();
    shapes
        .stored()
        .forEach(
            (name, stored) -> {
              if (stored.reads().equals(Set.of(other))) {
                there.add(name);
              }
            });
    return stores.stream().mapToLong(store -> references(store.table().shape(), there)).sum();
  }

  private static long references(TableShape shape, Set<TableName> others) {
    return shape.rules().foreignKeys().stream()
        .filter(key -> others.contains(key.references()))
        .count();
  }

  /** Before anybody else sees it: other targets have to be known first. */
  void tie(Ties found) {
    ties = found;
  }

  Ties ties() {
    return ties;
  }

  /** The stored tables that its rows come from. */
  Set<TableName> reads() {
    return table.reads();
  }

  /** Where its rows are, when they are stored as they are; else null. */
  @Nullable Renaming renaming() {
    return renaming;
  }

  /** Whether a row of it may be lost for want of a stored row that it does not bring along. */
  boolean hangsOnOthers() {
    return hangsOnOthers;
  }

  /** Why nothing can be written to it; null when it can. */
  @Nullable String unfit() {
    return unfit;
  }

  String migration() {
    return shapes.migration();
  }

  TableShape shape() {
    return table.shape();
  }

  List<Store> stores() {
    return List.copyOf(stores);
  }

  List<String> key() {
    return shape().primaryKey();
  }

  List<String> entity() {
    return table.entity();
  }

  /** Whether an entity is one row of it. */
  boolean isWholeEntity() {
    return new HashSet<>(key()).equals(new HashSet<>(entity()));
  }

  /** Whether what is stored of an entity is made of more than one row of the client's. */
  boolean sharesEntities() {
    return !isWholeEntity() || stores.stream().anyMatch(store -> store.table().reads().size() > 1);
  }

  /** Its rows, in parentheses. */
  String rows() {
    return table.substitution();
  }

  Shapes shapes() {
    return shapes;
  }

  /** Gives its rows from the stored tables. */
  Substitution back() {
    return back;
  }

  /**
   * A query that gives the key of a stored table's entity.
   *
   * @param rows the target's, as an item of a FROM
   * @param key SQL for each column of the entity's key as the client has it
   */
  String rekeyed(Store store, String rows, List<String> key) {
    Function<TableName, String> ofEntity =
        name -> {
          MappedTable other = other(name);
          String from = name.equals(shape().name()) ? rows : other.substitution();
          String condition =
              IntStream.range(0, key.size())
                  .mapToObj(i -> "d." + Sql.quote(other.entity().get(i)) + " = " + key.get(i))
                  .collect(Collectors.joining(" AND "));
          return "(SELECT d.* FROM " + from + " AS d WHERE " + condition + ")";
        };
    String columns = Effect.columns("u.", store.table().entity());
    return "SELECT " + columns + " FROM (" + store.up().with(ofEntity) + ") AS u";
  }

  /** Another table of the client's. */
  MappedTable other(TableName name) {
    return mapped(shapes, name);
  }

  ColumnShape column(String name) {
    return shape().column(name).orElseThrow();
  }
}
