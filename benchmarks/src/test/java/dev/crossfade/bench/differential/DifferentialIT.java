package dev.crossfade.bench.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.differential.Tally.WrongAnswer;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A few hundred random reads; the command asks thousands. */
class DifferentialIT {
  private static final int QUERIES = 200;
  private static final long SEED = 3;
  private static final LensFile LENS = LensFile.splitCustomers();
  private static final PrintStream SILENT = new PrintStream(PrintStream.nullOutputStream());

  @SuppressWarnings("NullAway.Init")
  private static Site site;

  @BeforeAll
  static void start() throws SQLException {
    site = Site.start();
    site.fill(DifferentialRun.data(SEED), LENS);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void translatedReadsGiveTheSameAnswersOnNew() throws IOException {
    Tally tally = new DifferentialRun(QUERIES, SEED, LENS, SILENT).run(site);
    String report = new DifferentialReport(tally, SEED, List.of("in a test")).markdown();
    assertThat(tally.wrongAnswers()).as(report).isEmpty();
    assertThat(tally.statements()).isEqualTo(QUERIES);
    assertThat(tally.acceptedShare()).as(report).isGreaterThanOrEqualTo(0.9);
    assertThat(tally.refusals().values())
        .as("every refusal has a reason")
        .noneMatch(reason -> reason.detail().isBlank());
    assertThat(tally.noQuestionShare()).as(report).isLessThan(0.1);
    assertThat(tally.empty()).as("reads without rows prove little").isLessThan(QUERIES / 2);
    assertThat(tally.constructs()).hasSizeGreaterThan(40);
  }

  @Test
  void aLensThatLosesABlankIsFoundAndShownByASmallStatement() throws IOException {
    String faulty =
        LENS.yaml().replace("coalesce(' ' || p.family_name, '')", "' ' || p.family_name");
    assertThat(faulty).isNotEqualTo(LENS.yaml());
    LensFile lens = new LensFile(LENS.name(), faulty, LENS.up(), LENS.down());
    Tally tally = new DifferentialRun(6, SEED, lens, SILENT).run(site);
    assertThat(tally.wrongAnswers())
        .isNotEmpty()
        .extracting(WrongAnswer::small)
        .anyMatch(small -> small.sql().length() < 160);
  }
}
