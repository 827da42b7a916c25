package dev.crossfade.server.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.server.job.DdlFile.Statement;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DdlFileTest {
  private static List<Statement> parse(String text) throws InvalidFileException {
    return DdlFile.parse(text, "f.sql").statements();
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void itIsSplitWhereStatementsEndAndNowhereElse() throws Exception {
    List<Statement> statements =
        parse(
            """
            -- first; not a statement
            CREATE TABLE "a;b" (x text DEFAULT 'ä;');;

            CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $x$
              BEGIN RETURN 1; END
            $x$; /* ; */ SELECT 1\
            """);
    assertThat(statements)
        .extracting(Statement::text)
        .containsExactly(
            "CREATE TABLE \"a;b\" (x text DEFAULT 'ä;')",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $x$\n  BEGIN RETURN 1; END\n$x$",
            "SELECT 1");
    assertThat(statements).extracting(Statement::line).containsExactly(2, 4, 6);
  }

  @Test
  void theSameTextTwiceIsTwoStatements() throws Exception {
    List<Statement> twice = parse("SELECT 1; SELECT 2; SELECT 1");
    assertThat(twice).extracting(Statement::hash).doesNotHaveDuplicates();
    assertThat(parse("-- moved\nSELECT 0; SELECT 1;").get(1).hash())
        .isEqualTo(twice.getFirst().hash());
  }

  @Test
  void anIndexIsKnownByTheSchemaOfItsTable() throws Exception {
    assertThat(
            parse(
                """
                CREATE INDEX CONCURRENTLY i ON t (a);
                create unique index concurrently if not exists "I" on only s."T" (a);
                CREATE INDEX j ON t (a);
                CREATE INDEX CONCURRENTLY ON t (a);
                """))
        .extracting(Statement::index)
        .containsExactly("i", "s.\"I\"", "", "");
  }

  @Test
  void whatMattersAboutThemIsSeen() throws Exception {
    List<Statement> statements =
        parse("SET search_path = s; DROP INDEX CONCURRENTLY i; ALTER TABLE t ADD c int");
    assertThat(statements).extracting(Statement::isSetting).containsExactly(true, false, false);
    assertThat(statements).extracting(Statement::isDrop).containsExactly(false, true, false);
    assertThat(statements).extracting(Statement::isConcurrent).containsExactly(false, true, false);
  }

  @Test
  void whatCanNotBeRunLikeThisIsRefusedWithItsLine() {
    refused("SELECT 1;\nbegin; SELECT 2", "f.sql:2:1: each statement is a transaction");
    refused("SELECT 1;\nSELECT 'x", "f.sql:2:1: a quote or a comment is not closed");
    refused(" -- nothing\n;", "there is no statement in it");
    refused(
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END", "quote the function's body");
    refused("SELECT 1" + " ".repeat(DdlFile.MAX_BYTES), "larger than");
  }
}
