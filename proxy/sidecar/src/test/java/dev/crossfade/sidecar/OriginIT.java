package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions of the sidecar say where they come from, whatever they do, and nobody else does. */
class OriginIT {
  private static final String BYPASSING = "crossfade_mirror_bypassing_total";

  private static MirroredPair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
    sidecar = pair.sides.sidecar("RAMP", "0%", "random", MirroredPair.MIRROR);
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return String.valueOf(result.getString(1));
    }
  }

  private static void write(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long bypassing() {
    return Pair.metric(sidecar, BYPASSING);
  }

  private static void awaitMirrored() {
    Await.until("it is carried", () -> Pair.metric(sidecar, "crossfade_mirror_pending") == 0);
  }

  @Test
  void noClientCanTell() throws Exception {
    try (Connection connection = Pair.connect(sidecar)) {
      assertThat(one(connection, "SELECT count(*) FROM pg_settings WHERE name LIKE 'crossfade%'"))
          .isEqualTo("0");
      try (Statement statement = connection.createStatement();
          ResultSet all = statement.executeQuery("SHOW ALL")) {
        while (all.next()) {
          assertThat(all.getString(1)).doesNotContain("crossfade");
        }
      }
    }
    try (Connection own = Pair.connect(sidecar, "options", "-c crossfade.shape=old")) {
      assertThat(one(own, "SELECT current_setting('crossfade.origin')")).isEqualTo("sidecar");
    }
  }

  @Test
  void whatGoesPastTheSidecarIsCountedOnTheSideThatHasTheAuthority() throws Exception {
    long before = bypassing();
    try (Connection connection = Pair.connect(sidecar)) {
      for (String reset : new String[] {"RESET ALL", "DISCARD ALL", "SET TimeZone = 'UTC'"}) {
        write(connection, reset);
        write(connection, "UPDATE customers SET email = 'x' || id WHERE id < 5");
      }
      awaitMirrored();
      assertThat(bypassing()).isEqualTo(before);
      pair.sides.old.executeIn("shop", "UPDATE customers SET email = 'y' || id WHERE id = 5");
      Await.until("it is seen", () -> bypassing() == before + 1);

      pair.flip(Side.NEW);
      write(connection, "UPDATE customers SET email = 'z' || id WHERE id < 5");
      assertThat(one(connection, "SELECT email FROM customers WHERE id = 3")).isEqualTo("z3");
      Await.until(
          "it is mirrored back",
          () -> {
            try (Connection old = pair.sides.old.connect("shop")) {
              return one(old, "SELECT email FROM customers WHERE id = 3").equals("z3");
            }
          });
      assertThat(bypassing()).isEqualTo(before + 1);
      pair.sides.target.executeIn("shop2", "UPDATE people SET balance = 1 WHERE id IN (6, 7)");
      Await.until("it is seen there", () -> bypassing() == before + 3);
      pair.flip(Side.OLD);
    }
  }
}
