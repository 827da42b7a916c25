package dev.crossfade.bench.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HistoryTest {
  @TempDir private Path folder;

  private void measured(double millis) throws IOException {
    Results.in(folder).figures("restart", Map.of("median ms", millis, "none", Double.NaN));
  }

  @Test
  void eachRunLeavesALineForEachFigure() throws IOException {
    measured(900);
    measured(1_100);
    List<Measured> all = History.of(folder).read();
    assertThat(all).extracting(Measured::figure).containsOnly("median ms");
    assertThat(all).extracting(Measured::value).containsExactly(900.0, 1_100.0);
    assertThat(all).extracting(Measured::machine).containsOnly(Machine.kind());
  }

  @Test
  void theTableSaysHowTheLastStandsToTheMedianBefore() throws IOException {
    for (double millis : new double[] {1_000, 800, 5_000, 500}) {
      measured(millis);
    }
    String table = new HistoryPage(History.of(folder).read()).table();
    assertThat(table).contains("| restart | median ms | 4 | 1.00e+03 | 500 | 0.500 |");
  }

  @Test
  void thePageHasAChartForEachFigureAndTakesNoWordForMarkup() throws IOException {
    Results.in(folder).figures("overhead", Map.of("p50 of <simple>", 5.0, "p99", 7.0));
    assertThat(new CommandLine(new HistoryCommand()).execute("--results", folder.toString()))
        .isZero();
    String page = Files.readString(folder.resolve("history.html"));
    assertThat(page.split("<svg", -1)).hasSize(3);
    assertThat(page).contains("p50 of &lt;simple&gt;: 5.00").doesNotContain("<simple>");
    String day = History.of(folder).read().getFirst().at().substring(0, 10);
    assertThat(page).contains(", " + day + "</figcaption>");
  }

  @Test
  void theOldestAreForgotten() throws IOException {
    Measured old = new Measured("2026-01-01T00:00:00Z", "", "", "a", "old", 1);
    History.of(folder).add(Collections.nCopies(History.LINES_MAX, old));
    measured(3);
    List<Measured> all = History.of(folder).read();
    assertThat(all).hasSize(History.LINES_MAX);
    assertThat(all.getLast().bench()).isEqualTo("restart");
  }

  @Test
  void aLineThatIsNoFigureIsSaidWithItsPlace() throws IOException {
    measured(900);
    Path file = folder.resolve("history.jsonl");
    String whole = Files.readString(file);
    for (String wrong : List.of("{\"bench\": \"x\"}", "no", "null", "{\"at\": \"today\"}")) {
      Files.writeString(file, whole + wrong + "\n");
      assertThatThrownBy(() -> History.of(folder).read())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("history.jsonl:2: ");
    }
  }

  @Test
  void withoutFiguresItSaysHowTheyAreMade() {
    assertThat(new CommandLine(new HistoryCommand()).execute("--results", folder.toString()))
        .isEqualTo(1);
    assertThat(folder.resolve("history.html")).doesNotExist();
  }
}
