package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys a statement leaves in the log: of each entity that it may have changed. */
class CaptureIT {
  private static final String YAML =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: depot}
      spec:
        engine: postgresql
        tables:
          - {old: parcels, new: boxes, columns: {region: {rename: area}}}
          - {old: labels, new: tags, columns: {word: {rename: text}}}
          - {old: "b%'ins", new: bins, columns: {"n%'o": {rename: number}}}
      """;

  private static EmbeddedServer server;
  private static List<SyncPlan> plans;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedServer.start();
    server.execute(
        "CREATE TABLE parcels (region int, id int, grams int NOT NULL, PRIMARY KEY (region, id))"
            + " PARTITION BY RANGE (region)",
        "CREATE TABLE parcels_1 PARTITION OF parcels FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE parcels_2 PARTITION OF parcels FOR VALUES FROM (10) TO (20)",
        "CREATE TABLE boxes (area int, id int, grams int NOT NULL, PRIMARY KEY (area, id))",
        "CREATE TABLE labels (word numeric PRIMARY KEY, n int)",
        "CREATE TABLE tags (text numeric PRIMARY KEY, n int)",
        "CREATE TABLE \"b%'ins\" (\"n%'o\" int PRIMARY KEY, n int)",
        "CREATE TABLE bins (number int PRIMARY KEY, n int)");
    Catalog catalog;
    try (Connection connection = server.connect("postgres")) {
      catalog = CatalogQueries.<SQLException>read(sql -> Shop.rows(connection, sql));
    }
    CompiledLens lens =
        LensCompiler.compile(MigrationFile.parse(YAML, "depot.yaml"), catalog, catalog);
    plans = SyncPlan.of(lens, Side.OLD, catalog);
    install();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void install() throws SQLException {
    capture().install(CaptureScript.install(plans, Side.OLD));
  }

  private static Capture capture() {
    return new Capture(
        new Endpoint(server.jdbcUrl("postgres", EmbeddedServer.SUPERUSER), new Properties()),
        Capture.Patience.USUAL);
  }

  private static String value(String sql) throws SQLException {
    try (Connection connection = server.connect("postgres")) {
      return String.valueOf(Shop.rows(connection, sql).getFirst().getFirst());
    }
  }

  /** Each key once, in order. */
  private static String logged(String... statements) throws SQLException {
    server.execute("DELETE FROM crossfade.mutation");
    server.execute(statements);
    return value("SELECT string_agg(DISTINCT key::text, ' ') FROM crossfade.mutation");
  }

  @ParameterizedTest
  @CsvSource({"parcels, parcels", "parcels_1, parcels_2"})
  void rowsOfPartitionsAreLoggedWhateverNameIsWritten(String low, String high) throws Exception {
    server.execute("DELETE FROM parcels");
    assertThat(logged("INSERT INTO " + low + " VALUES (1, 1, 5), (1, 2, 5)"))
        .isEqualTo("{1,1} {1,2}");
    assertThat(logged("UPDATE " + low + " SET grams = 6 WHERE id = 2")).isEqualTo("{1,2}");
    assertThat(logged("UPDATE " + low + " SET id = 3 WHERE id = 2")).isEqualTo("{1,2} {1,3}");
    assertThat(logged("UPDATE " + low + " SET id = id + 1")).isEqualTo("{1,1} {1,2} {1,3} {1,4}");
    assertThat(logged("UPDATE parcels SET region = 11 WHERE id = 4")).isEqualTo("{1,4} {11,4}");
    assertThat(logged("DELETE FROM " + high + " WHERE region = 11")).isEqualTo("{11,4}");
    assertThat(logged("UPDATE " + low + " SET grams = 7 WHERE id = 99")).isEqualTo("null");
  }

  @Test
  void aRowThatIsUpdatedIsLoggedOnce() throws Exception {
    server.execute(
        "TRUNCATE labels", "INSERT INTO labels SELECT i, i FROM generate_series(1, 9) i");
    logged("UPDATE labels SET n = n + 1");
    assertThat(value("SELECT count(*) FROM crossfade.mutation")).isEqualTo("9");
  }

  /** To numeric these are the same key; to whoever reads the log they are two texts. */
  @Test
  void aKeyThatChangesItsTextOnlyIsLoggedInBoth() throws Exception {
    server.execute("TRUNCATE labels", "INSERT INTO labels VALUES (1.0, 1)");
    assertThat(logged("UPDATE labels SET word = 1.00")).isEqualTo("{1.00} {1.0}");
  }

  @Test
  void namesWithSignsOfTheirOwnAreNames() throws Exception {
    assertThat(
            logged(
                "INSERT INTO \"b%'ins\" VALUES (1, 1)",
                "UPDATE \"b%'ins\" SET \"n%'o\" = 2", "DELETE FROM \"b%'ins\""))
        .isEqualTo("{1} {2}");
  }

  /** No word of the statement says that the key changes. */
  @Test
  void aKeyThatATriggerChangesIsLoggedInBoth() throws Exception {
    server.execute(
        "TRUNCATE labels",
        "INSERT INTO labels VALUES (1, 1)",
        "CREATE FUNCTION renumber() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN NEW.word := NEW.word + 10; RETURN NEW; END $$",
        "CREATE TRIGGER renumber BEFORE UPDATE ON labels FOR EACH ROW EXECUTE FUNCTION renumber()");
    try {
      assertThat(logged("UPDATE labels SET n = 2")).isEqualTo("{11} {1}");
      assertThat(logged("INSERT INTO labels VALUES (11, 1) ON CONFLICT (word) DO UPDATE SET n = 3"))
          .isEqualTo("{11} {21}");
      assertThat(
              logged(
                  "MERGE INTO labels AS l USING (VALUES (21), (5)) AS v (w) ON v.w = l.word"
                      + " WHEN MATCHED THEN UPDATE SET n = 4"
                      + " WHEN NOT MATCHED THEN INSERT VALUES (v.w, 0)"))
          .isEqualTo("{21} {31} {5}");
    } finally {
      server.execute("DROP FUNCTION renumber() CASCADE");
    }
  }

  @Test
  void allOfItCanBeTakenAwayAndMadeAgain() throws Exception {
    String here =
        "SELECT (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'crossfade\\_%' AND tgrelid <>"
            + " 'crossfade.fence'::regclass) + (SELECT count(*) FROM pg_class WHERE relname LIKE"
            + " 'seen\\_%') + (SELECT count(*) FROM pg_proc WHERE proname LIKE 'capture\\_%')";
    String before = value(here);
    capture().remove(CaptureScript.remove(plans));
    assertThat(value(here)).isEqualTo("0");
    assertThat(value(CaptureScript.install(plans, Side.OLD).check())).isNotEqualTo("0");
    install();
    assertThat(value(here)).isEqualTo(before);
    assertThat(value(CaptureScript.install(plans, Side.OLD).check())).isEqualTo("0");
  }
}
