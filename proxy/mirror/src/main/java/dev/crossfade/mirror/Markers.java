package dev.crossfade.mirror;

import dev.crossfade.mirror.Sync.Source;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Markers are rows of one group's log that stand for any entity. They become rows for each entity
 * that either side has, some at a time; how far that has come is committed with them, so that
 * anybody goes on where another one has died. One at a time does it.
 *
 * <p>The marker stays until all these rows are carried: only then has what it stands for arrived.
 *
 * <pre>
 * crossfade.walk  marker  the id of the log's row
 *                 part    whose keys are walked through, in the order of Sync.sources; behind the
 *                         last of them: waits until it is carried
 *                 after   the last key that is in the log; NULL at the beginning
 *                 up_to   the greatest key there was when this part began; NULL before
 *                 last    an id that no row of this walk exceeds; NULL while it goes on
 * </pre>
 */
final class Markers {
  private static final String LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('crossfade/walk', ?))";

  private static final String FIND =
      """
      SELECT w.part, w.after, w.up_to, EXISTS (
        SELECT FROM crossfade.mutation AS m WHERE m.entity_group = w.entity_group AND m.id <= w.last AND m.key IS NOT NULL)
      FROM crossfade.walk AS w
      JOIN crossfade.mutation AS m ON m.entity_group = w.entity_group AND m.id = w.marker
      WHERE w.entity_group = ?
      """;

  /** Those that are there now are one; any that comes later is for the next walk. */
  private static final String BEGIN =
      """
      WITH first AS (
        SELECT min(id) AS id FROM crossfade.mutation WHERE entity_group = ? AND key IS NULL HAVING count(*) > 0),
      others AS (
        DELETE FROM crossfade.mutation AS m USING first
        WHERE m.entity_group = ? AND m.key IS NULL AND m.id > first.id)
      INSERT INTO crossfade.walk (entity_group, marker) SELECT ?, id FROM first
      ON CONFLICT (entity_group) DO UPDATE
      SET marker = excluded.marker, part = 0, after = NULL, up_to = NULL, last = NULL
      RETURNING (SELECT array_agg(%s) FROM crossfade.mutation WHERE entity_group = ? AND key IS NULL)
      """;

  private static final String NOTE =
      """
      UPDATE crossfade.walk SET part = ?, after = ?, up_to = ?,
        last = CASE WHEN ? THEN (SELECT last_value FROM crossfade.mutation_id_seq) END
      WHERE entity_group = ?
      """;

  private static final String END =
      """
      WITH walk AS (DELETE FROM crossfade.walk WHERE entity_group = ? RETURNING entity_group, marker)
      DELETE FROM crossfade.mutation AS m USING walk WHERE m.entity_group = walk.entity_group AND m.id = walk.marker
      """;

  private final MutationLog log;
  private final Connection connection;
  private final Sync sync;
  private final List<Source> sources;
  private final MirrorMeters meters;
  private List<Bypass> bypasses = List.of();

  /** Where it stands; behind the last part {@code carried} says whether all of it has arrived. */
  private record Position(
      int part, @Nullable List<String> after, @Nullable List<String> upTo, boolean carried) {}

  Markers(MutationLog log, Sync sync, MirrorMeters meters) {
    this.log = log;
    this.connection = log.connection();
    this.sync = sync;
    this.sources = sync.sources();
    this.meters = meters;
  }

  /**
   * In transactions of its own.
   *
   * @param most how many entities to add to the log
   * @return whether there may be more to do now
   */
  boolean step(int most) throws SQLException {
    bypasses = List.of();
    boolean moved = lock() && move(most);
    connection.commit();
    bypasses.forEach(meters::bypassed);
    return moved;
  }

  private boolean move(int most) throws SQLException {
    Position position = find();
    if (position == null) {
      return begin();
    }
    if (position.part() < sources.size()) {
      note(walk(position, sources.get(position.part()), most));
      return true;
    }
    if (position.carried()) {
      end();
      return true;
    }
    return false;
  }

  private Position walk(Position position, Source source, int most) throws SQLException {
    Position next = new Position(position.part() + 1, null, null, false);
    KeyWalk walk = open(position, source);
    List<String> bound = walk.bound();
    if (bound == null) {
      return next;
    }
    Entities entities = walk.next(most);
    if (source.receiving()) {
      source.connection().commit();
    }
    log.add(entities);
    return entities.size() < most ? next : new Position(position.part(), walk.last(), bound, false);
  }

  private KeyWalk open(Position position, Source source) throws SQLException {
    List<String> upTo = position.upTo();
    if (upTo != null) {
      return KeyWalk.resume(source.connection(), source.keys(), position.after(), upTo);
    }
    if (source.receiving()) {
      // Somebody may be about to write there what he has read before all this.
      sync.settle();
    }
    return KeyWalk.begin(source.connection(), source.keys());
  }

  private boolean lock() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setInt(1, log.group());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  private @Nullable Position find() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setInt(1, log.group());
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? new Position(
                result.getInt(1),
                key(result.getArray(2)),
                key(result.getArray(3)),
                !result.getBoolean(4))
            : null;
      }
    }
  }

  private static @Nullable List<String> key(@Nullable Array key) throws SQLException {
    return key == null ? null : List.of((String[]) key.getArray());
  }

  private void note(Position position) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
      statement.setInt(1, position.part());
      statement.setArray(2, array(position.after()));
      statement.setArray(3, array(position.upTo()));
      statement.setBoolean(4, position.part() == sources.size());
      statement.setInt(5, log.group());
      statement.executeUpdate();
    }
  }

  private @Nullable Array array(@Nullable List<String> key) throws SQLException {
    return key == null ? null : connection.createArrayOf("text", key.toArray());
  }

  private boolean begin() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(BEGIN.formatted(log.bypass().column()))) {
      for (int i = 1; i <= 4; i++) {
        statement.setInt(i, log.group());
      }
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next()) {
          return false;
        }
        List<@Nullable String> writers = new ArrayList<>();
        for (@Nullable String writer : (@Nullable String[]) result.getArray(1).getArray()) {
          writers.add(writer);
        }
        bypasses = log.bypass().note(writers);
        return true;
      }
    }
  }

  private void end() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END)) {
      statement.setInt(1, log.group());
      statement.executeUpdate();
    }
  }
}
