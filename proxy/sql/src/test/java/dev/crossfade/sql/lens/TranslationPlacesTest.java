package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every place of a translated text leads back to the place in the client's own. */
final class TranslationPlacesTest {
  private final StatementAnalyzer analyzer = Shop.analyzer();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM customers",
        "SELECT 'é', c.email FROM  customers c /* é */ WHERE c.id = 7",
        "SELECT a.id FROM customers a JOIN public.customers AS b ON a.id + 1 = b.id ORDER BY 1;",
        "TABLE customers",
      })
  void whatWasNotReplacedKeepsItsPlaceAndWhatWasBeginsWhereTheTableStood(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    Translation translation = ((Translatable) analyzer.analyze(sql)).translation();
    byte[] translated = translation.apply(text, tokens);
    List<Integer> tables = new java.util.ArrayList<>();
    int kept = 0;
    int before = 0;
    for (int offset = 0; offset <= translated.length; offset++) {
      int back = translation.originalOffset(offset, tokens);
      assertThat(back).as("offset %s", offset).isBetween(before, text.length);
      if (back < text.length && offset < translated.length && text[back] == translated[offset]) {
        kept++;
      }
      if (back == before && offset > 0 && (tables.isEmpty() || tables.getLast() != back)) {
        tables.add(back);
      }
      before = back;
    }
    assertThat(before).as("the end leads to the end").isEqualTo(text.length);
    int replaced = 0;
    for (int table : tables) {
      int end = table;
      while (end < text.length && " ;".indexOf(text[end]) < 0) {
        end++;
      }
      replaced += end - table;
      assertThat(new String(text, table, end - table, StandardCharsets.UTF_8))
          .isIn("customers", "public.customers", "TABLE");
    }
    assertThat(tables).isNotEmpty();
    assertThat(kept).isGreaterThanOrEqualTo(text.length - replaced - "customers".length());
  }

  @Test
  void aPlaceBehindTwoTablesCountsBoth() {
    String sql = "SELECT 1 FROM customers a, customers b WHERE a.id = b.id";
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    Translation translation = ((Translatable) analyzer.analyze(sql)).translation();
    String translated = new String(translation.apply(text, tokens), StandardCharsets.UTF_8);
    assertThat(translation.originalOffset(translated.lastIndexOf("WHERE a.id"), tokens))
        .isEqualTo(sql.indexOf("WHERE a.id"));
    assertThat(translation.originalOffset(translated.lastIndexOf(") b"), tokens))
        .isEqualTo(sql.indexOf("customers b"));
    assertThat(translation.originalOffset(0, tokens)).isZero();
  }
}
