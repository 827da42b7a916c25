package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Duration;
import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.ChangeKind;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MoveState;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.server.move.MoveSteps;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control plane dies at each step of a move, and another one finishes it: stage and fences
 * agree, and one side takes writes.
 */
class MoveCrashIT {
  private static final List<String> ON_OLD = List.of("taken", "CF001");
  private static final List<String> ON_NEW = List.of("CF001", "taken");

  @SuppressWarnings("NullAway.Init")
  private MoveScene scene;

  /** Whoever works on the move is gone. */
  private static final class Killed extends Error {
    @Serial private static final long serialVersionUID = 1;
  }

  /** Dies at one step, and tells so. */
  static final class Death implements MoveSteps {
    private final MoveStep last;
    private final CountDownLatch dead = new CountDownLatch(1);

    Death(MoveStep last) {
      this.last = last;
    }

    @Override
    public void done(MoveStep step) {
      if (step == last && dead.getCount() > 0) {
        dead.countDown();
        throw new Killed();
      }
    }

    void await() throws InterruptedException {
      assertThat(dead.await(60, TimeUnit.SECONDS)).as("it died at " + last).isTrue();
    }
  }

  @BeforeEach
  void create() throws Exception {
    scene = MoveScene.create();
  }

  private Replica start(MoveSteps steps) throws StartException {
    return Replica.start(scene.control(), scene.databases().databasesFile(), steps);
  }

  /** Asks for it and does not wait for the answer. */
  private static void ask(ManagedChannel channel, Stage stage) {
    MigrationServiceGrpc.newFutureStub(channel)
        .setStage(SetStageRequest.newBuilder().setName(MoveScene.NAME).setStage(stage).build());
  }

  private void diesAt(MoveStep step, Stage stage) throws Exception {
    Death death = new Death(step);
    try (Replica mortal = start(death)) {
      ask(mortal.channel(), stage);
      death.await();
      assertThat(MoveScene.get(mortal).getMigration().hasMove()).isTrue();
    }
    scene.endLease();
  }

  private static GetResponse finished(Replica replica, Stage stage) {
    GetResponse after = MoveScene.awaitEnd(replica);
    assertThat(after.getLastMove().getOutcome()).startsWith("migration 'notes' is in ");
    assertThat(after.getLastMove().getState()).isEqualTo(MoveState.MOVE_STATE_DONE);
    assertThat(after.getMigration().getStage()).isEqualTo(stage);
    return after;
  }

  private void assertEpoch(long epoch, String authority) throws Exception {
    String sql =
        "SELECT count(*) FROM crossfade.fence WHERE epoch = %d AND authority = '%s'"
            .formatted(epoch, authority);
    assertThat(scene.databases().count(scene.databases().old(), sql)).isEqualTo(1);
    assertThat(scene.databases().count(scene.databases().next(), sql)).isEqualTo(1);
  }

  private void assertEqual() throws Exception {
    String old = "SELECT sum(hashtext(id || body)) FROM notes";
    String next = "SELECT sum(hashtext(id || text)) FROM remarks";
    assertThat(scene.databases().count(scene.databases().next(), next))
        .isEqualTo(scene.databases().count(scene.databases().old(), old));
  }

  @ParameterizedTest
  @EnumSource(
      value = MoveStep.class,
      names = {"ARCHIVED", "REMOVED"},
      mode = EnumSource.Mode.EXCLUDE)
  void whoDiesOnTheWayToLiveIsSucceeded(MoveStep last) throws Exception {
    diesAt(last, Stage.STAGE_LIVE);
    assertThat(scene.writes())
        .isEqualTo(
            switch (last) {
              case BEGUN, CHECKED, CALM, CLOSED, DRAINED, READY -> ON_OLD;
              case LEFT -> List.of("CF001", "CF001");
              case ARRIVED, ARCHIVED, REMOVED -> ON_NEW;
            });
    try (Replica second = start(step -> {})) {
      GetResponse after = finished(second, Stage.STAGE_LIVE);
      assertThat(after.getHistoryList().stream().map(Change::getKind))
          .startsWith(ChangeKind.CHANGE_KIND_STAGE, ChangeKind.CHANGE_KIND_MOVE_BEGUN);
      assertEpoch(2, "NEW");
      assertThat(scene.writes()).isEqualTo(ON_NEW);
      second
          .migrations()
          .rollback(
              RollbackRequest.newBuilder()
                  .setName(MoveScene.NAME)
                  .setToStage(Stage.STAGE_RAMP)
                  .build());
      assertEpoch(3, "OLD");
      assertEqual();
    }
  }

