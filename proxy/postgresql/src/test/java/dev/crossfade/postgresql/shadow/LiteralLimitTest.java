package dev.crossfade.postgresql.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralLimitTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT a FROM c                                | 0
          SELECT a FROM c LIMIT 10                       | 10
          SELECT a FROM c ORDER BY a limit 10 offset 5 ; | 10
          SELECT a FROM c OFFSET 5 LIMIT 7               | 7
          SELECT a FROM c LIMIT 5 + 5                    | 0
          SELECT a FROM c LIMIT $1                       | 0
          SELECT a FROM c LIMIT ALL                      | 0
          SELECT a FROM c LIMIT 99999999                 | 0
          SELECT a FROM (SELECT a FROM c LIMIT 5) x      | 0
          """)
  void theNumberBehindTheOutermostLimitIsFound(String sql, long rows) {
    LiteralLimit limit = LiteralLimit.of(sql.getBytes(StandardCharsets.UTF_8));
    assertThat(limit.rows()).isEqualTo(rows);
    assertThat(limit.isAbove(9)).isEqualTo(rows == 10);
    assertThat(limit.isAbove(10)).isFalse();
  }
}
