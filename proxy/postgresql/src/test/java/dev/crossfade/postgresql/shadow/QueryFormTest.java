package dev.crossfade.postgresql.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.AnswerComparison.Choice;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryFormTest {
  private static QueryForm form(String sql, String... columns) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return QueryForm.of(new Lexer().lex(text, text.length), List.of(columns));
  }

  private static List<Integer> order(String sql) {
    return form(sql, "id", "name", "at").order();
  }

  @Test
  void whatTheAnswerShowsOfTheOrderCounts() {
    assertThat(order("SELECT id, name, at FROM c ORDER BY id")).containsExactly(0);
    assertThat(order("SELECT id, name, at FROM c ORDER BY name DESC NULLS LAST, 1 ASC, \"at\""))
        .containsExactly(1, 0, 2);
    assertThat(order("SELECT * FROM c ORDER BY at, upper(name), id")).containsExactly(2);
    assertThat(order("SELECT * FROM c ORDER BY hidden, id")).isEmpty();
    assertThat(order("SELECT * FROM (SELECT * FROM c ORDER BY id) x")).isEmpty();
    assertThat(order("SELECT * FROM c ORDER BY 9")).isEmpty();
    assertThat(order("SELECT sum(x) OVER (ORDER BY name) AS id, name, at FROM c")).isEmpty();
    assertThat(order("SELECT id, name, at FROM a UNION SELECT id, name, at FROM c ORDER BY id"))
        .containsExactly(0);
    assertThat(order("SELECT * FROM c ORDER BY id LIMIT 5 OFFSET 3")).containsExactly(0);
  }

  /** The answer's column of that name may be another one. */
  @Test
  void aQualifiedNameCountsWhereThereIsOneTable() {
    assertThat(order("SELECT * FROM c x ORDER BY x.id")).containsExactly(0);
    assertThat(order("SELECT x.* FROM c x JOIN o y ON y.c = x.id ORDER BY y.id")).isEmpty();
    assertThat(order("SELECT x.* FROM c x, o y WHERE y.c = x.id ORDER BY y.id")).isEmpty();
    assertThat(order("SELECT a AS id, name, at FROM c x ORDER BY x.id")).isEmpty();
    assertThat(order("SELECT a AS id, name, at FROM c x ORDER BY id")).containsExactly(0);
    assertThat(form("SELECT id, id FROM c ORDER BY id", "id", "id").order()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT id FROM c WHERE id = 1                          | NONE         | false
          SELECT id FROM c LIMIT 1                               | AT_END       | false
          SELECT id FROM c ORDER BY id FETCH FIRST 3 ROWS ONLY   | AT_END       | false
          SELECT id FROM c ORDER BY id LIMIT 1 OFFSET 2          | AT_BOTH_ENDS | false
          SELECT id FROM c ORDER BY id OFFSET 2 LIMIT 1          | AT_BOTH_ENDS | false
          SELECT DISTINCT id FROM c                              | NONE         | false
          SELECT DISTINCT ON (a) id FROM c                       | AT_END       | true
          SELECT * FROM (SELECT id FROM c LIMIT 3) x             | AT_END       | true
          SELECT string_agg(id, ',') FROM c                      | NONE         | true
          SELECT row_number() OVER (ORDER BY a) FROM c           | NONE         | true
          SELECT count(*) FROM c                                 | NONE         | false
          """)
  void whereTheServerMayChooseIsKnown(String sql, Choice choice, boolean unsettled) {
    QueryForm form = form(sql, "id");
    assertThat(form.choice()).isEqualTo(choice);
    assertThat(form.unsettled()).isEqualTo(unsettled);
  }
}
