package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MoveState;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.engine.catalog.MoveStep;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A migration whose sides are in one database, from its backfill to its end. */
class MoveInOneDatabaseIT {
  private static final List<String> ON_OLD = List.of("taken", "CF001");
  private static final List<String> ON_NEW = List.of("CF001", "taken");

  @SuppressWarnings("NullAway.Init")
  private MoveScene scene;

  /** Its backfill, its verification and the check of its lens are done. */
  @BeforeEach
  void create() throws Exception {
    scene = MoveScene.createTogether();
    assertSame();
  }

  private void assertSame() throws Exception {
    String differing =
        "SELECT count(*) FROM notes FULL JOIN remarks USING (id) WHERE body IS DISTINCT FROM text";
    assertThat(scene.databases().count(scene.databases().old(), differing)).isZero();
    assertThat(scene.databases().remarks()).isEqualTo(50);
  }

  private void assertFence(long epoch, String authority) throws Exception {
    String sql =
        "SELECT count(*) FROM crossfade.fence WHERE epoch = %d AND authority = '%s'"
            .formatted(epoch, authority);
    assertThat(scene.databases().count(scene.databases().old(), sql)).isEqualTo(1);
  }

  private static void rollback(Replica replica) {
    replica
        .migrations()
        .rollback(
            RollbackRequest.newBuilder()
                .setName(MoveScene.NAME)
                .setToStage(Stage.STAGE_RAMP)
                .build());
  }

  @Test
  void itGoesToLiveAndBackAndToItsEnd() throws Exception {
    try (Replica replica =
        Replica.start(scene.control(), scene.databases().databasesFile(), step -> {})) {
      assertThat(scene.writes()).isEqualTo(ON_OLD);
      replica.stage(MoveScene.NAME, Stage.STAGE_LIVE);
      assertFence(2, "NEW");
      assertThat(scene.writes()).isEqualTo(ON_NEW);
      assertSame();
      rollback(replica);
      assertFence(3, "OLD");
      assertThat(scene.writes()).isEqualTo(ON_OLD);
      assertSame();
      replica.stage(MoveScene.NAME, Stage.STAGE_LIVE);
      replica.stage(MoveScene.NAME, Stage.STAGE_RAMPDOWN);
      replica.stage(MoveScene.NAME, Stage.STAGE_COMPLETE);
      assertThat(MoveScene.awaitEnd(replica).getMigration().getStage())
          .isEqualTo(Stage.STAGE_COMPLETE);
      assertThat(scene.writes()).isEqualTo(ON_NEW);
      assertThat(scene.databases().count(scene.databases().old(), "SELECT count(*) FROM notes"))
          .isEqualTo(50);
    }
  }

  /** There is no moment at which neither side takes writes: it is one transaction. */
  @ParameterizedTest
  @EnumSource(
      value = MoveStep.class,
      names = {"CHECKED", "CLOSED", "READY", "ARRIVED"})
  void whoDiesIsSucceeded(MoveStep last) throws Exception {
    MoveCrashIT.Death death = new MoveCrashIT.Death(last);
    try (Replica mortal =
        Replica.start(scene.control(), scene.databases().databasesFile(), death)) {
      MigrationServiceGrpc.newFutureStub(mortal.channel())
          .setStage(
              SetStageRequest.newBuilder()
                  .setName(MoveScene.NAME)
                  .setStage(Stage.STAGE_LIVE)
                  .build());
      death.await();
    }
    scene.endLease();
    assertThat(scene.writes()).isEqualTo(last == MoveStep.ARRIVED ? ON_NEW : ON_OLD);
    try (Replica second =
        Replica.start(scene.control(), scene.databases().databasesFile(), step -> {})) {
      GetResponse after = MoveScene.awaitEnd(second);
      assertThat(after.getLastMove().getState()).isEqualTo(MoveState.MOVE_STATE_DONE);
      assertThat(after.getMigration().getStage()).isEqualTo(Stage.STAGE_LIVE);
      assertFence(2, "NEW");
      assertThat(scene.writes()).isEqualTo(ON_NEW);
      rollback(second);
      assertThat(scene.writes()).isEqualTo(ON_OLD);
      assertSame();
    }
  }
}
