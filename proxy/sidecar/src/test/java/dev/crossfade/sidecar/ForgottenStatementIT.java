package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More prepared statements than are remembered, of tables that new has the authority of. */
class ForgottenStatementIT {
  private static MovedScene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = new MovedScene("limits: {preparedStatements: 4}");
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
  }

  @Test
  void itIsRefusedRatherThanReadWhereItIsOutOfDate() throws Exception {
    try (Connection connection =
        scene.connect("prepareThreshold=-1&preparedStatementCacheQueries=0")) {
      MovedScene.set(connection, 1, 100);
      List<PreparedStatement> reads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        reads.add(
            connection.prepareStatement(
                "SELECT balance_cents FROM customers WHERE id = ? AND " + i + " = " + i));
        assertThat(read(reads.get(i))).isEqualTo(100);
      }
      scene.pair.flip(Side.NEW);
      MovedScene.set(connection, 1, 5500);
      assertThat(read(reads.get(0))).isEqualTo(5500);
      assertThatThrownBy(() -> read(reads.get(7)))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("a prepared statement was one too many to be remembered");
      for (PreparedStatement read : reads) {
        read.close();
      }
      try (PreparedStatement again =
          connection.prepareStatement("SELECT balance_cents FROM customers WHERE id = ?")) {
        assertThat(read(again)).isEqualTo(5500);
      }
    }
  }

  private static long read(PreparedStatement statement) throws SQLException {
    statement.setLong(1, 1);
    try (ResultSet result = statement.executeQuery()) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }
}
