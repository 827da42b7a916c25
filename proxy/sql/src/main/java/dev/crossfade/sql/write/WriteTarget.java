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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table of the client's shape and the stored tables that hold its rows. */
final class WriteTarget {
  private final Shapes shapes;
  private final MappedTable table;
  private final List<Store> stores = new ArrayList<>();
  private final Substitution back;
  private final @Nullable String unfit;

  /**
   * A stored table.
   *
   * @param up gives its rows from the client's tables
   */
  record Store(MappedTable table, Substitution up) {
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
        stores.add(new Store(stored, new Substitution(parser, stored.query())));
      }
    }
    this.unfit = findUnfit(name);
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

  /** Another table of the client's. */
  MappedTable other(TableName name) {
    return mapped(shapes, name);
  }

  ColumnShape column(String name) {
    return shape().column(name).orElseThrow();
  }
}
