package dev.crossfade.bench.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A few hundred random writes; the command runs thousands. */
class WritesIT {
  private static final int STATEMENTS = 400;
  private static final int SESSIONS = 4;
  private static final long SEED = 3;
  private static final PrintStream SILENT = new PrintStream(PrintStream.nullOutputStream());

  @Test
  void writesOfSeveralSessionsDoOnNewWhatTheOriginalsDoOnOld() throws SQLException, IOException {
    Tally tally = new WritesRun(STATEMENTS, SEED, SESSIONS, SILENT).run();
    String report = new WritesReport(tally, SEED, List.of("in a test")).markdown();
    assertThat(tally.wrong()).as(report).isEmpty();
    assertThat(tally.differences()).as(report).isEmpty();
    Tally.Counts total = tally.total();
    assertThat(total.statements).as(report).isEqualTo(STATEMENTS);
    assertThat(tally.acceptedShare()).as(report).isGreaterThanOrEqualTo(Bar.LEAST_ACCEPTED);
    assertThat(total.withRows).as("writes of no row prove little").isGreaterThan(STATEMENTS / 3);
    assertThat(total.unplaced).as(report).isLessThan(STATEMENTS / 5);
    assertThat(tally.failures()).as(report).hasSizeGreaterThan(5);
    assertThat(tally.forms()).as(report).hasSize(Form.values().length);
  }

  @Test
  void aLensThatLosesALetterIsNoticedAtOnce() throws SQLException, IOException {
    try (World world =
            World.start(1, yaml -> yaml.replace("in full_name) + 1)", "in full_name) + 2)"));
        Lockstep lockstep = new Lockstep(world)) {
      Draft harmless = new Draft(Form.UPDATE_BY_KEY, "UPDATE articles SET title = '' WHERE id = 0");
      Lockstep.Result result = lockstep.last(List.of(harmless));
      assertThat(result == null ? "" : result.difference()).contains("down(new) = old", "Ann1");
    }
  }

  @Test
  void aWrongAnswerIsNoticed() {
    Outcome.Done one = new Outcome.Done("UPDATE 1", List.of(), Map.of());
    Outcome.Done two = new Outcome.Done("UPDATE 2", List.of(), Map.of());
    Outcome failed = new Outcome.Failed("23505", "one way to say it");
    assertThat(Lockstep.difference(one, two)).contains("UPDATE 1", "UPDATE 2");
    assertThat(Lockstep.difference(failed, new Outcome.Failed("23505", "another"))).isNull();
    assertThat(Lockstep.difference(failed, new Outcome.Failed("23503", ""))).contains("23503");
    assertThat(Lockstep.difference(one, failed)).contains("23505");
  }
}
