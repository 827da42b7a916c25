package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Fence;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job works on.
 *
 * @param fence who has the authority; epoch 0 where no capture is installed
 * @param lens as both databases have it
 * @param plans how the authority's entities get to the other side; of {@link
 *     JobRow.Kind#ROLLBACK_LOSS} how old's get to new
 * @param estimates how much there is of them
 */
record JobTarget(
    Fence fence,
    CompiledLens lens,
    List<SyncPlan> plans,
    DatabasesFile.Sides sides,
    Estimates estimates) {
  /** Somebody else works on it, or it was not as it must be: another time it may be. */
  static final String NOT_NOW = "CF003";

  private static final Duration QUERY_MAX = Duration.ofSeconds(30);

  /** About how many entities the authority has, and rows the other side; 0 when not known. */
  record Estimates(long entities, long rows) {}

  /**
   * Asks both databases what they are like.
   *
   * @throws QueryException when one can not be asked
   * @throws SQLException when they do not agree who has the authority
   * @throws InvalidFileException when the migration does not fit them
   * @throws NotMirroredException when its changes can not be carried entity by entity
   */
  static JobTarget open(MigrationText file, DatabasesFile.Sides sides, JobRow.Kind kind)
      throws QueryException,
          SQLException,
          CatalogTooLargeException,
          InvalidFileException,
          NotMirroredException {
    try (Database old = open(Side.OLD, sides);
        Database next = open(Side.NEW, sides)) {
      Catalog here = old.catalog();
      Catalog there = next.catalog();
      CompiledLens lens =
          LensCompiler.compile(MigrationFile.parse(file.yaml(), file.source()), here, there);
      Fence fence = Fences.agreed(lens.migration(), old, next);
      boolean forth = kind == JobRow.Kind.ROLLBACK_LOSS || fence.authority() == Side.OLD;
      List<SyncPlan> plans = SyncPlan.of(lens, forth ? Side.OLD : Side.NEW, forth ? there : here);
      return new JobTarget(
          fence,
          lens,
          plans,
          sides,
          forth ? Estimate.of(plans, old, next) : Estimate.of(plans, next, old));
    }
  }

  static Database open(Side side, DatabasesFile.Sides sides) throws QueryException {
    return Database.open(side, side == Side.OLD ? sides.old() : sides.next(), QUERY_MAX);
  }

  String migration() {
    return plans.getFirst().migration();
  }

  /**
   * Makes sure that what was found until now was found between an authority and its mirror.
   *
   * @throws SQLException when the authority has moved since this was opened
   */
  void requireUnmoved() throws QueryException, SQLException {
    try (Database authority = open(fence.authority(), sides)) {
      Fence now = Fences.read(migration(), authority);
      if (!fence.equals(now == null ? Fences.NONE : now)) {
        throw moved(null);
      }
    }
  }

  /** Another attempt finds where it has moved to. */
  static SQLException moved(@Nullable SQLException cause) {
    return new SQLException(
        "the authority has moved meanwhile: what was compared is compared again", NOT_NOW, cause);
  }

  /** Whether no backfill has stopped before its end. */
  boolean isBackfilled() throws QueryException {
    try (Database old = open(Side.OLD, sides)) {
      return Fences.isBackfilled(migration(), old);
    }
  }

  Endpoint authority() {
    return endpoint(fence.authority());
  }

  Endpoint receiving() {
    return endpoint(fence.authority().other());
  }

  Endpoint endpoint(Side side) {
    DatabaseUrl url = side == Side.OLD ? sides.old() : sides.next();
    return new Endpoint(url.jdbc(), url.properties());
  }
}
