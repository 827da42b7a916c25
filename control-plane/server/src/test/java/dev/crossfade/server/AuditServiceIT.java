package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.AuditFlaw;
import dev.crossfade.api.v1.AuditHead;
import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListAuditResponse;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.VerifyAuditRequest;
import dev.crossfade.api.v1.VerifyAuditResponse;
import dev.crossfade.server.store.Database;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit log of a real control plane, and what is done to its rows behind its back. */
class AuditServiceIT {
  private static final String UNLOCK =
      "ALTER TABLE crossfade_control.audit DISABLE TRIGGER audit_is_append_only";

  @SuppressWarnings("NullAway.Init")
  private Database.Login login;

  @SuppressWarnings("NullAway.Init")
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    login = TestDatabases.create();
    replica = Replica.start(login);
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private AuditServiceGrpc.AuditServiceBlockingStub audit() {
    return AuditServiceGrpc.newBlockingStub(replica.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private VerifyAuditResponse verify() {
    return audit().verifyAudit(VerifyAuditRequest.getDefaultInstance());
  }

  private void sql(String... statements) throws SQLException {
    for (String statement : statements) {
      TestDatabases.execute(login.jdbcUrl(), statement);
    }
  }

  private void changeALot() {
    replica.apply("first");
    replica.apply("second");
    replica
        .migrations()
        .setStage(
            SetStageRequest.newBuilder()
                .setName("first")
                .setStage(Stage.STAGE_DUAL_WRITE)
                .setNote(ChangeNote.newBuilder().setActor("ada").setReason("it is time"))
                .build());
    replica.stage("first", Stage.STAGE_SHADOW);
    replica.reads("second", 5_000);
    replica
        .migrations()
        .rollback(
            RollbackRequest.newBuilder()
                .setName("first")
                .setToStage(Stage.STAGE_OFF)
                .setNote(ChangeNote.newBuilder().setActor("bob"))
                .build());
  }

  @Test
  void everyChangeHasARecordThatTellsWhoWhenWhyAndFromWhatToWhat() {
    changeALot();
    List<AuditRecord> records =
        audit().listAudit(ListAuditRequest.getDefaultInstance()).getRecordsList();
    assertThat(records.stream().map(AuditRecord::getAction))
        .containsExactly(
            "catalog.rollback",
            "catalog.reads",
            "catalog.stage",
            "catalog.stage",
            "catalog.created",
            "catalog.created",
            "audit.begun");
    AuditRecord stage = records.get(3);
    assertThat(stage.getNumber()).isEqualTo(4);
    assertThat(stage.getMigration()).isEqualTo("first");
    assertThat(stage.getActor()).isEqualTo("ada");
    assertThat(stage.getReason()).isEqualTo("it is time");
    assertThat(stage.getBefore()).startsWith("OFF, reads 0% by SESSION");
    assertThat(stage.getAfter()).startsWith("version 3: DUAL_WRITE, reads 0% by SESSION");
    assertThat(verify())
        .isEqualTo(
            VerifyAuditResponse.newBuilder()
                .setLast(AuditHead.newBuilder().setNumber(7).setHash(records.getFirst().getHash()))
                .build());
  }

  @Test
  void recordsAreFoundByMigrationActorAndTimePageByPage() {
    changeALot();
    assertThat(
            audit()
                .listAudit(ListAuditRequest.newBuilder().setMigration("second").build())
                .getRecordsList())
        .extracting(AuditRecord::getAction)
        .containsExactly("catalog.reads", "catalog.created");
    assertThat(
            audit()
                .listAudit(ListAuditRequest.newBuilder().setActor("ada").build())
                .getRecordsList())
        .hasSize(1);
    List<Long> numbers = new ArrayList<>();
    ListAuditRequest request = ListAuditRequest.newBuilder().setLimit(3).build();
    while (true) {
      ListAuditResponse page = audit().listAudit(request);
      page.getRecordsList().forEach(record -> numbers.add(record.getNumber()));
      if (page.getNext() == 0) {
        break;
      }
      request = request.toBuilder().setBefore(page.getNext()).build();
    }
    assertThat(numbers).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    Timestamp third = audit().listAudit(request).getRecords(0).getAt();
    assertThat(
            audit()
                .listAudit(ListAuditRequest.newBuilder().setFrom(third).build())
                .getRecordsList())
        .isNotEmpty()
        .allSatisfy(record -> assertThat(record.getAt().getSeconds()).isNotNegative());
    assertThat(
            audit()
                .listAudit(
                    ListAuditRequest.newBuilder()
                        .setTo(Timestamp.newBuilder().setSeconds(1))
                        .build())
                .getRecordsList())
        .isEmpty();
    assertThatThrownBy(
            () -> audit().listAudit(ListAuditRequest.newBuilder().setLimit(1_001).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("give 0 to 1000");
  }

  @Test
  void theTableTakesNothingButNewRecords() {
    changeALot();
    for (String statement :
        List.of(
            "UPDATE crossfade_control.audit SET reason = 'x'",
            "DELETE FROM crossfade_control.audit",
            "TRUNCATE crossfade_control.audit")) {
      assertThatThrownBy(() -> sql(statement))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("append-only");
    }
    assertThat(verify().hasFlaw()).isFalse();
  }

  @Test
  void aByteThatIsChangedInAnyColumnOfAnyRowIsNamed() throws Exception {
    changeALot();
    sql(UNLOCK);
    List<String> changes =
        List.of(
            "at = at + interval '1 microsecond'",
            "at = 'infinity'",
            "action = overlay(action placing 'x' from 1)",
            "action = 'UNHEARD OF'",
            "migration = migration || 'x'",
            "actor = overlay(actor placing 'X' from 1)",
            "reason = reason || ' '",
            "before = before || 'x'",
            "after = overlay(after placing 'W' from 1)",
            "after = repeat('x', 5000)",
            "hash = overlay(hash placing CASE left(hash, 1) WHEN 'a' THEN 'b' ELSE 'a' END from 1)",
            "hash = upper(hash) || ''");
    for (int number = 1; number <= 7; number++) {
      for (String change : changes) {
        sql(
            "CREATE TABLE crossfade_control.kept AS SELECT * FROM crossfade_control.audit",
            "UPDATE crossfade_control.audit SET " + change + " WHERE number = " + number);
        assertThat(verify().getFlaw().getNumber()).as(change).isEqualTo(number);
        assertThat(verify().getFlaw().getMessage()).contains("record " + number + " ");
        sql(
            "DELETE FROM crossfade_control.audit",
            "INSERT INTO crossfade_control.audit SELECT * FROM crossfade_control.kept",
            "DROP TABLE crossfade_control.kept");
        assertThat(verify().hasFlaw()).isFalse();
      }
    }
  }

  @Test
  void whatIsGoneMovedOrWrittenOverIsNamed() throws Exception {
    changeALot();
    AuditHead last = verify().getLast();
    sql(UNLOCK, "DELETE FROM crossfade_control.audit WHERE number > 5");
    assertThat(verify().getFlaw().getMessage())
        .isEqualTo("record 6 and all to 7 are missing at the end");
    // Who can do that can write over the end of the log as well; a copy that was kept shows it.
    sql(
        "UPDATE crossfade_control.catalog SET audit_number = 5, audit_hash = (SELECT hash FROM"
            + " crossfade_control.audit WHERE number = 5)");
    assertThat(verify().hasFlaw()).isFalse();
    assertThat(
            audit()
                .verifyAudit(VerifyAuditRequest.newBuilder().setNoted(last).build())
                .getFlaw()
                .getNumber())
        .isEqualTo(6);
    sql("DELETE FROM crossfade_control.audit WHERE number = 3");
    assertThat(verify().getFlaw().getKind()).isEqualTo(AuditFlaw.Kind.KIND_MISSING);
    assertThat(verify().getFlaw().getNumber()).isEqualTo(3);
    sql("UPDATE crossfade_control.audit SET number = 3 WHERE number = 5");
    assertThat(verify().getFlaw().getKind()).isEqualTo(AuditFlaw.Kind.KIND_CHANGED);
    sql("UPDATE crossfade_control.catalog SET audit_number = 1");
    assertThat(verify().getFlaw().getKind()).isEqualTo(AuditFlaw.Kind.KIND_ADDED);
  }

  @Test
  void manyWhoChangeAtOnceWriteOneChain() throws Exception {
    List<String> names = List.of("a", "b", "c", "d", "e", "f");
    try (ExecutorService threads = Executors.newFixedThreadPool(names.size())) {
      List<Future<?>> all = new ArrayList<>();
      for (String name : names) {
        all.add(
            threads.submit(
                () -> {
                  replica.apply(name);
                  for (int buckets = 1; buckets <= 20; buckets++) {
                    replica.reads(name, buckets);
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(verify().hasFlaw()).isFalse();
    assertThat(verify().getLast().getNumber()).isEqualTo(1 + 6 * 21);
  }

  /** It comes with the table, in a catalog that has a history. */
  @Test
  void aLogThatBeginsLaterSaysWhatCameBefore() throws Exception {
    changeALot();
    replica.close();
    sql(
        UNLOCK,
        "DELETE FROM crossfade_control.audit",
        "UPDATE crossfade_control.catalog SET audit_number = 0, audit_hash = repeat('0', 64)",
        "ALTER TABLE crossfade_control.audit ENABLE TRIGGER audit_is_append_only");
    replica = Replica.start(login);
    assertThat(audit().listAudit(ListAuditRequest.getDefaultInstance()).getRecords(0).getAfter())
        .isEqualTo("the history has 6 changes of 2 migrations from before, up to version 6");
    assertThat(verify().hasFlaw()).isFalse();
  }

  /** Nothing is changed of which nothing is in the log. */
  @Test
  void whatCanNotBeAuditedIsNotDone() throws Exception {
    replica.apply("first");
    sql(
        "ALTER TABLE crossfade_control.audit ADD CONSTRAINT no_stages CHECK (action <>"
            + " 'catalog.stage') NOT VALID");
    assertThatThrownBy(() -> replica.stage("first", Stage.STAGE_DUAL_WRITE))
        .isInstanceOf(StatusRuntimeException.class);
    try (Connection connection =
            DriverManager.getConnection(login.jdbcUrl(), login.user(), login.password());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT stage FROM crossfade_control.migration WHERE name = 'first'")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("OFF");
    }
    assertThat(
            replica
                .migrations()
                .apply(
                    ApplyRequest.newBuilder()
                        .setYaml(MigrationFiles.named("third"))
                        .setSource("third")
                        .build())
                .getChanged())
        .isTrue();
  }
}
