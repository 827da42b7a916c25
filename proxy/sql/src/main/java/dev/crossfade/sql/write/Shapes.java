package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.Map;

/**
 * A lens as a writer sees it: the tables that its client knows, and those that hold the data.
 *
 * @param client with the queries over stored tables that give their rows
 * @param stored with the queries over the client's tables that give theirs
 */
public record Shapes(
    String migration, Map<TableName, MappedTable> client, Map<TableName, MappedTable> stored) {
  public Shapes {
    client = Map.copyOf(client);
    stored = Map.copyOf(stored);
  }

  /** The client speaks the old shape, the data is in new. */
  public static Shapes oldOnNew(CompiledLens lens) {
    return new Shapes(lens.migration(), lens.tables(), lens.ups());
  }

  /** The client speaks the new shape, the data is in old. */
  public static Shapes newOnOld(CompiledLens lens) {
    return new Shapes(lens.migration(), lens.ups(), lens.tables());
  }
}
