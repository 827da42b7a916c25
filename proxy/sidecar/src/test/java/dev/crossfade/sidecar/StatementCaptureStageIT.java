package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.WireClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Writes begin to log themselves while clients are at work, and what came before is not lost. */
class StatementCaptureStageIT {
  private static final String UPDATE = "UPDATE customers SET email = %s WHERE id = %s";

  private static void assertArrives(MirroredPair pair, int id, String email) {
    Await.until(
        email + " has arrived",
        () -> {
          try (Connection connection = pair.sides.target.connect("shop2");
              Statement statement = connection.createStatement();
              ResultSet result =
                  statement.executeQuery("SELECT email FROM contacts WHERE person_id = " + id)) {
            return result.next() && email.equals(result.getString(1));
          }
        });
  }

  private static void write(PreparedStatement update, String email, int id) throws SQLException {
    update.setString(1, email);
    update.setInt(2, id);
    assertThat(update.executeUpdate()).isEqualTo(1);
  }

  @Test
  void whatWasPreparedBeforeIsLoggedAndWhatWasWrittenBeforeIsCarried() throws Exception {
    try (MirroredPair pair = new MirroredPair(StatementCaptureIT.LENS);
        SteeredSidecar steered = SteeredSidecar.start(pair.sides, MirroredPair.MIRROR)) {
      // As if a backfill had begun already.
      pair.sides.old.executeIn(
          "shop",
          "INSERT INTO crossfade.backfill (migration, relation, up_to, entities, failed) VALUES"
              + " ('split-customers', 'public.customers', '{500}', 500, 0)");
      steered.use(StatementCaptureIT.LENS, Stage.STAGE_OFF);
      try (Connection connection =
              Pair.connect(steered.sidecar, "socketTimeout", "30", "prepareThreshold", "1");
          PreparedStatement update = connection.prepareStatement(UPDATE.formatted("?", "?"));
          WireClient wire = WireClient.connect("127.0.0.1", steered.sidecar.address().getPort())) {
        wire.login("shop", Pair.USER, Pair.PASSWORD);
        wire.exchange(parse("s", UPDATE.formatted("'by wire'", "41")), sync());
        wire.query("PREPARE p AS " + UPDATE.formatted("'by SQL'", "42"));
        write(update, "before", 43);
        steered.use(StatementCaptureIT.LENS, Stage.STAGE_DUAL_WRITE);
        assertArrives(pair, 43, "before");
        write(update, "by pgjdbc", 44);
        assertThat(wire.exchange(bind("", "s"), execute("", 0), sync()).toString())
            .contains("UPDATE 1");
        assertArrives(pair, 44, "by pgjdbc");
        assertArrives(pair, 41, "by wire");
        assertThat(wire.query("EXECUTE p").toString()).contains("0A000", "PREPARED_BEFORE");

        steered.use(StatementCaptureIT.LENS, Stage.STAGE_OFF);
        write(update, "while off", 45);
        assertThat(wire.query("EXECUTE p").toString()).contains("UPDATE 1");
        steered.use(StatementCaptureIT.LENS, Stage.STAGE_DUAL_WRITE);
        assertArrives(pair, 45, "while off");
        assertArrives(pair, 42, "by SQL");
      }
    }
  }
}
