package dev.crossfade.sql.write;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.write.Ties.Bar;
import dev.crossfade.sql.write.Ties.Child;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The foreign keys of the client's tables, held against those of the stored ones. One that the
 * stored tables do not have is kept by the write itself where it leads from one row of an entity to
 * another, which the write locks; elsewhere what might break it is refused.
 */
final class References {
  private final Map<TableName, WriteTarget> targets;
  private final List<Reference> all = new ArrayList<>();

  /** What each stored table refers to, by its name. */
  private final Map<TableName, List<Reference>> stored = new HashMap<>();

  References(Map<TableName, WriteTarget> targets, Catalog client) {
    this.targets = targets;
    for (TableShape shape : client.tables().values()) {
      all.addAll(of(shape));
    }
    for (WriteTarget target : targets.values()) {
      for (Store store : target.stores()) {
        stored.put(store.table().shape().name(), of(store.table().shape()));
      }
    }
  }

  private static List<Reference> of(TableShape shape) {
    return shape.rules().foreignKeys().stream().map(key -> Reference.of(shape, key)).toList();
  }

  Ties ties(WriteTarget target) {
    TableName name = target.shape().name();
    List<Bar> givens = new ArrayList<>();
    List<Bar> removals = new ArrayList<>();
    List<Reference> parents = new ArrayList<>();
    for (Reference reference : all) {
      boolean own = reference.child().table().equals(name);
      boolean others = reference.parent().table().equals(name);
      if (!own && !others || isKept(reference)) {
        continue;
      }
      boolean inner = isInner(reference);
      String reason = "the stored tables do not have the foreign key " + reference.name();
      if (own && inner) {
        parents.add(reference);
      } else if (own) {
        TableName parent = reference.parent().table();
        givens.add(new Bar(Set.copyOf(reference.child().columns()), parent, reason));
      }
      if (others && !(inner && reference.isChecked())) {
        TableName child = reference.child().table();
        removals.add(new Bar(Set.copyOf(reference.parent().columns()), child, reason));
      }
    }
    hanging(target, removals);
    return new Ties(givens, removals, parents, children(target));
  }

  /** Tables whose rows would vanish with the target's, and no foreign key stands in the way. */
  private void hanging(WriteTarget target, List<Bar> removals) {
    Set<TableName> own = names(target);
    for (WriteTarget other : targets.values()) {
      TableName name = other.shape().name();
      boolean reads = other.reads().stream().anyMatch(own::contains);
      boolean shares = names(other).stream().anyMatch(own::contains);
      if (!name.equals(target.shape().name()) && reads && !shares && other.hangsOnOthers()) {
        removals.add(
            new Bar(
                new HashSet<>(target.key()),
                name,
                "rows of " + name + " hang on its stored rows, without a foreign key"));
      }
    }
    for (WriteTarget other : targets.values()) {
      for (Store store : other.stores()) {
        for (Reference reference : stored.getOrDefault(store.table().shape().name(), List.of())) {
          if (own.contains(reference.parent().table())
              && !own.contains(reference.child().table())
              && !reference.isPassive()
              && all.stream().noneMatch(client -> isKeptBy(client, reference, store))) {
            removals.add(
                new Bar(
                    new HashSet<>(target.key()),
                    other.shape().name(),
                    "only the stored tables have the foreign key " + reference.name()));
          }
        }
      }
    }
  }

  private static Set<TableName> names(WriteTarget target) {
    Set<TableName> names = new HashSet<>();
    target.stores().forEach(store -> names.add(store.table().shape().name()));
    return names;
  }

  /** Tables that have rows in a stored row of the target's. */
  private List<Child> children(WriteTarget target) {
    Set<TableName> names = new HashSet<>();
    target.stores().forEach(store -> names.addAll(store.table().reads()));
    List<Child> children = new ArrayList<>();
    for (TableName name :
        names.stream().sorted(Comparator.comparing(TableName::toString)).toList()) {
      WriteTarget other = targets.get(name);
      if (other != null && !name.equals(target.shape().name())) {
        List<Reference> references =
            all.stream()
                .filter(reference -> reference.child().table().equals(name))
                .filter(reference -> reference.parent().table().equals(target.shape().name()))
                .filter(reference -> isInner(reference) && !isKept(reference))
                .toList();
        children.add(new Child(other, references));
      }
    }
    return children;
  }

  /** Whether it leads from a row to another of the same entity, both of them in a stored row. */
  private boolean isInner(Reference reference) {
    WriteTarget child = targets.get(reference.child().table());
    WriteTarget parent = targets.get(reference.parent().table());
    return child != null
        && parent != null
        && reference.child().columns().equals(child.entity())
        && reference.parent().columns().equals(parent.entity())
        && parent.isWholeEntity()
        && parent.stores().stream()
            .anyMatch(store -> store.table().reads().contains(child.shape().name()));
  }

  private boolean isKept(Reference reference) {
    WriteTarget child = targets.get(reference.child().table());
    return child != null
        && child.stores().stream()
            .anyMatch(
                store ->
                    stored.getOrDefault(store.table().shape().name(), List.of()).stream()
                        .anyMatch(there -> isKeptBy(reference, there, store)));
  }

  /**
   * Whether a stored table's foreign key does what the client's does.
   *
   * @param store the table that has it
   */
  private boolean isKeptBy(Reference client, Reference there, Store store) {
    TableName child = client.child().table();
    TableName parent = client.parent().table();
    WriteTarget referenced = targets.get(parent);
    List<String> columns = client.child().columns();
    boolean sameRows =
        store.table().reads().equals(Set.of(child))
            && store.up().keepsEveryRow()
            && (referenced == null
                ? there.parent().table().equals(parent)
                : hasRowForEach(referenced, there.parent().table()));
    if (!sameRows || !client.acts(there) || columns.size() != there.child().columns().size()) {
      return false;
    }
    for (int i = 0; i < columns.size(); i++) {
      if (!store.up().mentions(there.child().columns().get(i), columns.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasRowForEach(WriteTarget target, TableName name) {
    return target.stores().stream()
        .filter(store -> store.table().shape().name().equals(name))
        .anyMatch(
            store ->
                store.table().reads().equals(Set.of(target.shape().name()))
                    && store.up().keepsEveryRow());
  }
}
