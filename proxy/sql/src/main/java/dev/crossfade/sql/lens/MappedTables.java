package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.parse.StatementOutline;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The old tables of all lenses, found by the words of a statement. Immutable. */
final class MappedTables {
  private static final String DEFAULT_SCHEMA = "public";

  private final Map<TableName, Mapped> byName = new HashMap<>();
  private final Set<String> bareNames = new HashSet<>();

  /**
   * A mapped table.
   *
   * @param shape null when the catalog does not have it any more
   */
  record Mapped(CompiledLens lens, TableName name, @Nullable TableShape shape) {
    String substitution() {
      return lens.readSubstitution(name);
    }

    List<String> entity() {
      return lens.entity(name);
    }

    boolean hasColumn(String column) {
      return shape != null && shape.column(column).isPresent();
    }
  }

  /** What a reference to a relation leads to. */
  enum Resolution {
    MAPPED,
    /** Another relation. */
    OTHER,
    /** Which relation is meant depends on the session, or it is named in an unusual way. */
    UNCLEAR
  }

  MappedTables(Collection<CompiledLens> lenses, Catalog old) {
    for (CompiledLens lens : lenses) {
      for (TableName table : lens.oldTables()) {
        Mapped before = byName.put(table, new Mapped(lens, table, old.table(table).orElse(null)));
        if (before != null) {
          throw new IllegalArgumentException(
              table + " is mapped by " + before.lens().migration() + " and by " + lens.migration());
        }
        bareNames.add(table.name());
      }
    }
  }

  Set<String> bareNames() {
    return Set.copyOf(bareNames);
  }

  Resolution resolve(StatementOutline.Table reference) {
    if (find(reference) != null) {
      return Resolution.MAPPED;
    }
    boolean known = bareNames.contains(reference.parts().getLast());
    return known && reference.parts().size() != 2 ? Resolution.UNCLEAR : Resolution.OTHER;
  }

  /** The mapped table that a reference names; null when it names none. */
  @Nullable Mapped find(StatementOutline.Table reference) {
    List<String> parts = reference.parts();
    return switch (parts.size()) {
      case 1 -> byName.get(new TableName(DEFAULT_SCHEMA, parts.getFirst()));
      case 2 -> byName.get(new TableName(parts.getFirst(), parts.getLast()));
      default -> null;
    };
  }
}
