package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.postgresql.inventory.QueryTally.Kind;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.PlanState.Consequence;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the counters of sidecars through a real control plane to the command line. */
class ReadinessIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String TRANSLATED = "select email from customers where id = 1";
  private static final String SYSTEM = "select ctid from customers where id = 1";

  private static final String MOVABLE = "update customers set email = 'x'";
  private static final String UNWRITABLE = "delete from customers";

  private LiveControlPlane live;
  private ScriptedStatements first;
  private ScriptedStatements second;

  @BeforeEach
  void start() throws Exception {
    live = LiveControlPlane.start();
    live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
    first = sidecar("pod-1");
    second = sidecar("pod-2");
  }

  private ScriptedStatements sidecar(String instance) throws Exception {
    ScriptedStatements sidecar =
        new ScriptedStatements(live.port(), LiveControlPlane.directory(), instance);
    sidecar.plan(TRANSLATED, ready());
    sidecar.plan(SYSTEM, ScriptedStatements.refused("SYSTEM_COLUMN", 1, "ctid"));
    sidecar.plan(MOVABLE, new PlanState.Movable(RouteReason.NOT_A_READ, Consequence.NONE));
    sidecar.plan(
        UNWRITABLE, ScriptedStatements.refused("NOT_WRITABLE", 1, "customers has no primary key"));
    return sidecar;
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    live.close();
  }

  private static PlanState.Ready ready() throws InvalidFileException {
    TableShape old = table("customers", "full_name");
    TableShape fresh = table("people", "name");
    Catalog oldCatalog = new Catalog(Map.of(old.name(), old), Set.of());
    CompiledLens lens =
        LensCompiler.compile(
            MigrationFile.parse(LiveControlPlane.MIGRATION, "test"),
            oldCatalog,
            new Catalog(Map.of(fresh.name(), fresh), Set.of()));
    if (!(new StatementAnalyzer(List.of(lens), oldCatalog).analyze("select id from customers")
        instanceof StatementAnalysis.Translatable translatable)) {
      throw new AssertionError("not translatable");
    }
    byte[] noColumns = {'T', 0, 0, 0, 6, 0, 0};
    return new PlanState.Ready(
        new ReadPlan(
            translatable.migrations(),
            translatable.translation(),
            null,
            new ReadPlan.Description(
                new int[0],
                new byte[0],
                RowDescription.read(Unpooled.wrappedBuffer(noColumns), 0, noColumns.length))));
  }

  private static TableShape table(String name, String column) {
    return new TableShape(
        new TableName("public", name),
        List.of(new ColumnShape("id", "bigint", false), new ColumnShape(column, "text", true)),
        List.of("id"));
  }

  private Readiness readiness() throws Exception {
    Readiness.Builder readiness = Readiness.newBuilder();
    JsonFormat.parser().merge(live.ctl("readiness", "-o", "json").out(), readiness);
    return readiness.build();
  }

  private static void soon(ThrowingRunnable asserted) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(500)).untilAsserted(asserted);
  }

  @Test
  void whatSidecarsSawIsAddedUpAndSaysWhatBlocksWhichStage() throws Exception {
    assertThat(live.ctl("readiness").out()).contains("no statement on its tables was seen yet");
    first.run(Kind.READ, TRANSLATED, 30, 400);
    second.run(Kind.READ, TRANSLATED, 67, 400);
    first.run(Kind.READ, SYSTEM, 3, 2_000);
    second.run(Kind.WRITE, MOVABLE, 5, 90);
    second.run(Kind.WRITE, UNWRITABLE, 2, 90);
    first.runUnmapped(11);
    soon(
        () -> {
          Readiness now = readiness();
          assertThat(now.getReads().getExecutions()).isEqualTo(100);
          assertThat(now.getReads().getTranslatedExecutions()).isEqualTo(97);
          assertThat(now.getWrites().getExecutions()).isEqualTo(7);
          assertThat(now.getUnlisted(0).getUnmapped()).isEqualTo(11);
        });
    Readiness now = readiness();
    assertThat(now.getStage()).isEqualTo(Stage.STAGE_OFF);
    assertThat(now.getStagesList().stream().map(stage -> stage.getBlocking()).toList())
        .containsExactly(1, 1, 2);
    Query blocking = now.getQueries(0);
    assertThat(blocking.getText()).isEqualTo("select ctid from customers where id = ?4");
    assertThat(blocking.getBlocksList())
        .containsExactly(Stage.STAGE_SHADOW, Stage.STAGE_RAMP, Stage.STAGE_LIVE);
    assertThat(blocking.getOnOld().getP50Micros()).isBetween(2_000L, 2_500L);
    assertThat(blocking.hasOnNew()).isFalse();

    String text = live.ctl("readiness").out();
    assertThat(text)
        .contains("migration 'split-customers' is in OFF")
        .containsPattern("reads +2 +1 \\(50.0%\\) +100 +97 \\(97.0%\\)")
        .containsPattern("writes +2 +1 \\(50.0%\\) +7 +5 \\(71.4%\\)")
        .containsPattern("SHADOW +1 statement\n")
        .containsPattern("LIVE +2 statements\n")
        .contains(
            "SYSTEM_COLUMN (ctid): new's rows have other system columns; blocks SHADOW, RAMP, LIVE")
        .containsPattern("shop, read, 3 times, last .*, old p50 2.\\d+ ms p99 2.\\d+ ms\n")
        .contains("  select ctid from customers where id = ?4\n         ^\n")
        .contains(
            "NOT_WRITABLE (customers has no primary key): the lens does not say what it is on new;"
                + " blocks LIVE")
        .doesNotContain("update customers")
        .contains("an index is missing on new")
        .contains("reads all of public.people (12 MiB) on new for a condition on email")
        .contains("CREATE INDEX CONCURRENTLY ON public.people (email)")
        .contains("shop: 11 batches named no mapped table");
    assertThat(text.indexOf("SYSTEM_COLUMN")).isLessThan(text.indexOf("NOT_WRITABLE"));
  }

  @Test
  void aStatusFollowsThePlanAndOtherServicesAreLeftOut() throws Exception {
    first.run(Kind.READ, "select id from customers", 1, 100);
    soon(
        () -> {
          assertThat(readiness().getStages(0).getPending()).isEqualTo(1);
          assertThat(live.ctl("readiness").out()).contains("its plan is being made");
        });
    first.plan("select id from customers", ready());
    first.run(Kind.READ, "select id from customers", 1, 100);
    soon(
        () -> {
          assertThat(readiness().getStages(0).getBlocking()).isZero();
          assertThat(readiness().getQueries(0).getExecutions()).isEqualTo(2);
        });
    assertThat(live.ctl("readiness").out()).contains("nothing that was seen");
    assertThat(live.ctl("readiness", "--service", "billing").out())
        .contains("no statement on its tables was seen yet");
  }

  @Test
  void aRestartOfTheControlPlaneLosesNoCount() throws Exception {
    first.run(Kind.READ, SYSTEM, 2, 100);
    soon(() -> assertThat(readiness().getReads().getExecutions()).isEqualTo(2));
    live.stop();
    first.run(Kind.READ, SYSTEM, 5, 100);
    live.startAgain();
    soon(() -> assertThat(readiness().getReads().getExecutions()).isEqualTo(7));
  }

  @Test
  void mistakesAreToldInOneLine() {
    assertThat(live.ctl("readiness", "nobody").err())
        .isEqualTo("ctl: there is no migration 'nobody'");
    assertThat(live.ctl("readiness", "--limit", "5000").err())
        .isEqualTo("ctl: limit is 5000: give 0 to 1000");
  }

  @Test
  void detailsWithLiteralsDoNotArrive() {
    first.plan(
        "select 'Secret77' from customers",
        new PlanState.Refused(
            RouteReason.NOT_TRANSLATABLE,
            PlanState.Consequence.NONE,
            "SERVER_REFUSED",
            -1,
            "invalid input: \"Secret77\" (SQLSTATE 22P02)"));
    first.run(Kind.READ, "select 'Secret77' from customers", 1, 100);
    soon(
        () ->
            assertThat(live.ctl("readiness").out())
                .contains("SERVER_REFUSED (SQLSTATE 22P02)")
                .contains("select ?s from customers")
                .doesNotContain("Secret77"));
  }
}
