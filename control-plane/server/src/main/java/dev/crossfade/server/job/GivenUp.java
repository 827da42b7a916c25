package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.DeadLetters;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Fence;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the entities of migrations that were given up. */
public final class GivenUp {
  private static final Duration QUERY_MAX = Duration.ofSeconds(5);

  private final @Nullable DatabasesFile databases;

  /**
   * @param databases null: nobody has said where they are
   */
  public GivenUp(@Nullable DatabasesFile databases) {
    this.databases = databases;
  }

  /**
   * Those of a migration, where the authority keeps them; empty where nothing is captured, or where
   * the databases are not known.
   *
   * @throws QueryException when a side can not be asked
   * @throws SQLException when they do not agree who has the authority
   * @throws IOException when the file of databases can not be read
   * @throws InvalidFileException when something is wrong with it
   */
  public Optional<DeadLetters> of(String migration)
      throws QueryException, SQLException, IOException, InvalidFileException {
    Optional<DatabasesFile.Sides> sides =
        databases == null ? Optional.empty() : databases.of(migration);
    if (sides.isEmpty()) {
      return Optional.empty();
    }
    try (Database old = Database.open(Side.OLD, sides.get().old(), QUERY_MAX);
        Database next = Database.open(Side.NEW, sides.get().next(), QUERY_MAX)) {
      Fence fence = Fences.agreed(migration, old, next);
      DatabaseUrl url = fence.authority() == Side.OLD ? sides.get().old() : sides.get().next();
      return fence.equals(Fences.NONE)
          ? Optional.empty()
          : Optional.of(new DeadLetters(new Endpoint(url.jdbc(), url.properties()), migration));
    }
  }
}
