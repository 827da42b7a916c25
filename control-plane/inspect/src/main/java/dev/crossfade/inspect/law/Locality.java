package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.law.Comparison.Difference;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an entity's rows of the other side depend on that entity alone. A mirror moves entities
 * one by one, so a row number or a sum over all would be wrong. A sample of entities is computed
 * together and one at a time.
 */
final class Locality {
  private static final int SAMPLE = 300;

  private final Database database;
  private final Images images;
  private final ChunkWalk walk;

  Locality(Database database, Images images, ChunkWalk walk) {
    this.database = database;
    this.images = images;
    this.walk = walk;
  }

  void check(Evidence evidence) throws QueryException {
    List<List<String>> keys = walk.keys(KeyRange.ALL, SAMPLE);
    if (keys.size() < 2) {
      return;
    }
    for (TableName name : images.group().otherNames()) {
      String place = "new " + name;
      try {
        for (Difference difference : differences(name, keys)) {
          evidence.add(
              Code.ENTITY_NOT_LOCAL,
              place,
              "depends on other entities",
              new Example(difference.key(), "depends on other entities"));
        }
      } catch (QueryException e) {
        if (e.isTimeout()) {
          evidence.at(Code.NOT_CHECKED, place).count("entity by entity it took too long", 0);
        } else if (!e.isOfData() && !e.isOfQuery()) {
          throw e;
        }
      }
    }
  }

  private List<Difference> differences(TableName name, List<List<String>> keys)
      throws QueryException {
    MappedTable table = images.group().other(name);
    List<String> aliases = new ArrayList<>();
    for (int i = 1; i <= walk.keyColumns(); i++) {
      aliases.add("crossfade_k" + i);
    }
    Entities one =
        entity ->
            entity.size() == aliases.size()
                ? '('
                    + Quoted.list(entity, Quoted::name)
                    + ") = ("
                    + Quoted.list(aliases, alias -> "crossfade_e." + alias)
                    + ')'
                : "true";
    String together = images.image(name, walk.entities(keys));
    String alone =
        "(SELECT x.* FROM ("
            + walk.values(keys)
            + ") AS crossfade_e ("
            + String.join(", ", aliases)
            + ") CROSS JOIN LATERAL "
            + images.image(name, one)
            + " AS x)";
    Comparison comparison = Comparison.of(table.shape(), table.columns(), table.entity());
    return comparison.read(database.query(comparison.sql(alone, together, false))).differences();
  }
}
