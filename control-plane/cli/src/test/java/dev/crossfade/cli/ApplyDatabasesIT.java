package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.CatalogEvidence;
import dev.crossfade.api.v1.LensFinding;
import dev.crossfade.api.v1.LensReport;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ctl apply --old --new}: both catalogs are compared before anything is registered. */
class ApplyDatabasesIT {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  private LiveControlPlane live;

  @BeforeAll
  static void startServer() throws SQLException {
    server = EmbeddedServer.builder().role("keeper", "s3cret").start();
    for (String database : new String[] {"shop", "fits", "unfit"}) {
      server.createDatabase(database);
    }
    server.executeIn(
        "shop",
        "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text NOT NULL)",
        "GRANT SELECT ON customers TO keeper");
    server.executeIn(
        "fits",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text)",
        "GRANT SELECT ON people TO keeper");
    server.executeIn(
        "unfit", "CREATE TABLE people (id bigint PRIMARY KEY, name text, since date NOT NULL)");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    live = LiveControlPlane.start();
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private static String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database;
  }

  private Outcome apply(String target, String... more) throws Exception {
    String[] arguments = {
      "apply",
      "-f",
      live.file(LiveControlPlane.MIGRATION).toString(),
      "--old",
      url("shop"),
      "--new",
      url(target)
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return live.ctl(all);
  }

  @Test
  void whatFitsIsRegisteredWithWhatWasCompared() throws Exception {
    Outcome applied = apply("fits");
    assertThat(applied.err()).isEmpty();
    assertThat(applied.exitCode()).isZero();
    assertThat(applied.out())
        .startsWith("migration 'split-customers' is in the catalog, in stage OFF\ncatalogs: ")
        .containsPattern(
            "compared .* by ada, 127.0.0.1:\\d+/shop with 127.0.0.1:\\d+/fits: nothing blocks, 1"
                + " warning$");
    assertThat(live.ctl("show").out())
        .containsPattern("\ncatalogs +compared .* by ada, 127.0.0.1:\\d+/shop with ");
    Outcome again = apply("fits", "-o", "json");
    MigrationResponse.Builder response = MigrationResponse.newBuilder();
    JsonFormat.parser().merge(again.out(), response);
    assertThat(response.getChanged()).as("the same evidence").isFalse();
    CatalogEvidence evidence = response.getMigration().getCatalogCheck().getEvidence();
    assertThat(evidence.getFingerprint()).matches("[0-9a-f]{64}");
    server.executeIn("shop", "ALTER TABLE customers ADD CHECK (id > 0)");
    try {
      JsonFormat.parser().merge(apply("fits", "-o", "json").out(), response.clear());
      assertThat(response.getChanged()).as("a table has changed").isTrue();
      assertThat(response.getMigration().getCatalogCheck().getEvidence().getFingerprint())
          .isNotEqualTo(evidence.getFingerprint());
    } finally {
      server.executeIn("shop", "ALTER TABLE customers DROP CONSTRAINT customers_id_check");
    }
  }

  @Test
  void whatBlocksAStageIsShownAndNothingIsRegistered() throws Exception {
    Outcome refused = apply("unfit");
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.out())
        .contains("blocking  COLUMN_NOT_GIVEN  new public.people.since  (from DUAL_WRITE)")
        .contains("blocking  GRANT_MISSING");
    assertThat(refused.err())
        .isEqualTo("ctl: not applied: what blocks a stage has to be put right first");
    LensReport.Builder report = LensReport.newBuilder();
    JsonFormat.parser().merge(apply("unfit", "-o", "json").out(), report);
    assertThat(report.getFindingsList())
        .extracting(LensFinding::getCode)
        .contains("COLUMN_NOT_GIVEN", "GRANT_MISSING");
    assertThat(live.ctl("list").out()).startsWith("no migrations yet");
  }

  @Test
  void withoutDatabasesItIsSaidThatNothingWasCompared() throws Exception {
    String file = live.file(LiveControlPlane.MIGRATION).toString();
    assertThat(live.ctl("apply", "-f", file).out())
        .endsWith("\ncatalogs: not compared; --old and --new do it");
    assertThat(live.ctl("show").out()).containsPattern("\ncatalogs +not compared\n");
    Outcome noted = apply("fits");
    assertThat(noted.out())
        .contains("already has this file; that its databases' catalogs were compared is noted");
    assertThat(live.ctl("show").out()).containsPattern("checked +OFF 0% +OFF 0%");
    assertThat(live.ctl("apply", "-f", file).out()).contains("catalogs: compared ");
  }

  @Test
  void oneDatabaseIsNotEnoughAndOneThatIsAwayIsTold() throws Exception {
    String file = live.file(LiveControlPlane.MIGRATION).toString();
    assertThat(live.ctl("apply", "-f", file, "--old", url("shop")).exitCode()).isEqualTo(2);
    Outcome away = live.ctl("apply", "-f", file, "--old", url("shop"), "--new", url("nowhere"));
    assertThat(away.exitCode()).isEqualTo(3);
    assertThat(away.err()).startsWith("ctl: a database does not answer: ");
    Outcome wrong =
        live.ctl(
            "apply",
            "-f",
            live.file(LiveControlPlane.MIGRATION.replace("name AS full", "nme AS full")).toString(),
            "--old",
            url("shop"),
            "--new",
            url("fits"));
    assertThat(wrong.exitCode()).as(wrong.toString()).isNotZero();
    assertThat(wrong.out() + wrong.err()).contains("nme");
    assertThat(live.ctl("list").out()).startsWith("no migrations yet");
  }
}
