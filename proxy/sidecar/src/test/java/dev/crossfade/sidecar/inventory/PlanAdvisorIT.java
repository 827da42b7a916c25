package dev.crossfade.sidecar.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.catalog.CatalogReader;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.ValidatedPlans;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanAdvisorIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String LENS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split}
      spec:
        engine: postgresql
        old:
          customers:
            entity: [id]
            down: SELECT p.id, p.name AS full_name, p.born, c."E-Mail" AS email FROM people p LEFT JOIN contacts c ON c.person_id = p.id
        new:
          people: {entity: [id], up: "SELECT id, full_name AS name, born FROM customers"}
          contacts: {entity: [person_id], up: 'SELECT id AS person_id, email AS "E-Mail" FROM customers'}
      """;

  private static EmbeddedServer server;
  private static EventLoops loops;
  private static Endpoint endpoint;

  private MetadataConnection old;
  private MetadataConnection target;
  private PlanAdvisor advisor;
  private PlanMaker plans;
  private long now;

  @BeforeAll
  static void startServer() throws SQLException {
    server = EmbeddedServer.builder().role("sidecar", "secret").start();
    server.createDatabase("old");
    server.createDatabase("new");
    server.executeIn(
        "old",
        "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text, born date, email text)",
        "INSERT INTO customers SELECT i, 'name ' || i, date '1950-01-01' + i % 20000, 'c' || i"
            + " FROM generate_series(1, 30000) i",
        "CREATE INDEX ON customers (email)",
        "CREATE INDEX ON customers (full_name, born)",
        "VACUUM ANALYZE customers",
        "GRANT SELECT ON customers TO sidecar");
    server.executeIn(
        "new",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text, born date)",
        "CREATE TABLE contacts (person_id bigint PRIMARY KEY, \"E-Mail\" text)",
        "INSERT INTO people SELECT i, 'name ' || i, date '1950-01-01' + i % 20000 FROM"
            + " generate_series(1, 30000) i",
        "INSERT INTO contacts SELECT i, 'c' || i FROM generate_series(1, 30000) i",
        "VACUUM ANALYZE people",
        "VACUUM ANALYZE contacts",
        "GRANT SELECT ON people, contacts TO sidecar");
    loops = EventLoops.open(1);
    endpoint = new Endpoint(server.host(), server.port());
    assertThat(endpoint.refresh()).isTrue();
  }

  @AfterAll
  static void stopServer() {
    loops.close();
    server.close();
  }

  private static MetadataConnection connection(String database) {
    return new MetadataConnection(
        new Connector(loops, TIMEOUT),
        loops.group().next(),
        Thread::startVirtualThread,
        new MetadataConnection.Target(endpoint, database, new Credentials("sidecar", "secret")),
        TIMEOUT);
  }

  @BeforeEach
  void start() throws Exception {
    old = connection("old");
    target = connection("new");
    Catalog catalog = CatalogReader.read(old);
    CompiledLens lens =
        LensCompiler.compile(
            MigrationFile.parse(LENS, "test"), catalog, CatalogReader.read(target));
    advisor = new PlanAdvisor(connection("old"), connection("new"), () -> now);
    plans =
        advisor.watching(
            new ValidatedPlans(
                new StatementAnalyzer(List.of(lens), catalog), old, target, TypeMapping.NONE));
  }

  @AfterEach
  void stop() {
    advisor.close();
    old.close();
    target.close();
  }

  private List<SequentialScan> explain(String sql, int... types) {
    assertThat(plans.make(sql, types)).isInstanceOf(PlanState.Ready.class);
    advisor.explainNext();
    return scans(sql);
  }

  private List<SequentialScan> scans(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return advisor.scans(Fingerprint.of(text, new Lexer().lex(text, text.length)));
  }

  @Test
  void theIndexThatNewLacksIsNamed() {
    List<SequentialScan> scans = explain("SELECT id FROM customers WHERE email = $1");
    assertThat(scans).hasSize(1);
    assertThat(scans.getFirst().getTable()).isEqualTo("public.contacts");
    assertThat(scans.getFirst().getColumnsList()).containsExactly("E-Mail");
    assertThat(scans.getFirst().getSizeBytes()).isGreaterThan(PlanAdvisor.LARGE_BYTES);
    assertThat(scans.getFirst().getProposal())
        .isEqualTo("CREATE INDEX CONCURRENTLY ON public.contacts (\"E-Mail\")");
  }

  @Test
  void anIndexOverTwoColumnsBeginsWithTheOneThatIsComparedByEquality() {
    List<SequentialScan> scans =
        explain(
            "SELECT id FROM customers WHERE born > date '1970-01-01' AND full_name = 'name 17'");
    assertThat(scans.getFirst().getProposal())
        .isEqualTo("CREATE INDEX CONCURRENTLY ON public.people (name, born)");
    assertThat(scans.toString()).doesNotContain("name 17").doesNotContain("1970");
  }

  @Test
  void aReadByKeyAndOneThatReadsAllOnOldTooLackNothing() {
    assertThat(explain("SELECT full_name FROM customers WHERE id = $1")).isEmpty();
    assertThat(explain("SELECT count(*) FROM customers WHERE full_name LIKE '%9'")).isEmpty();
    assertThat(explain("SELECT 1 FROM customers WHERE id = 4 AND born IS NULL")).isEmpty();
  }

  @Test
  void whatWasFoundGoesAwayWithItsCause() throws Exception {
    String sql = "SELECT born FROM customers WHERE full_name = 'x'";
    assertThat(explain(sql)).hasSize(1);
    server.executeIn("new", "CREATE INDEX people_name ON people (name)", "ANALYZE people");
    try {
      advisor.explainNext();
      assertThat(scans(sql)).as("asked again too early").hasSize(1);
      now += PlanAdvisor.AGAIN_AFTER.toNanos() + 1;
      advisor.explainNext();
      assertThat(scans(sql)).isEmpty();
    } finally {
      server.executeIn("new", "DROP INDEX people_name");
    }
  }

  @Test
  void waitingPlansAreBoundedAndAskedOneByOne() {
    for (int i = 0; i < PlanAdvisor.WAITING_MAX + 5; i++) {
      plans.make("SELECT id AS c" + i + " FROM customers WHERE email = $1", new int[0]);
    }
    String first = "SELECT id AS c0 FROM customers WHERE email = $1";
    assertThat(scans(first)).isEmpty();
    advisor.explainNext();
    assertThat(scans(first)).hasSize(1);
    assertThat(scans("SELECT id AS c1 FROM customers WHERE email = $1")).isEmpty();
    for (int i = 1; i < PlanAdvisor.WAITING_MAX + 5; i++) {
      advisor.explainNext();
    }
    assertThat(scans("SELECT id AS c1 FROM customers WHERE email = $1")).hasSize(1);
    String beyond = "SELECT id AS c" + PlanAdvisor.WAITING_MAX + " FROM customers WHERE email = $1";
    assertThat(scans(beyond)).isEmpty();
    assertThat(scans("SELECT id AS c" + PlanAdvisor.FOUND_MAX + " FROM customers WHERE email = $1"))
        .as("findings are bounded, too")
        .isEmpty();
  }

  @Test
  void otherLensesForgetWhatWasFound() {
    String sql = "SELECT id FROM customers WHERE email = $1";
    assertThat(explain(sql)).hasSize(1);
    advisor.watching(plans);
    assertThat(scans(sql)).isEmpty();
  }
}
