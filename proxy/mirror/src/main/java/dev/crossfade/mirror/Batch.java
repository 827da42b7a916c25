package dev.crossfade.mirror;

import dev.crossfade.mirror.MutationLog.Mutation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one look into a migration's log has given: the changes that were taken out of it, and what
 * is left. Groups go by their numbers.
 *
 * @param taken gone when the transaction commits, and there again when it does not
 * @param markers groups that also have rows which stand for any entity
 * @param deadLetters groups of which an entity was given up
 * @param left the other side has everything but what was taken and what is in there
 * @param snapshot in which that was looked up
 */
record Batch(
    Map<Integer, List<Mutation>> taken,
    Set<Integer> markers,
    Set<Integer> deadLetters,
    Left left,
    Snapshot snapshot) {

  /**
   * What is in the log, of all groups.
   *
   * @param oldest the id of the oldest change; {@link Long#MAX_VALUE} when there is none
   * @param last an id that none exceeds which was committed before the look
   */
  record Left(long oldest, long last) {
    boolean isNothing() {
      return oldest == Long.MAX_VALUE;
    }

    /** With one that has been put back. */
    Left with(long id) {
      return new Left(Math.min(oldest, id), last);
    }
  }

  /**
   * Which transactions were under way: none below the first number, none from the second one on.
   */
  record Snapshot(long xmin, long xmax) {}

  /**
   * All groups in one statement, each with its own oldest ones; then what is left, which is asked
   * later than all that: what comes in between is in the log, or has been carried by whoever took
   * it.
   */
  private static final String TAKE =
      """
      DELETE FROM crossfade.mutation WHERE ctid = ANY (ARRAY(
        SELECT o.ctid FROM unnest(%1$s) AS g (n) CROSS JOIN LATERAL (
          SELECT m.ctid FROM crossfade.mutation AS m
          WHERE m.entity_group = g.n AND m.id > ? AND m.key IS NOT NULL AND (m.due IS NULL OR m.due <= clock_timestamp())
          ORDER BY m.id LIMIT ? FOR UPDATE SKIP LOCKED) AS o))
      RETURNING entity_group, id, key, attempts, %2$s;
      SELECT
        least(
          (SELECT min(o.id) FROM unnest(%1$s) AS g (n) CROSS JOIN LATERAL (
            SELECT m.id FROM crossfade.mutation AS m WHERE m.entity_group = g.n AND m.id > ? ORDER BY m.id LIMIT 1) AS o),
          (SELECT min(m.id) FROM crossfade.mutation AS m WHERE m.entity_group = ANY (%1$s) AND m.key IS NULL)),
        (SELECT last_value FROM crossfade.mutation_id_seq),
        ARRAY(SELECT g.n FROM unnest(%1$s) AS g (n)
          WHERE EXISTS (SELECT FROM crossfade.mutation AS m WHERE m.entity_group = g.n AND m.key IS NULL)),
        ARRAY(SELECT g.n FROM unnest(%1$s) AS g (n)
          WHERE EXISTS (SELECT FROM crossfade.dead_letter AS d WHERE d.entity_group = g.n)),
        txid_snapshot_xmin(s.s), txid_snapshot_xmax(s.s)
      FROM (SELECT txid_current_snapshot() AS s) AS s
      """;

  /**
   * @param bypass says of a row who wrote it past every sidecar
   * @return takes a batch of these groups; its parameters: above which id, how many of each at
   *     most, and the first again
   */
  static String sql(List<Integer> groups, String bypass) {
    String numbers =
        groups.stream().map(String::valueOf).collect(Collectors.joining(", ", "ARRAY[", "]"));
    return TAKE.formatted(numbers, bypass);
  }

  /** What was taken of a group. */
  List<Mutation> of(int group) {
    return taken.getOrDefault(group, List.of());
  }

  /** Whether somebody has written some of it past every sidecar. */
  boolean isBypassed() {
    return taken.values().stream()
        .anyMatch(mutations -> mutations.stream().anyMatch(one -> one.bypass() != null));
  }

  /**
   * The oldest of each group that nobody else has taken.
   *
   * @param above no id up to this one is looked at
   */
  static Batch take(Connection log, String sql, int most, long above) throws SQLException {
    try (PreparedStatement statement = log.prepareStatement(sql)) {
      statement.setLong(1, above);
      statement.setInt(2, most);
      statement.setLong(3, above);
      statement.execute();
      Map<Integer, List<Mutation>> taken = new HashMap<>();
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          taken
              .computeIfAbsent(result.getInt(1), none -> new ArrayList<>())
              .add(
                  new Mutation(
                      result.getLong(2),
                      List.of((String[]) result.getArray(3).getArray()),
                      result.getInt(4),
                      result.getString(5)));
        }
      }
      statement.getMoreResults();
      try (ResultSet rest = statement.getResultSet()) {
        rest.next();
        long oldest = rest.getLong(1);
        Left left = new Left(rest.wasNull() ? Long.MAX_VALUE : oldest, rest.getLong(2));
        return new Batch(
            taken,
            numbers(rest.getArray(3)),
            numbers(rest.getArray(4)),
            left,
            new Snapshot(rest.getLong(5), rest.getLong(6)));
      }
    }
  }

  private static Set<Integer> numbers(Array array) throws SQLException {
    return new HashSet<>(List.of((Integer[]) array.getArray()));
  }
}
