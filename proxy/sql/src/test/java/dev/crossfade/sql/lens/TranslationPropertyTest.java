package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TranslationPropertyTest {
  private static final int CASES = 400;

  private final StatementAnalyzer analyzer = Shop.analyzer();

  @Test
  void oneTranslationServesEveryTextWithItsFingerprint() {
    long seed = System.nanoTime();
    DistinctStatements statements = new DistinctStatements(seed);
    Random random = new Random(seed);
    int translated = 0;
    for (int i = 0; i < CASES; i++) {
      String sql = statements.next();
      String twin = respell(sql, random);
      String message = "seed " + seed + "\n" + sql + "\n" + twin;
      assertThat(fingerprint(twin)).as(message).isEqualTo(fingerprint(sql));
      StatementAnalysis first = analyzer.analyze(sql);
      StatementAnalysis second = analyzer.analyze(twin);
      assertThat(second.getClass()).as(message).isEqualTo(first.getClass());
      if (first instanceof Translatable one && second instanceof Translatable afresh) {
        assertThat(apply(one, twin)).as(message).isEqualTo(apply(afresh, twin));
        assertThat(one.pin()).as(message).isEqualTo(afresh.pin());
        assertThat(one.migrations()).as(message).isEqualTo(afresh.migrations());
        translated++;
      }
    }
    assertThat(translated).as("seed " + seed).isGreaterThan(CASES / 2);
  }

  @Test
  void refusesATextOfAnotherStatement() {
    Translatable translatable = (Translatable) analyzer.analyze("SELECT * FROM customers");
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> apply(translatable, "SELECT * FROM customers WHERE true"));
  }

  /** Other literals, blanks, comments and letters; the same fingerprint. */
  private static String respell(String sql, Random random) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    StringBuilder twin = new StringBuilder();
    for (int token = 0; token < tokens.count(); token++) {
      String word = tokens.text(token);
      boolean modifier =
          token > 1 && tokens.text(token - 2).equals("numeric")
              || word.equals("2") && token > 0 && tokens.text(token - 1).equals(",");
      twin.append(
          switch (tokens.kind(token)) {
            case Tokens.STRING -> "'" + "it''s é ".repeat(random.nextInt(4)) + "'";
            case Tokens.NUMBER ->
                modifier || word.length() > 8 ? word : String.valueOf(random.nextInt(1_000_000));
            case Tokens.IDENTIFIER ->
                random.nextBoolean() ? word.toUpperCase(java.util.Locale.ROOT) : word;
            default -> word;
          });
      twin.append(
          switch (random.nextInt(6)) {
            case 0 -> "  \n\t";
            case 1 -> " /* customers 'é' */ ";
            case 2 -> " -- FROM customers\n";
            default -> " ";
          });
    }
    return twin.toString();
  }

  private static Fingerprint fingerprint(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return Fingerprint.of(text, new Lexer().lex(text, text.length));
  }

  private static String apply(Translatable translatable, String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    byte[] translated = translatable.translation().apply(text, new Lexer().lex(text, text.length));
    return new String(translated, StandardCharsets.UTF_8);
  }
}
