package dev.crossfade.bench.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.differential.Corpus.Question;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every tenth SELECT of PostgreSQL's regression tests; the command asks all of them. */
class CorpusIT {
  private static final int ONE_OF = 10;
  private static final long SEED = 3;
  private static final PrintStream SILENT = new PrintStream(PrintStream.nullOutputStream());

  @SuppressWarnings("NullAway.Init")
  private static Site site;

  @BeforeAll
  static void start() throws SQLException {
    site = Site.start();
    CorpusSite.fill(site, SEED);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void selectsOfTheRegressionTestsGiveTheSameAnswersOnNew() throws IOException {
    List<Question> some =
        Corpus.questions().stream().filter(each -> each.number() % ONE_OF == 1).toList();
    CorpusTally tally = new CorpusRun(some, SILENT).run(site, Corpus.lens());
    String report = new CorpusReport(tally, List.of("in a test")).markdown();
    assertThat(tally.wrongAnswers()).as(report).isEmpty();
    assertThat(tally.asked()).isGreaterThan(180);
    assertThat(tally.statements()).as(report).isGreaterThan(tally.asked() * 9 / 10);
    assertThat(tally.meetsBar()).as(report).isTrue();
  }

  @Test
  void aLensThatSwapsTwoColumnsIsFound() throws IOException {
    LensFile lens = Corpus.lens();
    String faulty =
        lens.yaml()
            .replace(
                "n.pair[1] AS q1, n.pair[2] AS q2 FROM", "n.pair[2] AS q1, n.pair[1] AS q2 FROM");
    assertThat(faulty).isNotEqualTo(lens.yaml());
    LensFile swapped = new LensFile(lens.name(), faulty, lens.up(), lens.down());
    List<Question> some =
        Corpus.questions().stream().filter(each -> each.file().equals("int8.sql")).toList();
    CorpusTally tally = new CorpusRun(some, SILENT).run(site, swapped);
    assertThat(tally.wrongAnswers()).hasSizeGreaterThan(some.size() / 2);
    assertThat(tally.meetsBar()).isFalse();
    assertThat(new CorpusReport(tally, List.of("in a test")).markdown())
        .contains("**Failed.**", "int8.sql");
  }
}
