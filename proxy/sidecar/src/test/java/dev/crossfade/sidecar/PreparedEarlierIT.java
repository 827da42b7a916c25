package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/**
 * Statements that a session has prepared before anybody knew of the migration: connection pools are
 * older than the files that people apply.
 */
class PreparedEarlierIT {
  private static String name(PreparedStatement read) throws SQLException {
    read.setLong(1, 17);
    try (ResultSet row = read.executeQuery()) {
      assertThat(row.next()).isTrue();
      return String.valueOf(row.getString(1));
    }
  }

  @Test
  void theyAreReadFromNewLikeOthers() throws Exception {
    try (MarkedPair pair = new MarkedPair();
        SteeredSidecar steered = SteeredSidecar.start(pair.sides);
        Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/shop?prepareThreshold=1&socketTimeout=20"
                    .formatted(steered.sidecar.address().getPort()),
                Pair.USER,
                Pair.PASSWORD);
        PreparedStatement read =
            connection.prepareStatement("SELECT full_name FROM customers WHERE id = ?")) {
      assertThat(name(read)).isEqualTo(MarkedPair.OF_OLD);
      assertThat(name(read)).isEqualTo(MarkedPair.OF_OLD);
      steered.use(Stage.STAGE_SHADOW);
      assertThat(name(read)).isEqualTo(MarkedPair.OF_OLD);
      steered.use(Stage.STAGE_RAMP);
      Await.until("new to answer", () -> name(read).equals(MarkedPair.OF_NEW));
      steered.use(Stage.STAGE_OFF);
      assertThat(name(read)).isEqualTo(MarkedPair.OF_OLD);
      steered.use(Stage.STAGE_LIVE);
      assertThat(name(read)).isEqualTo(MarkedPair.OF_NEW);
    }
  }
}
