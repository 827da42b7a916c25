package dev.crossfade.mirror;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entities of one migration that were given up, and what somebody decides about them. */
public final class DeadLetters {
  private static final String OF =
      "entity_group IN (SELECT number FROM crossfade.entity_group WHERE migration = ?)";

  private static final String LIST =
      "SELECT name, key, sqlstate, error, attempts, at FROM crossfade.dead_letter"
          + " JOIN crossfade.entity_group ON entity_group = number WHERE migration = ?"
          + " ORDER BY id LIMIT ?";

  /** New log rows, so that they are tried as often as any other. */
  private static final String REPLAY =
      "WITH dead AS (DELETE FROM crossfade.dead_letter WHERE "
          + OF
          + " RETURNING entity_group, key) INSERT INTO crossfade.mutation (entity_group, key)"
          + " SELECT entity_group, key FROM dead";

  private static final String DISCARD = "DELETE FROM crossfade.dead_letter WHERE " + OF;

  private final Endpoint authority;
  private final String migration;

  /**
   * One entity.
   *
   * @param group names its tables: the first of the authority's
   * @param key null when any entity of the group may lack something
   * @param sqlState of the last attempt
   * @param attempts how often it was tried
   * @param at when it was given up
   */
  public record DeadLetter(
      String group,
      @Nullable List<String> key,
      String sqlState,
      String error,
      int attempts,
      Instant at) {
    public DeadLetter {
      key = key == null ? null : List.copyOf(key);
    }
  }

  public DeadLetters(Endpoint authority, String migration) {
    this.authority = authority;
    this.migration = migration;
  }

  /**
   * The oldest.
   *
   * @throws SQLException when the authority does not answer, or capture is not installed
   */
  public List<DeadLetter> list(int most) throws SQLException {
    try (Connection connection = authority.open(Endpoint.Use.READ);
        PreparedStatement statement = connection.prepareStatement(LIST)) {
      statement.setString(1, migration);
      statement.setInt(2, most);
      List<DeadLetter> letters = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          Array key = result.getArray(2);
          letters.add(
              new DeadLetter(
                  result.getString(1),
                  key == null ? null : List.of((String[]) key.getArray()),
                  result.getString(3),
                  result.getString(4),
                  result.getInt(5),
                  result.getObject(6, OffsetDateTime.class).toInstant()));
        }
      }
      return letters;
    }
  }

  /**
   * Has all of them tried again.
   *
   * @return how many
   */
  public int replay() throws SQLException {
    return execute(REPLAY);
  }

  /**
   * Forgets all of them: new stays as it is there until the entities change again.
   *
   * @return how many
   */
  public int discard() throws SQLException {
    return execute(DISCARD);
  }

  private int execute(String sql) throws SQLException {
    try (Connection connection = authority.open(Endpoint.Use.WRITE);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, migration);
      int count = statement.executeUpdate();
      connection.commit();
      return count;
    }
  }
}
