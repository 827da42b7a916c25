package dev.crossfade.bench.rollout.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecordingTest {
  private static final String LINES =
      """
      {"session": "a", "sql": "BEGIN"}
      {"session": "b", "sql": "SELECT $2, $1, $2", "params": ["x", null]}
      {"session": "a", "sql": "SELECT * FROM t WHERE id = 7"}
      {"session": "a", "sql": "COMMIT"}
      {"session": "b", "sql": "BEGIN"}
      {"session": "b", "sql": "UPDATE t SET a = 1"}
      {"session": "b", "sql": "COMMIT"}
      """;

  @Test
  void transactionsAreThoseOfTheSessions() throws Exception {
    Recording recording = Recording.parse("r.jsonl", LINES, false);
    assertThat(recording.transaction(0))
        .containsExactly(new Call(0, "SELECT ?, ?, ?", java.util.Arrays.asList(null, "x", null)));
    assertThat(recording.transaction(1))
        .extracting(Call::sql)
        .containsExactly("BEGIN", "SELECT * FROM t WHERE id = 7", "COMMIT");
    assertThat(recording.transaction(2)).isEqualTo(recording.transaction(0));
    assertThat(recording.coverage()).isEqualTo(2 / 3.0);
    assertThat(recording.remarks()).singleElement().asString().startsWith("1 recorded statements");
    assertThat(recording.writes()).isFalse();
  }

  @Test
  void writesAreReplayedWhenAskedFor() throws Exception {
    Recording recording = Recording.parse("r.jsonl", LINES, true);
    assertThat(recording.writes()).isTrue();
    assertThat(recording.coverage()).isEqualTo(1);
    assertThat(recording.transaction(2)).hasSize(3);
  }

  @Test
  void aLogOfPostgreSqlIsRead() throws Exception {
    String log =
        """
        2026-01-02 03:04:05.678 UTC,"app","shop",41,"[local]",s1.1,1,"SELECT",2026-01-02 03:04:05 UTC,3/4,0,LOG,00000,"duration: 0.210 ms  execute S_1: SELECT *
        FROM t WHERE a = $1 AND b = $2","Parameters: $1 = 'it''s', $2 = NULL",,,,,,,,"app","client backend",,0
        2026-01-02 03:04:05.679 UTC,"app","shop",41,"[local]",s1.1,2,"idle",2026-01-02 03:04:05 UTC,3/5,0,LOG,00000,"statement: SELECT ""A"" FROM t",,,,,,,,,"app","client backend",,0
        2026-01-02 03:04:05.680 UTC,,,1,,s0.1,3,,2026-01-02 03:04:05 UTC,,0,LOG,00000,"checkpoint starting: time",,,,,,,,,"","checkpointer",,0
        """;
    Recording recording = Recording.parse("pg.csv", log, false);
    assertThat(recording.transaction(0))
        .containsExactly(
            new Call(
                0,
                "SELECT *\nFROM t WHERE a = ? AND b = ?",
                java.util.Arrays.asList("it's", null)));
    assertThat(recording.transaction(1))
        .extracting(Call::sql)
        .containsExactly("SELECT \"A\" FROM t");
    assertThat(recording.statements()).hasSize(2);
  }

  @Test
  void whatIsNoRecordingIsToldWithItsPlace() {
    assertThatThrownBy(() -> Recording.parse("r.jsonl", LINES + "{\"session\": 1}\n", false))
        .isInstanceOf(WorkloadException.class)
        .hasMessageStartingWith("r.jsonl, line 8: is not such as");
    assertThatThrownBy(() -> Recording.parse("r.csv", "a,b\n", false))
        .hasMessageContaining("r.csv, record 1: is neither");
    assertThatThrownBy(() -> Recording.parse("r.jsonl", "{\"sql\": \"DELETE FROM t\"}", false))
        .hasMessageContaining("all of them may write");
  }
}
