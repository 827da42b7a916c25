package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.CatalogCheck;
import dev.crossfade.api.v1.CatalogEvidence;
import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.ChangeKind;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.ListResponse;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Stickiness;
import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.api.v1.WatchRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What MigrationService promises, whatever carries the calls. */
abstract class MigrationServiceContract {
  private static final ChangeNote NOTE =
      ChangeNote.newBuilder().setActor("ada").setReason("because").build();

  /** A channel to a control plane with an empty catalog. */
  abstract Channel channel();

  private MigrationServiceBlockingStub service() {
    return MigrationServiceGrpc.newBlockingStub(channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @Test
  void aMigrationGoesTheWholeWayAndBack() {
    Migration created = apply("orders").getMigration();
    assertThat(created.getStage()).isEqualTo(Stage.STAGE_OFF);
    assertThat(created.getStickiness()).isEqualTo(Stickiness.STICKINESS_SESSION);
    assertThat(created.getYaml()).isEqualTo(MigrationFiles.named("orders"));
    assertThat(created.getSource()).isEqualTo("orders.yaml");

    assertThat(reads("orders", 25_000).getMessage()).contains("25%, in force only in stage RAMP");
    assertThat(stage("orders", Stage.STAGE_DUAL_WRITE).getMigration().getEffectiveReadBuckets())
        .isZero();
    stage("orders", Stage.STAGE_SHADOW);
    Migration ramp = stage("orders", Stage.STAGE_RAMP).getMigration();
    assertThat(ramp.getEffectiveReadBuckets()).isEqualTo(25_000);
    assertThat(reads("orders", 50_000).getMessage())
        .isEqualTo("reads of migration 'orders' on new: 50%, in force");

    MigrationResponse back =
        service().rollback(RollbackRequest.newBuilder().setName("orders").setNote(NOTE).build());
    assertThat(back.getMigration().getStage()).isEqualTo(Stage.STAGE_OFF);
    assertThat(back.getMigration().getReadBuckets()).isZero();
    assertThat(back.getMigration().getVersion()).isEqualTo(created.getVersion() + 6);
    assertThat(
            service().rollback(RollbackRequest.newBuilder().setName("orders").build()).getChanged())
        .isFalse();
  }

  @Test
  void historyTellsWhoWhenWhyFromWhatToWhat() {
    apply("orders");
    stage("orders", Stage.STAGE_DUAL_WRITE);
    GetResponse response =
        service().get(GetRequest.newBuilder().setName("orders").setHistoryLimit(10).build());
    assertThat(response.getHistoryList())
        .extracting(Change::getKind)
        .containsExactly(ChangeKind.CHANGE_KIND_STAGE, ChangeKind.CHANGE_KIND_CREATED);
    Change stage = response.getHistory(0);
    assertThat(stage.getActor()).isEqualTo("ada");
    assertThat(stage.getReason()).isEqualTo("because");
    assertThat(stage.getFrom().getStage()).isEqualTo(Stage.STAGE_OFF);
    assertThat(stage.getTo().getStage()).isEqualTo(Stage.STAGE_DUAL_WRITE);
    assertThat(stage.getAt()).isEqualTo(response.getMigration().getUpdatedAt());
    assertThat(response.getHistory(1).hasFrom()).isFalse();
    assertThat(
            service()
                .get(GetRequest.newBuilder().setName("orders").setHistoryLimit(1).build())
                .getHistoryList())
        .containsExactly(stage);
  }

  @Test
  void listIsOrderedByNameAndLeavesTheFilesOut() {
    apply("zebra");
    apply("ant");
    ListResponse response = service().list(ListRequest.getDefaultInstance());
    assertThat(response.getMigrationsList())
        .extracting(Migration::getName)
        .containsExactly("ant", "zebra");
    assertThat(response.getMigrationsList()).extracting(Migration::getYaml).containsOnly("");
    assertThat(response.getVersion()).isEqualTo(response.getMigrations(0).getVersion());
  }

  @Test
  void theSameFileAgainChangesNothing() {
    long version = apply("orders").getMigration().getVersion();
    MigrationResponse again = apply("orders");
    assertThat(again.getChanged()).isFalse();
    assertThat(again.getMigration().getVersion()).isEqualTo(version);
  }

  private static ApplyRequest.Builder checked(String fingerprint) {
    return ApplyRequest.newBuilder()
        .setYaml(MigrationFiles.named("orders"))
        .setNote(NOTE)
        .setCatalogEvidence(
            CatalogEvidence.newBuilder()
                .setOldDatabase("old:5432/shop")
                .setNewDatabase("new:5432/shop")
                .setFingerprint(fingerprint)
                .setWarnings(3));
  }

  private GetResponse get(String name) {
    return service().get(GetRequest.newBuilder().setName(name).setHistoryLimit(10).build());
  }

  @Test
  void thatTheCatalogsWereComparedIsKeptWithWhoAndWhen() {
    assertThat(apply("orders").getMigration().hasCatalogCheck()).isFalse();
    MigrationResponse noted = service().apply(checked("ab".repeat(32)).build());
    assertThat(noted.getChanged()).isTrue();
    service().apply(checked("ab".repeat(32)).build());
    CatalogCheck check = get("orders").getMigration().getCatalogCheck();
    assertThat(check.getEvidence()).isEqualTo(checked("ab".repeat(32)).getCatalogEvidence());
    assertThat(check.getActor()).isEqualTo(NOTE.getActor());
    assertThat(check.getAt()).isEqualTo(noted.getMigration().getUpdatedAt());
    assertThat(get("orders").getHistoryList())
        .extracting(Change::getKind)
        .containsExactly(ChangeKind.CHANGE_KIND_CHECKED, ChangeKind.CHANGE_KIND_CREATED);
    stage("orders", Stage.STAGE_DUAL_WRITE);
    stage("orders", Stage.STAGE_OFF);
    assertThat(get("orders").getMigration().getCatalogCheck()).isEqualTo(check);
    MigrationResponse replaced =
        service()
            .apply(
                ApplyRequest.newBuilder()
                    .setYaml(MigrationFiles.named("orders") + "# 2\n")
                    .build());
    assertThat(replaced.getMigration().hasCatalogCheck()).isFalse();
  }

  @Test
  void evidenceWithoutSubstanceIsRefused() {
    refused(
        Status.Code.INVALID_ARGUMENT,
        "fingerprint",
        () -> service().apply(checked("none").build()));
    ApplyRequest.Builder nowhere = checked("ab".repeat(32));
    nowhere.getCatalogEvidenceBuilder().clearNewDatabase();
    refused(Status.Code.INVALID_ARGUMENT, "new_database", () -> service().apply(nowhere.build()));
    ApplyRequest.Builder negative = checked("ab".repeat(32));
    negative.getCatalogEvidenceBuilder().setWarnings(-1);
    refused(Status.Code.INVALID_ARGUMENT, "warnings", () -> service().apply(negative.build()));
  }

  @Test
  void aLensThatDoesNotCompileIsRefusedWithItsPlace() {
    String yaml = MigrationFiles.named("orders").replace("FROM people p", "FORM people p");
    refused(
        Status.Code.INVALID_ARGUMENT,
        "lens.yaml",
        () ->
            service()
                .apply(ApplyRequest.newBuilder().setSource("lens.yaml").setYaml(yaml).build()));
  }

  @Test
  void whatCannotBeRightIsAnInvalidArgument() {
    refused(
        Status.Code.INVALID_ARGUMENT,
        "yaml is empty",
        () -> service().apply(ApplyRequest.getDefaultInstance()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "bad.yaml",
        () ->
            service()
                .apply(ApplyRequest.newBuilder().setSource("bad.yaml").setYaml("a: [b").build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "metadata.name",
        () ->
            service()
                .apply(
                    ApplyRequest.newBuilder().setYaml(MigrationFiles.named("'No Name'")).build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "name is missing",
        () -> service().get(GetRequest.getDefaultInstance()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "history_limit is 1001",
        () -> service().get(GetRequest.newBuilder().setName("x").setHistoryLimit(1_001).build()));
    refused(Status.Code.INVALID_ARGUMENT, "read_buckets is 100001", () -> reads("x", 100_001));
    refused(Status.Code.INVALID_ARGUMENT, "read_buckets is -1", () -> reads("x", -1));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "stage is missing",
        () -> stage("x", Stage.STAGE_UNSPECIFIED));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "stage is missing or unknown",
        () ->
            service()
                .setStage(SetStageRequest.newBuilder().setName("x").setStageValue(77).build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "note.reason has 1025 characters",
        () ->
            service()
                .rollback(
                    RollbackRequest.newBuilder()
                        .setName("x")
                        .setNote(ChangeNote.newBuilder().setReason("r".repeat(1_025)))
                        .build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "NUL",
        () -> service().rollback(RollbackRequest.newBuilder().setName("a\0b").build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "more than 262144 bytes",
        () -> service().apply(ApplyRequest.newBuilder().setYaml("#".repeat(262_145)).build()));
  }

  @Test
  void whatIsNotThereIsNotFound() {
    refused(
        Status.Code.NOT_FOUND, "there is no migration 'x'", () -> stage("x", Stage.STAGE_SHADOW));
    refused(
        Status.Code.NOT_FOUND,
        "there is no migration 'x'",
        () -> service().get(GetRequest.newBuilder().setName("x").build()));
  }

  @Test
  void whatTheStateForbidsIsAFailedPrecondition() {
    apply("orders");
    refused(
        Status.Code.FAILED_PRECONDITION,
        "the next stage forward is DUAL_WRITE",
        () -> stage("orders", Stage.STAGE_RAMP));
    refused(
        Status.Code.FAILED_PRECONDITION,
        "the next stage forward is DUAL_WRITE",
        () -> stage("orders", Stage.STAGE_LIVE));
    stage("orders", Stage.STAGE_DUAL_WRITE);
    refused(
        Status.Code.FAILED_PRECONDITION,
        "cannot change under traffic",
        () ->
            service()
                .apply(
                    ApplyRequest.newBuilder()
                        .setYaml(MigrationFiles.named("orders") + "# 2\n")
                        .build()));
  }

  @Test
  void ofManyWhoDecidedOnTheSameVersionOneWins() throws Exception {
    long version = apply("orders").getMigration().getVersion();
    List<Future<Status.Code>> outcomes = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= 16; i++) {
        int buckets = i;
        Callable<Status.Code> attempt = () -> setReadsAt("orders", buckets, version);
        outcomes.add(callers.submit(attempt));
      }
    }
    List<Status.Code> codes = new ArrayList<>();
    for (Future<Status.Code> outcome : outcomes) {
      codes.add(outcome.get());
    }
    assertThat(codes).containsOnly(Status.Code.OK, Status.Code.ABORTED);
    assertThat(codes).filteredOn(code -> code == Status.Code.OK).hasSize(1);
    Migration after =
        service().get(GetRequest.newBuilder().setName("orders").build()).getMigration();
    assertThat(after.getVersion()).isEqualTo(version + 1);
  }

  @Test
  void aWatchTellsTheStateAndThenEveryChangeInOrder() {
    apply("orders");
    apply("people");
    Iterator<WatchEvent> all = service().watch(WatchRequest.getDefaultInstance());
    assertThat(all.next().getMigration().getName()).isEqualTo("orders");
    WatchEvent second = all.next();
    assertThat(second.getMigration().getName()).isEqualTo("people");
    assertThat(second.hasChange()).isFalse();
    long version = second.getVersion();

    stage("people", Stage.STAGE_DUAL_WRITE);
    reads("orders", 1_000);
    reads("orders", 2_000);
    WatchEvent first = all.next();
    assertThat(first.getVersion()).isEqualTo(version + 1);
    assertThat(first.getChange().getKind()).isEqualTo(ChangeKind.CHANGE_KIND_STAGE);
    assertThat(first.getMigration().getStage()).isEqualTo(Stage.STAGE_DUAL_WRITE);
    assertThat(all.next().getMigration().getReadBuckets()).isEqualTo(1_000);
    WatchEvent last = all.next();
    assertThat(last.getMigration().getReadBuckets()).isEqualTo(2_000);
    assertThat(last.getChange().getFrom().getReadBuckets()).isEqualTo(1_000);
    assertThat(last.getVersion()).isEqualTo(version + 3);
  }

  @Test
  void aWatchOfOneMigrationTellsOfNoOtherAndMayBeginBeforeIt() {
    Iterator<WatchEvent> watch = service().watch(WatchRequest.newBuilder().setName("late").build());
    apply("early");
    apply("late");
    WatchEvent created = watch.next();
    assertThat(created.getMigration().getName()).isEqualTo("late");
  }

  private MigrationResponse apply(String name) {
    return service()
        .apply(
            ApplyRequest.newBuilder()
                .setYaml(MigrationFiles.named(name))
                .setSource(name + ".yaml")
                .setNote(NOTE)
                .build());
  }

  private MigrationResponse stage(String name, Stage stage) {
    return service()
        .setStage(SetStageRequest.newBuilder().setName(name).setStage(stage).setNote(NOTE).build());
  }

  private MigrationResponse reads(String name, int buckets) {
    return service()
        .setReadPercent(
            SetReadPercentRequest.newBuilder()
                .setName(name)
                .setReadBuckets(buckets)
                .setNote(NOTE)
                .build());
  }

  private Status.Code setReadsAt(String name, int buckets, long version) {
    try {
      service()
          .setReadPercent(
              SetReadPercentRequest.newBuilder()
                  .setName(name)
                  .setReadBuckets(buckets)
                  .setExpectedVersion(version)
                  .build());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static void refused(Status.Code code, String part, Callable<?> call) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::call);
    assertThat(refusal).as("refusal with %s", part).isNotNull();
    assertThat(refusal.getStatus().getCode()).isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).contains(part);
  }
}
