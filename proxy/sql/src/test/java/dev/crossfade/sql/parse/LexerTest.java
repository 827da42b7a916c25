package dev.crossfade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LexerTest {
  private final Lexer lexer = new Lexer();

  private Tokens lex(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    return lexer.lex(bytes, bytes.length);
  }

  private List<String> words(String sql) {
    Tokens tokens = lex(sql);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < tokens.count(); i++) {
      words.add(tokens.text(i));
    }
    return words;
  }

  @Test
  void stringsKeepTheirQuotesAndEscapes() {
    assertThat(words("E'it\\'s' 'a''b' U&'x' B'1' X'f' N'n' $$a'b$$ $t$ $$ $t$"))
        .containsExactly(
            "E'it\\'s'", "'a''b'", "U&'x'", "B'1'", "X'f'", "N'n'", "$$a'b$$", "$t$ $$ $t$");
  }

  @Test
  void aPlainStringEndsAtABackslashQuote() {
    assertThat(words("'a\\' b")).containsExactly("'a\\'", "b");
  }

  @Test
  void stringsOnTwoLinesAreOne() {
    assertThat(words("'a'\n'b' 'c'")).containsExactly("'a'\n'b'", "'c'");
    assertThat(words("E'a'\n'b\\'c'")).containsExactly("E'a'\n'b\\'c'");
  }

  @Test
  void commentsNestAndSeparate() {
    assertThat(words("a/* x /* y */ z */b--c\nd-- e")).containsExactly("a", "b", "d");
    assertThat(words("1*/* c */2")).containsExactly("1", "*", "2");
  }

  @Test
  void operatorsSplitAsInTheServer() {
    assertThat(words("a->>'b' <@ c::int :=1 =-1 @-1 2--1"))
        .containsExactly(
            "a", "->>", "'b'", "<@", "c", "::", "int", ":=", "1", "=", "-", "1", "@-", "1", "2");
  }

  @Test
  void numbersAndParameters() {
    assertThat(words("1..2 1e5 1.5e-3 .5 0xFF 1_000 $1 a$b $12x"))
        .containsExactly(
            "1", "..", "2", "1e5", "1.5e-3", ".5", "0xFF", "1_000", "$1", "a$b", "$12", "x");
  }

  @Test
  void whatIsUnterminatedEndsWithTheText() {
    for (String sql : List.of("'a", "\"a", "/* a", "$t$ a", "E'a\\", "(a", "a)", "U&\"a")) {
      assertThat(lex(sql).wellFormed()).as(sql).isFalse();
    }
  }

  @Test
  void statementsAreSeparatedAtTheTopOnly() {
    assertThat(lex("select 1;; ;select (2;3);").statementCount()).isEqualTo(2);
    assertThat(lex(" -- nothing\n;").statementCount()).isZero();
    assertThat(lex("").kind()).isEqualTo(StatementKind.EMPTY);
  }

  @Test
  void kindsAreToldFromTheFirstWords() {
    assertKind("select 1", StatementKind.READ);
    assertKind("/* c */ WITH a AS (SELECT 1) SELECT 1", StatementKind.READ);
    assertKind("((select 1))", StatementKind.READ);
    assertKind("begin", StatementKind.BEGIN);
    assertKind("BEGIN READ ONLY", StatementKind.BEGIN_READ_ONLY);
    assertKind(
        "start transaction isolation level read committed, read only",
        StatementKind.BEGIN_READ_ONLY);
    assertKind(
        "begin isolation level repeatable read read only", StatementKind.BEGIN_READ_ONLY_SNAPSHOT);
    assertKind("begin read only, read write", StatementKind.BEGIN);
    assertKind("commit", StatementKind.COMMIT);
    assertKind("end", StatementKind.COMMIT);
    assertKind("commit prepared 'x'", StatementKind.OTHER);
    assertKind("rollback to a", StatementKind.SAVEPOINT);
    assertKind("rollback", StatementKind.ROLLBACK);
    assertKind("abort", StatementKind.ROLLBACK);
    assertKind("set a = 1", StatementKind.SET_SESSION);
    assertKind("set local a = 1", StatementKind.SET_LOCAL);
    assertKind("set transaction read only", StatementKind.SET_LOCAL);
    assertKind("prepare transaction 'x'", StatementKind.OTHER);
    assertKind("insert into a values (1)", StatementKind.WRITE);
    assertKind("truncate a", StatementKind.WRITE);
    assertKind("create table a (b int)", StatementKind.DDL);
    assertKind("copy a to stdout", StatementKind.COPY_TO);
    assertKind("copy (select 1 from a) to stdout", StatementKind.COPY_TO);
    assertKind("copy a (b, c) from stdin", StatementKind.COPY_FROM);
    assertKind("vacuum", StatementKind.OTHER);
  }

  @Test
  void writesAreSeenWhereverTheyStand() {
    for (String sql :
        List.of(
            "insert into a values (1)",
            "select 1; delete from a",
            "explain analyze update a set b = 1",
            "with d as (delete from a returning *) select * from d",
            "copy a from stdin",
            "prepare p as insert into a values (1)",
            "alter table a add b int",
            "call p(a)")) {
      assertThat(lex(sql).mayWrite()).as(sql).isTrue();
    }
    for (String sql :
        List.of(
            "select 1",
            "copy a to stdout",
            "explain select 'update' from a",
            "lock table a",
            "analyze a")) {
      assertThat(lex(sql).mayWrite()).as(sql).isFalse();
    }
  }

  private void assertKind(String sql, StatementKind kind) {
    assertThat(lex(sql).kind()).as(sql).isEqualTo(kind);
  }

  @Test
  void mappedNamesAreFoundHoweverTheyAreWritten() {
    MappedNames names = MappedNames.of(Set.of("customers", "Übung", "Odd\"Name"));
    assertThat(lex("select * from CUSTOMERS").names(names)).isTrue();
    assertThat(lex("select * from public.\"customers\"").names(names)).isTrue();
    assertThat(lex("select * from \"Odd\"\"Name\"").names(names)).isTrue();
    assertThat(lex("select * from U&\"c\\0075stomers\"").names(names)).isTrue();
    assertThat(lex("select \"Übung\"").names(names)).isTrue();
    assertThat(lex("select * from \"CUSTOMERS\"").names(names)).isFalse();
    assertThat(lex("select 'customers', $$customers$$ -- customers").names(names)).isFalse();
  }

  @Test
  void settingsAreNamedByWhatTheyChange() {
    assertSetting("SET TimeZone = 'UTC'", "timezone");
    assertSetting("set session time zone local", "timezone");
    assertSetting("SET NAMES 'utf8'", "client_encoding");
    assertSetting("SET SESSION AUTHORIZATION joe", "session_authorization");
    assertSetting("SET ROLE joe", "role");
    assertSetting("SET my.Var TO 1", "my.var");
    assertSetting("RESET ALL", "all");
    assertSetting(
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "default_transaction_read_only");
    assertSetting(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY",
        "session_characteristics");
  }

  private void assertSetting(String sql, String name) {
    assertThat(SettingChange.read(lex(sql + " ;"), 0))
        .as(sql)
        .hasValue(new SettingChange(name, sql));
  }

  @Test
  void tokensCoverRandomBytesInOrder() {
    Random random = new Random(7);
    String alphabet = "aE$'\"/*-;:.()<=1_ \n\\\u00e9U&x";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder sql = new StringBuilder();
      for (int i = random.nextInt(24); i > 0; i--) {
        sql.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Tokens tokens = lex(sql.toString());
      int last = 0;
      for (int i = 0; i < tokens.count(); i++) {
        assertThat(tokens.start(i)).as(sql.toString()).isGreaterThanOrEqualTo(last);
        assertThat(tokens.end(i))
            .as(sql.toString())
            .isGreaterThan(tokens.start(i))
            .isLessThanOrEqualTo(tokens.textLength());
        last = tokens.end(i);
      }
      Fingerprint.of(sql.toString().getBytes(StandardCharsets.UTF_8), tokens);
      for (int i = 0; i < tokens.statementCount(); i++) {
        tokens.statementKind(i);
      }
    }
  }

  @Test
  void aWarmLexerAllocatesNothing() {
    byte[] sql =
        "SELECT a, b FROM customers c WHERE c.id = $1 AND name = 'x' /* tag */ LIMIT 10"
            .getBytes(StandardCharsets.UTF_8);
    MappedNames names = MappedNames.of(Set.of("orders"));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean named = false;
    for (int i = 0; i < 20_000; i++) {
      named |= lexer.lex(sql, sql.length).names(names);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      Tokens tokens = lexer.lex(sql, sql.length);
      named |= tokens.names(names) || tokens.kind() != StatementKind.READ;
    }
    assertThat(named).isFalse();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }
}
