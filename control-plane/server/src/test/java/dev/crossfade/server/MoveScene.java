package dev.crossfade.server;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.server.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A migration that is ready for LIVE.
 *
 * @param control the control plane's database
 */
record MoveScene(JobDatabases databases, Database.Login control) {
  static final String NAME = JobDatabases.MIGRATION;
  private static final Duration BOUND = Duration.ofSeconds(60);

  static MoveScene create() throws Exception {
    return create(JobDatabases.YAML);
  }

  static MoveScene create(String yaml) throws Exception {
    return create(JobDatabases.create(50, yaml));
  }

  /** Both sides are in one database. */
  static MoveScene createTogether() throws Exception {
    return create(JobDatabases.createTogether(50));
  }

  private static MoveScene create(JobDatabases databases) throws Exception {
    MoveScene scene = new MoveScene(databases, TestDatabases.create());
    String yaml = databases.yaml();
    try (Replica replica = Replica.start(scene.control, scene.databases.databasesFile())) {
      replica.migrations().apply(ApplyRequest.newBuilder().setYaml(yaml).build());
      replica.stage(NAME, Stage.STAGE_DUAL_WRITE);
      job(replica, JobKind.JOB_KIND_BACKFILL);
      replica.stage(NAME, Stage.STAGE_SHADOW);
      replica.stage(NAME, Stage.STAGE_RAMP);
      job(replica, JobKind.JOB_KIND_VERIFY);
      job(replica, JobKind.JOB_KIND_LENS_CHECK);
    }
    return scene;
  }

  static void job(Replica replica, JobKind kind) {
    long id =
        replica
            .jobs()
            .startJob(StartJobRequest.newBuilder().setMigration(NAME).setKind(kind).build())
            .getJob()
            .getId();
    Awaitility.await()
        .atMost(BOUND)
        .until(
            () ->
                replica
                    .jobs()
                    .getJob(GetJobRequest.newBuilder().setId(id).build())
                    .getJob()
                    .getState(),
            JobState.JOB_STATE_DONE::equals);
  }

  static GetResponse get(Replica replica) {
    return replica
        .migrations()
        .get(GetRequest.newBuilder().setName(NAME).setHistoryLimit(20).build());
  }

  /** Waits for a state of the migration. */
  static GetResponse await(Replica replica, java.util.function.Predicate<GetResponse> condition) {
    return Awaitility.await().atMost(BOUND).until(() -> get(replica), condition);
  }

  static GetResponse awaitEnd(Replica replica) {
    return await(replica, response -> !response.getMigration().hasMove());
  }

  /** What becomes of a write on old and one on new: "taken" or an SQLSTATE. */
  List<String> writes() throws SQLException {
    return List.of(
        write(databases.old(), "UPDATE notes SET body = body || '.' WHERE id = 1"),
        write(databases.next(), "UPDATE remarks SET text = text || '!' WHERE id = 1"));
  }

  private static String write(Database.Login side, String sql) throws SQLException {
    try (Connection connection = JobDatabases.connect(side);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
      return "taken";
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  /** As if nobody had heard of the owner for the time of a lease. */
  void endLease() throws SQLException {
    onControl(
        "UPDATE crossfade_control.move SET lease_until = clock_timestamp() WHERE state = 'OPEN'");
  }

  void onControl(String sql) throws SQLException {
    TestDatabases.execute(control.jdbcUrl(), sql);
  }
}
