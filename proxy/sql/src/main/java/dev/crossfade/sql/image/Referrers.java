package dev.crossfade.sql.image;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.write.Reference;
import java.util.List;
import java.util.Map;

/** Those whose rows refer to rows that are deleted and inserted again. */
final class Referrers {
  private Referrers() {}

  /**
   * @param receiving the catalog of the side that is written
   */
  static boolean areLeftAlone(EntityGroup group, Catalog receiving) {
    return receiving.tables().values().stream()
        .allMatch(
            table ->
                table.rules().foreignKeys().stream()
                    .filter(key -> group.other().containsKey(key.references()))
                    .map(key -> Reference.of(table, key))
                    .allMatch(reference -> isLeftAlone(reference, group.other())));
  }

  /**
   * A row that refers to one of its own entity is replaced with it, whatever the key does. One of
   * another entity may only keep its parent from being deleted: then nothing changes at all.
   */
  private static boolean isLeftAlone(Reference reference, Map<TableName, MappedTable> group) {
    MappedTable child = group.get(reference.child().table());
    MappedTable parent = group.get(reference.parent().table());
    if (child == null || parent == null) {
      return false;
    }
    return reference.onDelete().equals(Reference.NO_ACTION)
        || isOfOneEntity(reference, child.entity(), parent.entity());
  }

  private static boolean isOfOneEntity(
      Reference reference, List<String> child, List<String> parent) {
    for (int i = 0; i < child.size(); i++) {
      int column = reference.child().columns().indexOf(child.get(i));
      if (column < 0 || !reference.parent().columns().get(column).equals(parent.get(i))) {
        return false;
      }
    }
    return true;
  }
}
