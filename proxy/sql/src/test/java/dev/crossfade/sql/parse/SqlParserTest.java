package dev.crossfade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.parse.SqlParser.Result;
import dev.crossfade.sql.parse.StatementOutline.Equality;
import dev.crossfade.sql.parse.StatementOutline.Output;
import dev.crossfade.sql.parse.StatementOutline.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SqlParserTest {
  private final SqlParser parser = new SqlParser();

  @Test
  void findsTablesAtTheirTokens() {
    StatementOutline outline =
        outline("SELECT 'é', 1 FROM /* é */ public.a * x, \"B\" WHERE EXISTS (TABLE c)");
    assertThat(outline.tables())
        .containsExactly(
            new Table(List.of("public", "a"), 5, 9, "x", false, false, false, true),
            new Table(List.of("B"), 11, 12, null, false, false, false, true),
            new Table(List.of("c"), 15, 17, null, false, false, true, false));
  }

  @Test
  void takesNamesOfAWithForTablesOnlyWhereTheyAreNotSeen() {
    assertThat(
            tables(
                "WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a) SELECT * FROM a, b, public.b"))
        .containsExactly("a", "public.b");
    assertThat(
            tables(
                "WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a, c"))
        .containsExactly("c");
    assertThat(tables("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) AS x, a"))
        .containsExactly("a");
    assertThat(
            tables(
                "WITH a AS (WITH b AS (SELECT * FROM a) TABLE b) SELECT (SELECT 1 FROM a) FROM b"))
        .containsExactly("a", "b");
    assertThat(tables("WITH a AS (SELECT 1) TABLE a UNION TABLE d")).containsExactly("d");
  }

  @Test
  void readsTheNamesOfTheOutput() {
    assertThat(
            outline("SELECT a, t.b, c AS d, e f, 1, g::text, *, t.*, \"H i\" FROM t UNION SELECT 1")
                .output())
        .extracting(Output::name)
        .containsExactly("a", "b", "d", "f", null, null, null, null, "H i");
  }

  @Test
  void readsEqualitiesOfTheWholeCondition() {
    assertThat(
            outline(
                    "SELECT 1 FROM t WHERE a = $1 AND (t.b = 'x' AND 5 = c) AND (d = 1 OR e = 2)"
                        + " AND f > 3")
                .equalities())
        .extracting(Equality::column)
        .containsExactlyInAnyOrder(List.of("a"), List.of("t", "b"), List.of("c"));
    assertThat(outline("SELECT 1 FROM t WHERE a = 1 UNION SELECT 2").equalities()).isEmpty();
    assertThat(outline("SELECT a = 1 FROM t HAVING b = 2").equalities()).isEmpty();
  }

  @Test
  void tellsWhereAMistakeStands() {
    assertThat(parse("SELECT 'é' FROM t WHERE WHERE"))
        .isInstanceOfSatisfying(
            Result.Failed.class, failed -> assertThat(failed.offset()).isEqualTo(25));
    assertThat(parse("SELECT 1 SELECT 2")).isInstanceOf(Result.Failed.class);
    assertThat(parse("SELECT 1 FROM t)")).isInstanceOf(Result.Failed.class);
  }

  @Test
  void isNotMisledByTheInsidesOfLiterals() {
    assertThat(tables("SELECT E'\\' FROM x --', $a$ FROM y $a$, U&'\\0041 FROM z' FROM t"))
        .containsExactly("t");
    assertThat(tables("SELECT B'01', X'ff', 0xff, 1_000, 1e5, \"a\"\"b FROM x\" FROM t"))
        .containsExactly("t");
  }

  @Test
  void keepsWhatItLearnsWithinItsCapacity() {
    int largest = 0;
    for (int shape = 0; shape < 300; shape++) {
      StringBuilder sql = new StringBuilder("SELECT 1 FROM t WHERE true");
      for (int bit = 0; bit < 9; bit++) {
        sql.append((shape >> bit & 1) == 0 ? " AND (a + " : " OR (NOT b = ")
            .append("(SELECT c FROM d WHERE (e, 1) = (f, 2)))");
      }
      assertThat(parse(sql.toString())).isInstanceOf(Result.Parsed.class);
      largest = Math.max(largest, parser.cacheSize());
    }
    assertThat(largest).isBetween(1, SqlParser.CACHE_CAPACITY);
  }

  @Test
  void theSharedOneIsTaughtAQuery() {
    assertThat(parse(SqlParser.USUAL)).isInstanceOf(Result.Parsed.class);
    SqlParser.warmUp();
    assertThat(SqlParser.shared().cacheSize()).isPositive();
  }

  private List<String> tables(String sql) {
    return outline(sql).tables().stream().map(table -> String.join(".", table.parts())).toList();
  }

  private StatementOutline outline(String sql) {
    if (parse(sql) instanceof Result.Parsed parsed) {
      return parsed.outline();
    }
    throw new AssertionError("not parsed: " + sql);
  }

  private Result parse(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return parser.parse(text, new Lexer().lex(text, text.length));
  }
}
