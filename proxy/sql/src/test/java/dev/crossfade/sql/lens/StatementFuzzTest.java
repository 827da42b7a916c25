package dev.crossfade.sql.lens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Statements made from seeds, with bytes and pieces of others thrown in. {@code
 * -Dcrossfade.fuzz.seeds=N} tries more of them; {@code -Dcrossfade.fuzz.first=S} begins with the
 * one that a failure named.
 */
class StatementFuzzTest {
  private static final long FIRST = Long.getLong("crossfade.fuzz.first", 1);
  private static final long SEEDS = Long.getLong("crossfade.fuzz.seeds", 6000);

  /** Of these each seed analyses fewer: a parse costs much more than the lexer. */
  private static final long SEEDS_PER_ANALYSIS = 15;

  private static final String[] PIECES = {
    "'",
    "''",
    "\"",
    "$$",
    "$a$",
    "$1",
    "/*",
    "*/",
    "--",
    "\n",
    "\\",
    "E'\\",
    "U&'",
    "U&\"",
    "x'",
    "0x1f",
    "1e",
    "1.",
    ".5",
    "::",
    ":=",
    "=>",
    ";",
    "(",
    ")",
    "[",
    "]",
    "customers",
    "\"customers\"",
    "public.",
    "SELECT ",
    " FROM ",
    " AS ",
    " FOR UPDATE",
    " INTO t",
    "WITH x AS (",
    "DELETE FROM ",
    "UPDATE customers SET ",
    "DO $x$",
    "ctid",
    "é",
    "😀",
    "\0",
    "now()",
    " UNION ",
    "ONLY ",
    "*",
    ","
  };

  private static final String[] REAL = {
    "SELECT a.id, b.full_name FROM customers a JOIN customers AS b ON a.id + 1 = b.id WHERE a.id <"
        + " 9",
    "SELECT 'it''s', E'\\'', U&'\\00e9', $q$ $$ $q$, x'ff' /* a /* b */ c */ -- d\n FROM customers",
    "INSERT INTO customers (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING id; SELECT 2",
    "WITH gone AS (DELETE FROM customers WHERE id = -1 RETURNING 1) SELECT count(*) FROM gone",
    "COPY customers TO STDOUT (FORMAT csv); BEGIN READ ONLY; SET search_path = \"$user\", public"
  };

  private static byte[] text(long seed) {
    Random random = new Random(seed);
    StringBuilder sql =
        new StringBuilder(
            random.nextInt(3) == 0
                ? REAL[random.nextInt(REAL.length)]
                : new DistinctStatements(seed).next());
    for (int change = random.nextInt(5); change > 0; change--) {
      int at = random.nextInt(sql.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> sql.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> sql.delete(at, Math.min(sql.length(), at + random.nextInt(9)));
        default -> sql.insert(at, sql.substring(at, Math.min(sql.length(), at + 12)));
      }
    }
    byte[] text = sql.toString().getBytes(UTF_8);
    if (text.length > 0 && random.nextInt(4) == 0) {
      text[random.nextInt(text.length)] = (byte) random.nextInt(256);
    }
    return text;
  }

  private static String described(Tokens tokens) {
    StringBuilder all = new StringBuilder();
    for (int token = 0; token < tokens.count(); token++) {
      all.append(tokens.kind(token)).append('@').append(tokens.start(token)).append('-');
      all.append(tokens.end(token)).append(' ');
    }
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      all.append(tokens.statementKind(statement)).append(' ');
      all.append(tokens.statementStart(statement)).append('-');
      all.append(tokens.statementEnd(statement)).append(' ');
    }
    return all.append(tokens.wellFormed()).append(tokens.mayWrite()).toString();
  }

  @Test
  void tokensAndWhatIsBetweenThemAreTheText() {
    Lexer lexer = new Lexer();
    Lexer used = new Lexer();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      byte[] text = text(seed);
      try {
        Tokens tokens = lexer.lex(text, text.length);
        String first = described(tokens);
        assertThat(described(used.lex(text, text.length))).isEqualTo(first);
        assertThat(described(lexer.lex(Arrays.copyOf(text, text.length + 9), text.length)))
            .isEqualTo(first);
        int at = 0;
        for (int token = 0; token <= tokens.count(); token++) {
          boolean last = token == tokens.count();
          int start = last ? text.length : tokens.start(token);
          assertThat(start).isBetween(at, text.length);
          byte[] between = Arrays.copyOfRange(text, at, start);
          assertThat(used.lex(between, between.length).count()).as("tokens in a gap").isZero();
          if (!last) {
            at = tokens.end(token);
            assertThat(at).isBetween(start + 1, text.length);
          }
        }
        tokens = lexer.lex(text, text.length);
        Fingerprint print = Fingerprint.of(text, tokens);
        assertThat(Fingerprint.of(text.clone(), lexer.lex(text, text.length))).isEqualTo(print);
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + new String(text, UTF_8), e);
      }
    }
  }

  @Test
  void whatCannotBeTranslatedIsAnAnswer() {
    StatementAnalyzer analyzer = Shop.analyzer();
    Lexer lexer = new Lexer();
    int translated = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS / SEEDS_PER_ANALYSIS; seed++) {
      String sql = new String(text(seed), UTF_8);
      byte[] text = sql.getBytes(UTF_8);
      try {
        switch (analyzer.analyze(sql)) {
          case StatementAnalysis.Refused refused -> {
            assertThat(refused.offset()).isBetween(-1, text.length);
            assertThat(refused.detail()).isNotNull();
          }
          case StatementAnalysis.Translatable translatable -> {
            byte[] there = translatable.translation().apply(text, lexer.lex(text, text.length));
            assertThat(there.length).isGreaterThan(text.length);
            // The same text is translated in the same way, whatever was analysed before.
            assertThat(analyzer.analyze(sql)).isInstanceOf(StatementAnalysis.Translatable.class);
            translated++;
          }
        }
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + sql, e);
      }
    }
    assertThat(translated).isPositive();
  }
}
