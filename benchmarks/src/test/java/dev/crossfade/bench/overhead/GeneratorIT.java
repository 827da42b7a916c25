package dev.crossfade.bench.overhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.bench.overhead.Generator.Workload;
import dev.crossfade.bench.overhead.PointRead.Mode;
import dev.crossfade.bench.overhead.WireConnection.Endpoint;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorIT {
  private static final PointRead READ =
      new PointRead("point", "SELECT k, 'row ' || k FROM keys WHERE k = %s", 1000);
  private static final Duration SHORT = Duration.ofMillis(200);

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedServer.start();
    server.execute("CREATE TABLE keys AS SELECT k::bigint FROM generate_series(1, 1000) AS k");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyModeGetsOneRowPerQuestion(Mode mode) throws IOException {
    Generator.Result result =
        Generator.run(endpoint("postgres"), new Workload(READ, mode, 2), SHORT);
    assertThat(result.latencies().getTotalCount()).isPositive();
    assertThat(result.perSecond()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void aQuestionWithoutAnAnswerFailsTheRound(Mode mode) {
    PointRead none = new PointRead("none", "SELECT k FROM keys WHERE k = %s + 1000", 1000);
    assertThatThrownBy(
            () -> Generator.run(endpoint("postgres"), new Workload(none, mode, 1), SHORT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("one row was expected, 0 came");
  }

  @Test
  void anErrorOfTheServerFailsTheRoundWithItsText() {
    PointRead broken = new PointRead("broken", "SELECT nothing FROM keys WHERE k = %s", 1000);
    assertThatThrownBy(
            () -> Generator.run(endpoint("postgres"), new Workload(broken, Mode.SIMPLE, 1), SHORT))
        .hasMessageContaining("column \"nothing\" does not exist");
    assertThatThrownBy(() -> WireConnection.open(endpoint("nowhere")))
        .hasMessageContaining("database \"nowhere\" does not exist");
  }

  private static Endpoint endpoint(String database) {
    return new Endpoint(server.host(), server.port(), EmbeddedServer.SUPERUSER, database);
  }
}
