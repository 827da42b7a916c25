package dev.crossfade.bench.writes;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables that refer to each other on old, and are one on new, which has no such foreign key. */
class MergedReferencesIT {
  private static World world;

  @BeforeAll
  static void start() throws SQLException, IOException {
    world = World.start(1);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Test
  void aRowNeedsTheOneThatItRefersTo() throws IOException {
    BothSides.same(
        world,
        "INSERT INTO lamps VALUES (777, 1, 5)",
        "INSERT INTO desks VALUES (777, 1, 'new')",
        "INSERT INTO lamps VALUES (777, 1, 5) RETURNING *",
        "INSERT INTO lamps VALUES (777, 1, 6), (778, 1, 7)",
        "INSERT INTO lamps VALUES (777, 1, 6), (779, 1, 7) ON CONFLICT (desk_id) DO NOTHING",
        "INSERT INTO mats VALUES (778, NULL, 'x')",
        "UPDATE lamps SET watts = 9 WHERE desk_id = 777");
  }

  @Test
  void aRowThatIsReferredToStaysOrTakesTheOthersAlong() throws IOException {
    BothSides.same(
        world,
        "DELETE FROM desks WHERE id = 1001",
        "DELETE FROM lamps WHERE desk_id = 1001",
        "DELETE FROM desks WHERE id = 1001",
        "DELETE FROM desks WHERE id = 1002 RETURNING title",
        "DELETE FROM desks WHERE id = 1004",
        "DELETE FROM mats WHERE desk_id = 1007",
        "DELETE FROM desks WHERE shard = 1",
        "DELETE FROM lamps WHERE shard = 1",
        "DELETE FROM desks WHERE shard = 1");
  }
}
