package dev.crossfade.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.Evidence;
import dev.crossfade.api.v1.MeasuredWay;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.VerdictReason.Kind;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.rollout.workload.Call;
import dev.crossfade.bench.rollout.workload.InventoryWorkload;
import dev.crossfade.bench.rollout.workload.PgbenchScript;
import dev.crossfade.bench.rollout.workload.Workload;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import picocli.CommandLine;

/** The benchmark before a rollout on the demo's data, with an index missing on new and without. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolloutRunIT {
  private static final int CUSTOMERS = 20_000;
  private static final int ORDERS = 60_000;
  private static final Settings SETTINGS =
      new Settings(25, 4, Duration.ofSeconds(1), 3, List.of(), 0, 1, Terms.USUAL);

  private static final String SCRIPT =
      """
      \\set id random(1, :customers)
      SELECT full_name, email FROM customers WHERE id = :id;
      SELECT status, total_cents FROM orders WHERE customer_id = :id ORDER BY id LIMIT 10;
      """;

  @SuppressWarnings("NullAway.Init")
  private static DemoScene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = DemoScene.start(CUSTOMERS, ORDERS, 1);
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  private static Workload script() throws Exception {
    return PgbenchScript.parse("demo.sql", DemoScene.script(), scene.variables(), false, 1);
  }

  private static BenchmarkVerdict verdict(Workload workload, Settings settings) throws Exception {
    Subject subject = scene.subject();
    try (RolloutRun run = new RolloutRun(subject, workload, settings, line -> {})) {
      Measurement measured = run.measure();
      BenchmarkVerdict verdict =
          VerdictMaker.make(subject, workload, settings, measured, List.of("in a test"));
      Map<String, Histogram> ways = new LinkedHashMap<>();
      for (String way : measured.ways().keySet()) {
        ways.put(way, measured.whole(way, workload.statements().size()).transactions());
      }
      RolloutReport report = new RolloutReport(verdict, ways);
      assertThat(report.html()).contains("<svg", "How far this can be trusted");
      assertThat(report.markdown()).contains("the generator's own part");
      return verdict;
    }
  }

  @Test
  @Order(1)
  void aMissingIndexIsNamedAsTheReasonForANoGo() throws Exception {
    scene.dropIndex();
    BenchmarkVerdict verdict = verdict(script(), SETTINGS);
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.NO_GO);
    // Whether anything is also seen to be slower depends on what else this machine does.
    assertThat(verdict.getReasonsList())
        .filteredOn(reason -> reason.getKind() == Kind.PLAN_WORSE)
        .as(verdict.toString())
        .hasSize(2)
        .allSatisfy(
            reason -> {
              assertThat(reason.getMessage())
                  .contains("new reads all of public.purchases", "orders_customer");
              assertThat(reason.getFingerprint()).contains("customer_id");
            });
    assertThat(verdict.getWaysList())
        .extracting(MeasuredWay::getName)
        .containsExactly("old", "old again", "sidecar 0%", "sidecar 100%");
    assertThat(verdict.getWaysList()).allMatch(way -> way.getErrors() == 0);
    assertThat(verdict.getError().getGeneratorP50Micros()).isPositive();
  }

  @Test
  @Order(2)
  void withTheIndexItIsAGoThatTheControlPlaneKeeps() throws Exception {
    // What is slower than it was depends on what else this machine does; plans do not.
    scene.mend();
    scene.site().admitReader("reader");
    try (CatalogScene catalog = CatalogScene.start(scene)) {
      Path folder = scene.site().scratch().directory().resolve("report");
      Path script = scene.site().scratch().write("service.sql", SCRIPT);
      int exit =
          new CommandLine(new RolloutCommand())
              .execute(
                  ("--migration split-customers --rate 25 --sessions 4 --seconds 1 --rounds 3"
                          + " --reads 50 --knee-steps 2 --headroom 0 --slower 50 --submit --reason"
                          + " tried --control-plane 127.0.0.1:"
                          + catalog.port()
                          + " --old "
                          + url(scene.site().old())
                          + " --new "
                          + url(scene.site().target())
                          + " -f "
                          + script
                          + " -D customers="
                          + CUSTOMERS
                          + " --out "
                          + folder)
                      .split(" "));
      BenchmarkVerdict.Builder written = BenchmarkVerdict.newBuilder();
      JsonFormat.parser().merge(Files.readString(folder.resolve("rollout.json")), written);
      BenchmarkVerdict verdict = written.build();
      assertThat(verdict.getReasonsList()).as(verdict.toString()).isEmpty();
      assertThat(exit).isZero();
      assertThat(verdict.getWorkload().getSource()).startsWith("pgbench, ");
      assertThat(verdict.getWorkload().getCoverage()).isEqualTo(1);
      assertThat(verdict.getKneesList()).hasSize(2).allMatch(knee -> knee.getStepsCount() > 0);
      assertThat(verdict.getStatementsList())
          .hasSize(2)
          .allMatch(statement -> statement.getRefusal().isEmpty())
          .allMatch(statement -> !statement.getNewPlan().isEmpty());
      assertThat(catalog.evidence())
          .singleElement()
          .matches(Evidence::getCurrent)
          .matches(evidence -> evidence.getOutcome() == Outcome.GO);
    }
  }

  private static String url(EmbeddedServer server) {
    return "postgresql://reader@" + server.host() + ":" + server.port() + "/" + Site.DATABASE;
  }

  @Test
  @Order(3)
  void theInventoryIsReplayedWithValuesThatAreThere() throws Exception {
    Readiness inventory =
        Readiness.newBuilder()
            .setMigration(scene.subject().migration())
            .addQueries(read("select full_name from customers where id = $1", 90))
            .addQueries(read("select id from customers where email = ?s limit ?4", 5))
            .addQueries(read("select count ( * ) from orders where id between $1 and $2", 3))
            .addQueries(read("select id from orders where customer_id = any ( $1 )", 1))
            .addQueries(read("select id from customers where odd ( $1 )", 1))
            .addQueries(
                read("update customers set email = ?s", 4).setKind(QueryKind.QUERY_KIND_WRITE))
            .build();
    try (Connection old = scene.site().connectToOld()) {
      InventoryWorkload workload = InventoryWorkload.of(inventory, old, 1);
      assertThat(workload.statements()).hasSize(4);
      assertThat(workload.coverage()).isEqualTo(0.99);
      assertThat(workload.remarks()).hasSize(2);
      int found = 0;
      try (Statement statement = old.createStatement()) {
        for (int number = 0; number < 200; number++) {
          Call call = workload.transaction(number).getFirst();
          try (ResultSet row = statement.executeQuery(call.inlined())) {
            found += row.next() ? 1 : 0;
          }
        }
      }
      assertThat(found).isGreaterThan(180);
    }
  }

  private static Query.Builder read(String text, long executions) {
    return Query.newBuilder()
        .setKind(QueryKind.QUERY_KIND_READ)
        .setText(text)
        .setExecutions(executions);
  }
}
