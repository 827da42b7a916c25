package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.api.v1.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** Whichever side has the authority: each session logs in to old. */
  @ParameterizedTest
  @EnumSource(names = {"STAGE_RAMP", "STAGE_LIVE"})
  void whileOldIsAwayNobodyIsServedAndAfterwardsWhoeverComesBack(Stage stage) throws Exception {
    try (Pair pair = new Pair();
        SteeredSidecar steered = SteeredSidecar.start(pair)) {
      steered.use(stage);
      try (Connection connection = Pair.connect(steered.sidecar)) {
        set(connection, 5);
        pair.old.kill();
        SQLException lost = catchThrowableOfType(SQLException.class, () -> set(connection, 6));
        assertThat(lost.getSQLState()).isIn("57P01", "57P02", "08006");
        assertThat(connection.isValid(5)).isFalse();
      }
      assertThatThrownBy(() -> Pair.connect(steered.sidecar).close())
          .isInstanceOf(SQLException.class);
      pair.old.startAgain();
      try (Connection connection = Pair.connect(steered.sidecar)) {
        String read = "SELECT balance_cents FROM customers WHERE id = 1";
        assertThat(balance(connection, read)).isEqualTo(5);
        set(connection, 7);
        assertThat(balance(connection, read)).isEqualTo(7);
      }
    }
  }
}
