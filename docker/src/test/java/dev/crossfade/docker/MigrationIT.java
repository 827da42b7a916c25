package dev.crossfade.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example's migration, from the first apply to a rollback, with containers alone: every step is
 * {@code ctl} in its own, and the service's client comes from outside.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MigrationIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String FILE = "split-customers.yaml";
  private static final String SIDES =
      " --old postgresql://crossfade@db-old/shop --new postgresql://crossfade@db-new/shop";
  private static final int CUSTOMERS = 10_000;

  @TempDir static Path folder = Path.of("");

  private static Site site = new Site(Path.of(""));

  @BeforeAll
  static void start() throws IOException {
    Images.needEngine();
    site = new Site(folder.resolve("sidecar-token"));
    site.start();
  }

  @AfterAll
  static void end() {
    site.close();
  }

  @Test
  @Order(1)
  void beforeAnyMigrationTheSidecarPassesEverythingThrough() throws SQLException {
    try (Connection client = site.client()) {
      assertThat(number(client, "SELECT count(*) FROM customers")).isEqualTo(CUSTOMERS);
      assertThat(email(client, 7)).isEqualTo("c7@example.org");
    }
    assertThat(site.ctl("sidecars").output()).contains("shop");
  }

  @Test
  @Order(2)
  void whatIsThereIsCarriedOver() throws SQLException {
    site.ctl("apply -f " + FILE + SIDES);
    site.ctl("mirror install " + FILE + SIDES);
    site.ctl("stage split-customers DUAL_WRITE");
    assertThat(site.ctl("mirror backfill " + FILE + SIDES).output()).contains("10,000 entities");
    assertThat(site.ctl("mirror verify " + FILE + SIDES).output()).contains("0 entities");
    try (Connection target = site.atNew()) {
      assertThat(number(target, "SELECT count(*) FROM people")).isEqualTo(CUSTOMERS);
    }
  }

  @Test
  @Order(3)
  void whatTheServiceWritesArrivesOnNew() throws SQLException {
    try (Connection client = site.client();
        Statement statement = client.createStatement();
        Connection target = site.atNew()) {
      statement.execute("INSERT INTO customers VALUES (10001, 'Ada Lovelace', 'ada@example.org')");
      await()
          .atMost(BOUND)
          .until(
              () ->
                  number(target, "SELECT count(*) FROM people WHERE family_name = 'Lovelace'")
                      == 1);
    }
  }

  @Test
  @Order(4)
  void readsMoveToNewAndAnswerTheSame() throws SQLException, IOException, InterruptedException {
    site.ctl("stage split-customers SHADOW");
    site.ctl("stage split-customers RAMP");
    site.ctl("reads split-customers 100%");
    try (Connection client = site.client()) {
      await()
          .atMost(BOUND)
          .until(
              () -> {
                for (int id = 1; id <= 200; id++) {
                  assertThat(email(client, id))
                      .isEqualTo(id % 10 == 0 ? null : "c" + id + "@example.org");
                }
                return answeredByNew() > 200;
              });
      assertThat(email(client, 10_001)).isEqualTo("ada@example.org");
    }
  }

  @Test
  @Order(5)
  void oneCommandTakesThemBack() throws SQLException {
    site.ctl("rollback split-customers");
    try (Connection client = site.client()) {
      await()
          .atMost(BOUND)
          .until(
              () -> {
                double before = answeredByNew();
                assertThat(email(client, 7)).isEqualTo("c7@example.org");
                return answeredByNew() == before;
              });
    }
    assertThat(site.ctl("show split-customers").output()).contains("0% asked, 0% in force");
  }

  @Test
  @Order(6)
  void theirHealthChecksFindBothWell() {
    for (Hardened container : new Hardened[] {site.sidecar(), site.controlPlane()}) {
      await().atMost(BOUND).until(container::isHealthy);
    }
  }

  @Test
  @Order(7)
  void withoutNewAndWithoutTheControlPlaneTheServiceGoesOn() throws SQLException {
    site.controlPlane().stop();
    site.target().stop();
    try (Connection client = site.client()) {
      assertThat(email(client, 7)).isEqualTo("c7@example.org");
      assertThat(number(client, "SELECT count(*) FROM customers")).isEqualTo(CUSTOMERS + 1);
    }
  }

  @Test
  @Order(8)
  void askedToEndItEndsAsOneThatWasAsked() {
    String id = site.sidecar().getContainerId();
    Images.client().stopContainerCmd(id).withTimeout(30).exec();
    assertThat(Images.client().inspectContainerCmd(id).exec().getState().getExitCodeLong())
        .isZero();
  }

  private static double answeredByNew() throws IOException, InterruptedException {
    Hardened sidecar = site.sidecar();
    URI metrics =
        URI.create(
            "http://%s:%d/metrics"
                .formatted(sidecar.getHost(), sidecar.getMappedPort(Site.ADMIN_PORT)));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(metrics).timeout(BOUND).build();
      return http.send(request, HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("crossfade_migration_answers_total{"))
          .filter(line -> line.contains("side=\"new\""))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  private static String email(Connection client, int id) throws SQLException {
    try (PreparedStatement query =
        client.prepareStatement("SELECT email FROM customers WHERE id = ?")) {
      query.setLong(1, id);
      try (ResultSet rows = query.executeQuery()) {
        assertThat(rows.next()).isTrue();
        return rows.getString(1);
      }
    }
  }

  private static long number(Connection client, String query) throws SQLException {
    try (Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }
}
