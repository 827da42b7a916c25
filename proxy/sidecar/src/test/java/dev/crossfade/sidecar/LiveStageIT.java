package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.api.v1.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/**
 * The control plane says which side has the authority, and nothing else does: there is no fence.
 */
class LiveStageIT {
  private static long balance(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }

  private static void set(Connection connection, long value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE customers SET balance_cents = " + value + " WHERE id = 1"))
          .isEqualTo(1);
    }
  }

  @Test
  void aSnapshotMovesReadsAndWritesThereAndBack() throws Exception {
    try (Pair pair = new Pair();
        SteeredSidecar steered = SteeredSidecar.start(pair)) {
      steered.use(Stage.STAGE_RAMP);
      try (Connection connection = Pair.connect(steered.sidecar);
          Connection old = pair.old.connect("shop");
          Connection next = pair.target.connect("shop2")) {
        set(connection, 100);
        assertThat(balance(old, "SELECT balance_cents FROM customers WHERE id = 1")).isEqualTo(100);
        for (Stage stage : new Stage[] {Stage.STAGE_LIVE, Stage.STAGE_RAMPDOWN}) {
          steered.use(stage);
          set(connection, 100L * stage.getNumber());
          assertThat(balance(next, "SELECT balance * 100 FROM people WHERE id = 1"))
              .isEqualTo(100L * stage.getNumber());
          assertThat(balance(connection, "SELECT balance_cents FROM customers WHERE id = 1"))
              .isEqualTo(100L * stage.getNumber());
          assertThat(balance(old, "SELECT balance_cents FROM customers WHERE id = 1"))
              .isEqualTo(100);
        }
        steered.use(Stage.STAGE_RAMP);
        set(connection, 300);
        assertThat(balance(old, "SELECT balance_cents FROM customers WHERE id = 1")).isEqualTo(300);
      }
    }
  }

  @Test
  void whileNewIsAwayItSaysSoAndTheSessionGoesOn() throws Exception {
    try (Pair pair = new Pair();
        SteeredSidecar steered = SteeredSidecar.start(pair)) {
      steered.use(Stage.STAGE_LIVE);
      pair.target.kill();
      try (Connection connection = Pair.connect(steered.sidecar)) {
        SQLException away = catchThrowableOfType(SQLException.class, () -> set(connection, 5));
        assertThat(away.getSQLState()).isEqualTo("08006");
        assertThat(balance(connection, "SELECT count(*) FROM audit")).isZero();
      }
      pair.target.startAgain();
      try (Connection connection = Pair.connect(steered.sidecar)) {
        set(connection, 6);
      }
    }
  }
}
