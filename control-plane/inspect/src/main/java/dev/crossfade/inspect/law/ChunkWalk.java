package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the entities of a group in the order of their keys, a chunk at a time, by the rows of
 * one table. The chunks leave no key out, also none that only other tables have.
 */
final class ChunkWalk {
  private final Database database;
  private final MappedTable lead;
  private final List<ColumnShape> types;
  private final int chunkRows;

  /**
   * @param lead the table whose rows are counted
   * @param chunkRows of that table in a chunk, about: an entity is never in two
   */
  ChunkWalk(Database database, MappedTable lead, int chunkRows) {
    this.database = database;
    this.lead = lead;
    this.chunkRows = chunkRows;
    this.types =
        lead.entity().stream()
            .map(
                name ->
                    lead.shape()
                        .column(name)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    lead.shape().name() + " has no column " + name)))
            .toList();
  }

  /** The entities of a range, for every table whose entity has as many columns as the lead's. */
  Entities entities(KeyRange range) {
    return entity -> entity.size() == types.size() ? range.condition(entity, types) : "true";
  }

  /** Entities by their keys. */
  Entities entities(List<List<String>> keys) {
    return entity ->
        '('
            + Quoted.list(entity, Quoted::name)
            + ") IN ("
            + String.join(", ", keys.stream().map(key -> KeyRange.key(key, types)).toList())
            + ')';
  }

  /** {@code VALUES} rows of keys, each of its type. */
  String values(List<List<String>> keys) {
    return "VALUES "
        + String.join(", ", keys.stream().map(key -> KeyRange.key(key, types)).toList());
  }

  int keyColumns() {
    return types.size();
  }

  /** The chunk behind a key; one without an end is the last. */
  KeyRange next(@Nullable List<String> after) throws QueryException {
    List<List<@Nullable String>> bound =
        database.query(
            keysOf(new KeyRange(after, null)) + " OFFSET " + (chunkRows - 1) + " LIMIT 1");
    return new KeyRange(after, bound.isEmpty() ? null : key(bound.getFirst()));
  }

  /** The keys in a range, in order. */
  List<List<String>> keys(KeyRange range, int most) throws QueryException {
    List<List<String>> keys = new ArrayList<>();
    for (List<@Nullable String> row : database.query(keysOf(range) + " LIMIT " + most)) {
      List<String> key = key(row);
      if (keys.isEmpty() || !keys.getLast().equals(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** About how many rows there are; 0 when the server does not know yet. */
  long expectedRows() throws QueryException {
    String rows =
        database
            .query(
                "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass("
                    + Quoted.literal(Quoted.name(lead.shape().name()))
                    + ")")
            .getFirst()
            .getFirst();
    return rows == null ? 0 : Long.parseLong(rows);
  }

  /** Such as {@code id=7}. */
  String named(List<String> key) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < key.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(lead.entity().get(i)).append('=').append(key.get(i));
    }
    return text.toString();
  }

  private String keysOf(KeyRange range) {
    String columns = Quoted.list(lead.entity(), Quoted::name);
    return "SELECT "
        + Quoted.list(lead.entity(), name -> "l." + Quoted.name(name) + "::text")
        + " FROM "
        + Quoted.name(lead.shape().name())
        + " AS l WHERE "
        + range.condition(lead.entity(), types)
        + " AND ("
        + columns
        + ") IS NOT NULL ORDER BY "
        + Quoted.list(lead.entity(), name -> "l." + Quoted.name(name));
  }

  private static List<String> key(List<@Nullable String> row) {
    return row.stream().map(Objects::requireNonNull).toList();
  }
}
