package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.time.Duration;
import java.util.List;

/**
 * What a job works on.
 *
 * @param plans how old's entities get to new
 * @param estimates how much there is of them
 */
record JobTarget(List<SyncPlan> plans, DatabasesFile.Sides sides, Estimates estimates) {
  private static final Duration QUERY_MAX = Duration.ofSeconds(30);

  /** About how many entities old has, and rows new has; 0 when that is not known. */
  record Estimates(long entities, long rows) {}

  /**
   * Asks both databases what they are like.
   *
   * @throws QueryException when one can not be asked
   * @throws InvalidFileException when the migration does not fit them
   * @throws NotMirroredException when its changes can not be carried entity by entity
   */
  static JobTarget open(MigrationText file, DatabasesFile.Sides sides)
      throws QueryException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    try (Database old = open(Side.OLD, sides);
        Database next = open(Side.NEW, sides)) {
      Catalog here = old.catalog();
      Catalog there = next.catalog();
      CompiledLens lens =
          LensCompiler.compile(MigrationFile.parse(file.yaml(), file.source()), here, there);
      List<SyncPlan> plans = SyncPlan.of(lens, Side.OLD, there);
      return new JobTarget(plans, sides, Estimate.of(plans, old, next));
    }
  }

  static Database open(Side side, DatabasesFile.Sides sides) throws QueryException {
    return Database.open(side, side == Side.OLD ? sides.old() : sides.next(), QUERY_MAX);
  }

  Endpoint authority() {
    return endpoint(sides.old());
  }

  Endpoint receiving() {
    return endpoint(sides.next());
  }

  private static Endpoint endpoint(DatabaseUrl url) {
    return new Endpoint(url.jdbc(), url.properties());
  }
}
