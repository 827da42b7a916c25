package dev.crossfade.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LensLawIT {
  private static final DataSet DATA = new DataSet(3, 5_000, 5_000);
  private static final LensFile LENS = LensFile.splitCustomers();

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  private static int databases;

  private String old = "";
  private String target = "";

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createDatabases() throws SQLException {
    old = "old" + ++databases;
    target = "new" + databases;
    server.createDatabase(old);
    server.createDatabase(target);
  }

  @Test
  void theDemosLensLosesNothingOfTheOddestRows() throws SQLException {
    List<LensLaw.Finding> findings = check(LENS);
    assertThat(findings)
        .hasSize(7)
        .allMatch(LensLaw.Finding::holds)
        .allMatch(finding -> finding.rows() > 4_000);
  }

  @Test
  void aDivisionCannotTakeTheLargestAmountThereAndBack() {
    LensFile dividing =
        LensFile.parse(LENS.yaml().replace("balance_cents * 0.01", "balance_cents / 100.0"));
    assertThatThrownBy(() -> check(dividing)).hasMessageContaining("bigint out of range");
  }

  @Test
  void aRoundingIsFound() throws SQLException {
    LensFile rounding =
        LensFile.parse(
            LENS.yaml().replace("balance_cents * 0.01", "trunc(balance_cents * 0.01, 1)"));
    assertThat(check(rounding))
        .filteredOn(finding -> !finding.holds())
        .extracting(LensLaw.Finding::law)
        .contains(
            "down(up(old)) = old for customers", "down(new) = old, byte by byte, for customers");
  }

  @Test
  void aSplitThatDropsTheRestOfANameIsFound() throws SQLException {
    LensFile lossy =
        LensFile.parse(
            LENS.yaml()
                .replace(
                    "substr(full_name, strpos(full_name, ' ') + 1)",
                    "split_part(full_name, ' ', 2)"));
    assertThat(check(lossy))
        .anyMatch(
            finding ->
                finding.law().equals("down(up(old)) = old for customers") && !finding.holds());
  }

  @Test
  void aRowThatChangedOnNewAloneIsFound() throws SQLException {
    try (Connection source = server.connect(old);
        Connection sink = server.connect(target);
        Statement statement = sink.createStatement()) {
      OldSchema.load(source, DATA);
      NewSchema.fill(sink, source, LENS);
      statement.execute("UPDATE purchases SET amount_cents = amount_cents + 1 WHERE id = 4711");
      assertThat(LensLaw.check(LENS, source, sink))
          .filteredOn(finding -> !finding.holds())
          .containsExactly(
              new LensLaw.Finding("down(new) = old, byte by byte, for orders", 5_000, 1));
    }
  }

  private List<LensLaw.Finding> check(LensFile lens) throws SQLException {
    try (Connection source = server.connect(old);
        Connection sink = server.connect(target)) {
      OldSchema.load(source, DATA);
      NewSchema.fill(sink, source, lens);
      return LensLaw.check(lens, source, sink);
    }
  }
}
