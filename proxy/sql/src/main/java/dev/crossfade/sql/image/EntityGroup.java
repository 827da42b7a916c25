package dev.crossfade.sql.image;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tables whose rows depend on each other, and so have one kind of entity.
 *
 * @param side whose rows are checked; every query runs there
 * @param own the tables of that side
 * @param other the tables of the other side
 */
public record EntityGroup(
    Side side, Map<TableName, MappedTable> own, Map<TableName, MappedTable> other) {
  public static final Comparator<TableName> BY_NAME = Comparator.comparing(TableName::toString);

  public EntityGroup {
    own = Map.copyOf(own);
    other = Map.copyOf(other);
  }

  /** All of a lens's, each table in one of them; those that have no table on this side left out. */
  public static List<EntityGroup> of(CompiledLens lens, Side side) {
    Map<TableName, MappedTable> own = side == Side.OLD ? lens.tables() : lens.ups();
    Map<TableName, MappedTable> other = side == Side.OLD ? lens.ups() : lens.tables();
    List<EntityGroup> groups = new ArrayList<>();
    Set<TableName> seen = new LinkedHashSet<>();
    for (TableName first : own.keySet().stream().sorted(BY_NAME).toList()) {
      if (!seen.contains(first)) {
        EntityGroup group = around(first, side, own, other);
        seen.addAll(group.own().keySet());
        groups.add(group);
      }
    }
    return groups;
  }

  private static EntityGroup around(
      TableName first,
      Side side,
      Map<TableName, MappedTable> own,
      Map<TableName, MappedTable> other) {
    Set<TableName> here = new LinkedHashSet<>(Set.of(first));
    Set<TableName> there = new LinkedHashSet<>();
    int size = 0;
    while (size < here.size() + there.size()) {
      size = here.size() + there.size();
      join(own, here, there);
      join(other, there, here);
    }
    return new EntityGroup(side, only(own, here), only(other, there));
  }

  /** Adds what the tables of one side read, and which of them read what is there. */
  private static void join(
      Map<TableName, MappedTable> tables, Set<TableName> here, Set<TableName> there) {
    tables.forEach(
        (name, table) -> {
          if (!here.contains(name) && table.reads().stream().anyMatch(there::contains)) {
            here.add(name);
          }
          if (here.contains(name)) {
            there.addAll(table.reads());
          }
        });
  }

  private static Map<TableName, MappedTable> only(
      Map<TableName, MappedTable> tables, Set<TableName> names) {
    Map<TableName, MappedTable> only = new TreeMap<>(BY_NAME);
    tables.forEach(
        (name, table) -> {
          if (names.contains(name)) {
            only.put(name, table);
          }
        });
    return only;
  }

  public MappedTable own(TableName table) {
    return of(own, table);
  }

  public MappedTable other(TableName table) {
    return of(other, table);
  }

  private static MappedTable of(Map<TableName, MappedTable> tables, TableName name) {
    MappedTable table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException(name + " is not in the group");
    }
    return table;
  }

  public List<TableName> ownNames() {
    return own.keySet().stream().sorted(BY_NAME).toList();
  }

  public List<TableName> otherNames() {
    return other.keySet().stream().sorted(BY_NAME).toList();
  }
}
