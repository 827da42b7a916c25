package dev.crossfade.bench.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writes to a table whose columns only have other names and another order on new. */
class RenamedTableIT {
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
  void theStatementItselfRunsWithTheNamesOfNew() throws IOException {
    assertThat(
            BothSides.same(
                world,
                "INSERT INTO parcels VALUES (500, 1, 'c-500', 'here', 5) RETURNING *",
                "INSERT INTO parcels (id, shard, code) VALUES (501, 1, 'c-501') RETURNING id, sent"
                    + " AS s, weight + 1, upper(code)",
                "INSERT INTO parcels (id, shard, code) VALUES (501, 1, 'other')",
                "INSERT INTO parcels (id, shard, code, weight) VALUES (502, 1, 'c-502', 0)",
                "INSERT INTO parcels AS p (id, shard, code, weight) VALUES (501, 1, 'x', 4) ON"
                    + " CONFLICT (id) DO UPDATE SET weight = p.weight + excluded.weight, sent ="
                    + " DEFAULT WHERE p.id < 900 RETURNING p.*",
                "INSERT INTO parcels (id, shard, code) VALUES (503, 1, 'c-500') ON CONFLICT ON"
                    + " CONSTRAINT parcels_code DO NOTHING",
                "UPDATE parcels SET weight = weight * 2, \"Ship To\" = code WHERE parcels.id = 500",
                "UPDATE parcels AS \"P p\" SET (code, weight) = ('q', DEFAULT) WHERE \"P p\".id ="
                    + " 500 RETURNING \"Ship To\", \"P p\".weight, *",
                "UPDATE parcels SET code = 'q' WHERE id = 501",
                "UPDATE parcels SET id = 600 WHERE id = 500",
                "SELECT id, \"Ship To\" FROM parcels WHERE weight < 4 ORDER BY id DESC LIMIT 3 FOR"
                    + " UPDATE SKIP LOCKED",
                "DELETE FROM parcels p WHERE p.id IN (600, 501) RETURNING *",
                "DELETE FROM parcels WHERE shard = 1"))
        .noneMatch(sql -> sql.contains("crossfade_"));
  }

  @Test
  void whatIsNotCertainGoesTheGeneralWay() throws IOException {
    assertThat(
            BothSides.same(
                world,
                "UPDATE parcels SET weight = 7 WHERE id = 1001 RETURNING code::text",
                "UPDATE parcels SET weight = (SELECT max(weight) FROM parcels) WHERE id = 1001",
                "INSERT INTO parcels (id, shard, code) SELECT id + 500, shard, 'n' || id FROM"
                    + " parcels WHERE shard = 1",
                "UPDATE parcels SET code = reference"))
        .allMatch(sql -> sql.contains("crossfade_"));
  }
}