  @Test
  void whoDiesOnTheWayBackIsSucceeded() throws Exception {
    try (Replica first = start(step -> {})) {
      first.stage(MoveScene.NAME, Stage.STAGE_LIVE);
    }
    diesAt(MoveStep.LEFT, Stage.STAGE_RAMP);
    assertThat(scene.writes()).containsExactly("CF001", "CF001");
    try (Replica second = start(step -> {})) {
      finished(second, Stage.STAGE_RAMP);
      assertEpoch(3, "OLD");
      assertThat(scene.writes()).isEqualTo(ON_OLD);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MoveStep.class,
      names = {"CHECKED", "READY", "ARCHIVED", "REMOVED"})
  void whoDiesOnTheWayToCompleteIsSucceeded(MoveStep last) throws Exception {
    try (Replica first = start(step -> {})) {
      first.stage(MoveScene.NAME, Stage.STAGE_LIVE);
      first.stage(MoveScene.NAME, Stage.STAGE_RAMPDOWN);
    }
    diesAt(last, Stage.STAGE_COMPLETE);
    assertThat(scene.writes()).isEqualTo(ON_NEW);
    try (Replica second = start(step -> {})) {
      finished(second, Stage.STAGE_COMPLETE);
    }
    assertThat(scene.writes()).isEqualTo(ON_NEW);
    String triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = '%s'::regclass";
    assertThat(scene.databases().count(scene.databases().old(), triggers.formatted("notes")))
        .isEqualTo(1);
    assertThat(scene.databases().count(scene.databases().next(), triggers.formatted("remarks")))
        .isZero();
    String log = "SELECT count(*) FROM crossfade.mutation";
    assertThat(scene.databases().count(scene.databases().next(), log)).isZero();
  }

  /** The process is gone with all its connections; nothing of it cleans up. */
  @ParameterizedTest
  @EnumSource(
      value = MoveStep.class,
      names = {"CLOSED", "READY", "LEFT", "ARRIVED"})
  void killedForGoodItIsSucceeded(MoveStep last) throws Exception {
    try (ChildProcess mortal =
        ChildProcess.start(
            MortalControlPlane.class,
            TestDatabases.directory("mortal"),
            Map.of("CROSSFADE_DB_PASSWORD", String.valueOf(scene.control().password())),
            last.name(),
            scene.control().jdbcUrl(),
            String.valueOf(scene.control().user()),
            scene.databases().file().toString())) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", mortal.awaitPort()).usePlaintext().build();
      try {
        ask(channel, Stage.STAGE_LIVE);
        assertThat(mortal.awaitExit()).isEqualTo(137);
      } finally {
        channel.shutdownNow();
      }
    }
    scene.endLease();
    try (Replica second = start(step -> {})) {
      finished(second, Stage.STAGE_LIVE);
      assertEpoch(2, "NEW");
      assertThat(scene.writes()).isEqualTo(ON_NEW);
    }
  }

  /** It was too late to give it up, and who asked for the way back is gone. */
  @Test
  void aRollbackThatWaitsOutlivesItsControlPlane() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    MoveSteps deadly =
        step -> {
          if (step == MoveStep.LEFT) {
            left.countDown();
            try {
              asked.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new Killed();
          }
        };
    try (Replica mortal = start(deadly)) {
      ask(mortal.channel(), Stage.STAGE_LIVE);
      assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
      ListenableFuture<MigrationResponse> back =
          MigrationServiceGrpc.newFutureStub(mortal.channel())
              .rollback(
                  RollbackRequest.newBuilder()
                      .setName(MoveScene.NAME)
                      .setToStage(Stage.STAGE_SHADOW)
                      .setMaxPause(Duration.newBuilder().setSeconds(30))
                      .setNote(ChangeNote.newBuilder().setActor("bob").setReason("it burns"))
                      .build());
      MoveScene.await(
          mortal, now -> now.getMigration().getMove().getThenTo() == Stage.STAGE_SHADOW);
      assertThat(back.isDone()).isFalse();
      asked.countDown();
    }
    scene.endLease();
    try (Replica second = start(step -> {})) {
      GetResponse after =
          MoveScene.await(
              second,
              now ->
                  now.getMigration().getStage() == Stage.STAGE_SHADOW
                      && !now.getMigration().hasMove());
      assertThat(after.getHistoryList().stream().map(Change::getKind))
          .startsWith(
              ChangeKind.CHANGE_KIND_ROLLBACK,
              ChangeKind.CHANGE_KIND_MOVE_BEGUN,
              ChangeKind.CHANGE_KIND_STAGE,
              ChangeKind.CHANGE_KIND_MOVE_BEGUN);
      assertThat(after.getHistory(0).getActor()).isEqualTo("bob");
      assertThat(after.getHistory(0).getReason()).isEqualTo("it burns");
      assertEpoch(3, "OLD");
      assertThat(scene.writes()).isEqualTo(ON_OLD);
    }
  }

  /** One that only seems to be gone, and comes back, does no harm. */
  @Test
  void whoWasSucceededWhileItSleptDoesNothingMore() throws Exception {
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch awake = new CountDownLatch(1);
    MoveSteps sleepy =
        step -> {
          if (step == MoveStep.CALM) {
            asleep.countDown();
            try {
              awake.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (Replica first = start(sleepy)) {
      ask(first.channel(), Stage.STAGE_LIVE);
      assertThat(asleep.await(60, TimeUnit.SECONDS)).isTrue();
      scene.onControl(
          "UPDATE crossfade_control.move SET term = term + 1, lease_until = clock_timestamp(),"
              + " owner = 'another'");
      awake.countDown();
      try (Replica second = start(step -> {})) {
        finished(second, Stage.STAGE_LIVE);
        assertEpoch(2, "NEW");
        assertThat(scene.writes()).isEqualTo(ON_NEW);
        second.stage(MoveScene.NAME, Stage.STAGE_RAMPDOWN);
        assertThat(MoveScene.get(first).getMigration().getStage()).isEqualTo(Stage.STAGE_RAMPDOWN);
      }
    }
  }
}
