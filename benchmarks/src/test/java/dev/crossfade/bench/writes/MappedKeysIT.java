package dev.crossfade.bench.writes;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writes through keys that are integers on old and UUIDs with a mapping table on new. */
class MappedKeysIT {
  private static World world;

  @BeforeAll
  static void start() throws SQLException, IOException {
    world = World.start(1);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static void same(String... statements) throws IOException {
    BothSides.same(world, statements);
  }

  @Test
  void aNewRowBringsItsRowOfTheMappingTable() throws IOException {
    same(
        "INSERT INTO guests (id, shard, nick) VALUES (500, 1, 'new') RETURNING *",
        "INSERT INTO guests (id, shard, nick) VALUES (500, 1, 'other')",
        "INSERT INTO stays VALUES (500, 1, 500, 3)",
        "UPDATE guests SET nick = 'newer' WHERE id = 500 RETURNING id, nick",
        "SELECT id FROM guests WHERE nick = 'newer' FOR UPDATE",
        "DELETE FROM guests WHERE id = 500",
        "DELETE FROM stays WHERE guest_id = 500",
        "DELETE FROM guests WHERE id = 500 RETURNING nick",
        "INSERT INTO guests (id, shard, nick) VALUES (500, 1, 'once more')",
        "INSERT INTO stays VALUES (501, 1, 501, 3)");
  }

  @Test
  void aRowKeepsWhatOnlyNewShowsWhenItsKeyChanges() throws IOException {
    same(
        "INSERT INTO guests (id, shard, nick) VALUES (600, 1, 'mover')",
        "UPDATE guests SET id = 601 WHERE id = 600 RETURNING *",
        "UPDATE guests SET id = 1001 WHERE id = 601",
        "UPDATE guests SET id = id + 5000, born = '2000-01-01' WHERE id IN (601, 1014)",
        "UPDATE guests SET id = 7 WHERE id = 1001",
        "UPDATE stays SET guest_id = 1002 WHERE guest_id = 1001");
  }

  @Test
  void upsertsFindTheRowByEitherKey() throws IOException {
    same(
        "INSERT INTO guests (id, shard, nick) VALUES (1001, 1, 'x'), (700, 1, 'y') ON CONFLICT (id)"
            + " DO UPDATE SET nick = excluded.nick || guests.id RETURNING *",
        "INSERT INTO guests (id, shard, nick) VALUES (701, 1, 'y') ON CONFLICT (nick) DO UPDATE SET"
            + " born = '1999-09-09'",
        "INSERT INTO guests (id, shard, nick) VALUES (1002, 1, 'z') ON CONFLICT (id) DO NOTHING",
        "MERGE INTO guests AS g USING (VALUES (1003, 'm'), (702, 'n')) AS v(id, nick) ON g.id ="
            + " v.id WHEN MATCHED THEN UPDATE SET nick = v.nick WHEN NOT MATCHED THEN INSERT (id,"
            + " shard, nick) VALUES (v.id, 1, v.nick)");
  }
}
