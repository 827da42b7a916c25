package dev.crossfade.sidecar;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Has new itself say whether it understands a lens: the compiler knows tables and the columns that
 * queries give, but not every name and function inside their expressions. Without this, a slip
 * there would show only as reads that never reach new.
 */
final class LensProof {
  private LensProof() {}

  /**
   * @throws InvalidFileException with new's own words, one problem for each query it refuses
   * @throws MetadataException when new cannot be asked
   */
  static void require(MigrationFile file, CompiledLens lens, MetadataConnection target)
      throws InvalidFileException, MetadataException {
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<TableName, Place> query : file.oldPlaces().entrySet()) {
      byte[] sql = lens.readSubstitution(query.getKey()).getBytes(StandardCharsets.UTF_8);
      try {
        target.describe(sql, new int[0]);
      } catch (MetadataException e) {
        if (!e.isRefused()) {
          throw e;
        }
        problems.add(query.getValue().problem("new does not understand this: " + e.reason()));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidFileException(problems);
    }
  }
}
