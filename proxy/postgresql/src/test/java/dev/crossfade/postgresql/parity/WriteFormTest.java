package dev.crossfade.postgresql.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.postgresql.parity.WriteForm.Kind;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteFormTest {
  private static WriteForm form(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return WriteForm.of(new Lexer().lex(text, text.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET a = 1 WHERE id = 7",
        "UPDATE t SET a = $1::text, b = now(), c = NULL WHERE id = $2 RETURNING a",
        "UPDATE public.t AS x SET (a, b) = ($1, DEFAULT) WHERE x.id = 3",
        "UPDATE t SET a = lower($1)",
        "UPDATE t SET a = 'b' RETURNING a"
      })
  void whatIsGivenIsSteady(String sql) {
    assertThat(form(sql)).matches(WriteForm::steady).matches(WriteForm::isGiven);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET a = a + 1 WHERE id = 7",
        "UPDATE t SET a = 1 WHERE a = 2",
        "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT 1)",
        "UPDATE t SET a = (SELECT max(id) FROM t) WHERE id = 7",
        "UPDATE t SET a = \"b\" WHERE id = 7",
        "UPDATE t SET a = coalesce(b, 1) WHERE id = 7",
        "UPDATE t SET a = u.b FROM u WHERE u.id = t.id",
        "UPDATE t SET (a, b) = ($1, $2) WHERE id = 3 AND b IS NULL",
        "DELETE FROM t WHERE id = 1"
      })
  void whatDependsOnRowsIsNot(String sql) {
    assertThat(form(sql).isGiven()).isFalse();
  }

  @Test
  void onlyGivenRowsAreAnInsert() {
    assertThat(form("INSERT INTO t VALUES (1, 'b')").kind()).isEqualTo(Kind.INSERT);
    assertThat(form("INSERT INTO t SELECT * FROM u").kind()).isEqualTo(Kind.MIXED);
    assertThat(form("INSERT INTO t VALUES ((SELECT 1))").kind()).isEqualTo(Kind.MIXED);
    assertThat(form("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING").kind())
        .isEqualTo(Kind.MIXED);
    assertThat(form("WITH x AS (DELETE FROM t RETURNING 1) SELECT 1").kind()).isEqualTo(Kind.MIXED);
    assertThat(form("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE").kind())
        .isEqualTo(Kind.MIXED);
  }

  @Test
  void ofWhatIsReturnedOnlyGivenColumnsCount() {
    assertThat(
            form("UPDATE t SET a = 1, b = 2 WHERE id = 7 RETURNING id, b, f(x, a), t.a, a AS z")
                .returned())
        .containsExactly(1, 4);
    assertThat(form("INSERT INTO t (id, a) VALUES ($1, f(b, c)) RETURNING made, a, id").returned())
        .containsExactly(1, 2);
    assertThat(form("INSERT INTO t (id, a) VALUES (1, 2) RETURNING *, a").returned()).isEmpty();
    assertThat(form("UPDATE t SET a = a + 1 RETURNING a").returned()).isEmpty();
    assertThat(form("INSERT INTO t VALUES (1)").returned()).isEmpty();
  }
}
