package dev.crossfade.server.move;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.mirror.OneDatabase;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.sql.capture.CaptureScript;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The databases that a move works on.
 *
 * @param up how old's entities get to new
 * @param down how new's get to old
 * @param together whether both sides are in one database
 */
record MoveTarget(
    CompiledLens lens,
    List<SyncPlan> up,
    List<SyncPlan> down,
    DatabasesFile.Sides sides,
    boolean together) {
  private static final Duration QUERY_MAX = Duration.ofSeconds(30);

  MoveTarget {
    up = List.copyOf(up);
    down = List.copyOf(down);
  }

  /**
   * Asks both databases what they are like.
   *
   * @throws QueryException when one can not be asked
   * @throws SQLException when one does not take a connection of the mirror's kind
   * @throws InvalidFileException when the migration does not fit them
   * @throws NotMirroredException when its changes can not be carried entity by entity
   */
  static MoveTarget open(MigrationText file, DatabasesFile.Sides sides)
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
      return new MoveTarget(
          lens,
          SyncPlan.of(lens, Side.OLD, there),
          SyncPlan.of(lens, Side.NEW, here),
          sides,
          OneDatabase.is(endpoint(Side.OLD, sides), endpoint(Side.NEW, sides)));
    }
  }

  private static Database open(Side side, DatabasesFile.Sides sides) throws QueryException {
    return Database.open(side, side == Side.OLD ? sides.old() : sides.next(), QUERY_MAX);
  }

  /** A connection that only reads. */
  Database open(Side side) throws QueryException {
    return open(side, sides);
  }

  /** Those that the migration maps. */
  Set<TableName> oldTables() {
    return lens.tables().keySet();
  }

  @Nullable String ask(Side side, String query) throws QueryException {
    return ask(side, sides, query);
  }

  /** The first value that one side answers with; null when it answers with none. */
  static @Nullable String ask(Side side, DatabasesFile.Sides sides, String query)
      throws QueryException {
    try (Database database = open(side, sides)) {
      List<List<@Nullable String>> rows = database.query(query);
      return rows.isEmpty() ? null : rows.getFirst().getFirst();
    }
  }

  List<SyncPlan> plans(Side authority) {
    return authority == Side.OLD ? up : down;
  }

  CaptureScript capture(Side side) {
    return OneDatabase.capture(plans(side), together);
  }

  Endpoint endpoint(Side side) {
    return endpoint(side, sides);
  }

  private static Endpoint endpoint(Side side, DatabasesFile.Sides sides) {
    DatabaseUrl url = side == Side.OLD ? sides.old() : sides.next();
    return new Endpoint(url.jdbc(), url.properties());
  }

  /** From the side that has the authority to the other one. */
  Mirror.Link link(Side authority) {
    return new Mirror.Link(
        plans(authority), capture(authority), endpoint(authority), endpoint(authority.other()));
  }
}
