package dev.crossfade.bench.lenses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.lenses.Inspection.By;
import dev.crossfade.inspect.database.QueryException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bar: of 100 faulty lenses at least 95 are caught, each with an example, and no right one. */
class FaultyLensesIT {
  /** How a mistake is marked that does no harm to any row of the data set. */
  private static final String HARMLESS = "which no row shows";

  @SuppressWarnings("NullAway.Init")
  private static LensesRun run;

  @BeforeAll
  static void start() throws SQLException, QueryException {
    run = LensesRun.start();
  }

  @AfterAll
  static void stop() {
    run.close();
  }

  @Test
  void thereAreOneHundredAndHardlyAnyIsHarmless() {
    List<LensCase> faulty = LensCase.faulty();
    assertThat(faulty).hasSize(100).extracting(LensCase::name).doesNotHaveDuplicates();
    assertThat(faulty).filteredOn(lens -> lens.name().endsWith(HARMLESS)).hasSizeLessThan(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"customers", "orders", "accounts"})
  void faultyLensesAreCaughtWithAnExample(String base) throws Exception {
    for (LensCase lens :
        LensCase.faulty().stream().filter(one -> one.base().equals(base)).toList()) {
      Inspection inspection = run.inspect(lens);
      assertThat(inspection.caught() == By.NOBODY)
          .as("%s: %s %s", lens.name(), inspection.code(), inspection.place())
          .isEqualTo(lens.name().endsWith(HARMLESS));
      if (inspection.caught() != By.NOBODY) {
        assertThat(inspection.place()).as(lens.name()).isNotEmpty();
        assertThat(inspection.example()).as(lens.name()).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"customers", "orders", "accounts"})
  void rightLensesAreNotSuspected(String base) throws Exception {
    List<LensCase> sound =
        LensCase.sound().stream().filter(one -> one.base().equals(base)).toList();
    assertThat(sound).isNotEmpty();
    for (LensCase lens : sound) {
      Inspection inspection = run.inspect(lens);
      assertThat(inspection.caught())
          .as("%s: %s %s", lens.name(), inspection.code(), inspection.place())
          .isEqualTo(By.NOBODY);
    }
  }
}
