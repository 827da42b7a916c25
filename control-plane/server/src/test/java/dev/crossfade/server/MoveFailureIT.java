package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.server.move.MoveSteps;
import dev.crossfade.server.store.Database;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers fail and people change their minds while a move is under way. */
class MoveFailureIT {
  private static final List<String> ON_OLD = List.of("taken", "CF001");
  private static final List<String> ON_NEW = List.of("CF001", "taken");

  @SuppressWarnings("NullAway.Init")
  private MoveScene scene;

  /** Something done once, at one step. */
  private record Once(MoveStep step, Act act, AtomicBoolean done) implements MoveSteps {
    Once(MoveStep step, Act act) {
      this(step, act, new AtomicBoolean());
    }

    @Override
    public void done(MoveStep now) throws SQLException {
      if (now == step && done.compareAndSet(false, true)) {
        act.run();
      }
    }
  }

  private interface Act {
    void run() throws SQLException;
  }

  /** A step that lasts until it is let go. */
  private static final class Gate implements Act {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void run() throws SQLException {
      reached.countDown();
      try {
        open.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void awaitReached() throws InterruptedException {
      assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @BeforeEach
  void create() throws Exception {
    scene = MoveScene.create();
  }

  private Replica start(MoveSteps steps) throws StartException {
    return Replica.start(scene.control(), scene.databases().databasesFile(), steps);
  }

  private static ListenableFuture<MigrationResponse> live(Replica replica) {
    return MigrationServiceGrpc.newFutureStub(replica.channel())
        .setStage(
            SetStageRequest.newBuilder()
                .setName(MoveScene.NAME)
                .setStage(Stage.STAGE_LIVE)
                .build());
  }

  private static String said(ListenableFuture<MigrationResponse> call) throws Exception {
    try {
      return call.get(60, TimeUnit.SECONDS).getMessage();
    } catch (ExecutionException e) {
      return String.valueOf(Status.fromThrowable(e).getDescription());
    }
  }

  private static void loseConnections(Database.Login side) throws SQLException {
    try (Connection connection = JobDatabases.connect(side);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND application_name = 'crossfade-mirror'");
    }
  }

  private static String name(Database.Login side) {
    return side.jdbcUrl().substring(side.jdbcUrl().lastIndexOf('/') + 1);
  }

  /** It was decided, and did not happen: both databases say so, and that ends it. */
  @Test
  void whatWasDecidedAndDidNotHappenHasFailed() throws Exception {
    Once lost = new Once(MoveStep.READY, () -> loseConnections(scene.databases().old()));
    try (Replica replica = start(lost)) {
      assertThat(said(live(replica)))
          .startsWith("migration 'notes' stays in RAMP, it could not go to LIVE: the authority")
          .contains("stays where it is");
      assertThat(scene.writes()).isEqualTo(ON_OLD);
      assertThat(said(live(replica))).startsWith("migration 'notes' is in LIVE");
    }
  }

  /** Somebody else holds the fence: it may be about to happen, so nothing can be said. */
  @Test
  void whileSomebodyHoldsTheFenceNothingIsSaid() throws Exception {
    try (Connection other = JobDatabases.connect(scene.databases().old());
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      Once lost =
          new Once(
              MoveStep.READY,
              () -> {
                loseConnections(scene.databases().old());
                statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended('crossfade/fence/notes', 0))");
              });
      try (Replica replica = start(lost)) {
        ListenableFuture<MigrationResponse> asked = live(replica);
        GetResponse held =
            MoveScene.await(
                replica,
                now -> now.getMigration().getMove().getWaits().startsWith("tries again in"));
        assertThat(held.getMigration().getStage()).isEqualTo(Stage.STAGE_RAMP);
        assertThat(asked.isDone()).isFalse();
        other.rollback();
        assertThat(said(asked)).startsWith("migration 'notes' is in LIVE");
        assertThat(scene.writes()).isEqualTo(ON_NEW);
      }
    }
  }

  /** Nobody can write, so it is tried again for as long as it takes. */
  @Test
  void whatIsHalfDoneIsTriedAgainUntilTheServerIsBack() throws Exception {
    String next = name(scene.databases().next());
    Once away =
        new Once(
            MoveStep.LEFT,
            () -> {
              scene.databases().onOld("ALTER DATABASE " + next + " ALLOW_CONNECTIONS false");
              TestDatabases.execute(
                  scene.databases().old().jdbcUrl(),
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                      + next
                      + "'");
            });
    try (Replica replica = start(away)) {
      ListenableFuture<MigrationResponse> asked = live(replica);
      GetResponse half =
          MoveScene.await(
              replica, now -> now.getMigration().getMove().getWaits().startsWith("tries again in"));
      assertThat(half.getMigration().getStage()).isEqualTo(Stage.STAGE_RAMP);
      scene.databases().onOld("ALTER DATABASE " + next + " ALLOW_CONNECTIONS true");
      assertThat(said(asked)).startsWith("migration 'notes' is in LIVE");
      assertThat(scene.writes()).isEqualTo(ON_NEW);
    }
  }

  @Test
  void aRollbackOfWhatIsDecidedGoesThereAndBack() throws Exception {
    Gate gate = new Gate();
    try (Replica replica = start(new Once(MoveStep.LEFT, gate))) {
      final ListenableFuture<MigrationResponse> asked = live(replica);
      gate.awaitReached();
      ListenableFuture<MigrationResponse> back =
          MigrationServiceGrpc.newFutureStub(replica.channel())
              .rollback(RollbackRequest.newBuilder().setName(MoveScene.NAME).build());
      MoveScene.await(replica, now -> now.getMigration().getMove().getId() > 0);
      assertThat(back.isDone()).isFalse();
      gate.open.countDown();
      assertThat(said(asked)).startsWith("migration 'notes' is in LIVE");
      assertThat(said(back)).startsWith("migration 'notes' is in OFF: old has the authority again");
      assertThat(scene.writes()).isEqualTo(ON_OLD);
    }
  }

  @Test
  void itGoesOnWhenNobodyWaits() throws Exception {
    Gate gate = new Gate();
    try (Replica replica = start(new Once(MoveStep.CALM, gate))) {
      ListenableFuture<MigrationResponse> asked = live(replica);
      gate.awaitReached();
      asked.cancel(true);
      gate.open.countDown();
      MoveScene.awaitEnd(replica);
      assertThat(MoveScene.get(replica).getMigration().getStage()).isEqualTo(Stage.STAGE_LIVE);
    }
  }

  /** What the documentation asks for is enough to move, and not to leave old for good. */
  @Test
  void theMirrorsRightsAreEnoughToMove() throws Exception {
    scene.databases().onOld("CREATE ROLE mover LOGIN PASSWORD 'secret'");
    try {
      grant(scene.databases().old(), "notes");
      grant(scene.databases().next(), "remarks");
      try (Replica replica =
          Replica.start(scene.control(), scene.databases().as("mover", "secret"))) {
        assertThat(said(live(replica))).startsWith("migration 'notes' is in LIVE");
        replica.stage(MoveScene.NAME, Stage.STAGE_RAMP);
        assertThat(scene.writes()).isEqualTo(ON_OLD);
        assertThat(said(live(replica))).startsWith("migration 'notes' is in LIVE");
        replica.stage(MoveScene.NAME, Stage.STAGE_RAMPDOWN);
        String refused = "";
        try {
          replica.stage(MoveScene.NAME, Stage.STAGE_COMPLETE);
        } catch (StatusRuntimeException e) {
          refused = String.valueOf(e.getStatus().getDescription());
        }
        assertThat(refused)
            .endsWith("the control plane's role on old does not own schema crossfade");
        assertThat(scene.writes()).isEqualTo(ON_NEW);
      }
    } finally {
      TestDatabases.execute(scene.databases().next().jdbcUrl(), "DROP OWNED BY mover");
      TestDatabases.execute(
          scene.databases().old().jdbcUrl(), "DROP OWNED BY mover; DROP ROLE mover");
    }
  }

  private static void grant(Database.Login side, String table) throws SQLException {
    TestDatabases.execute(
        side.jdbcUrl(),
        "GRANT USAGE ON SCHEMA crossfade TO mover;"
            + " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossfade TO mover;"
            + " GRANT SELECT ON ALL SEQUENCES IN SCHEMA crossfade TO mover;"
            + " GRANT SELECT, INSERT, UPDATE, DELETE ON "
            + table
            + " TO mover;"
            + " GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO mover");
  }
}
