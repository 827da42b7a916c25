package dev.crossfade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecentTextsTest {
  private final RecentTexts<String> texts = new RecentTexts<>();

  private static byte[] statement(String literal) {
    return ("SELECT a, b, c FROM t WHERE x = '"
            + literal
            + "' AND y IN (1, 2, 3)"
            + " AND some_column IS NOT NULL".repeat(5))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatComesAgainIsReadOnce() {
    AtomicInteger readings = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      byte[] text = statement("a");
      LexedText<String> lexed = texts.lex(text, text.length);
      assertThat(lexed.reading(this, () -> "reading " + readings.incrementAndGet()))
          .isEqualTo("reading " + Math.min(i + 1, 2));
    }
    byte[] text = statement("a");
    assertThat(texts.lex(text, text.length).reading(null, () -> "with something else"))
        .isEqualTo("with something else");
  }

  @Test
  void whatIsRememberedIsACopy() {
    byte[] text = statement("a");
    texts.lex(text, text.length);
    LexedText<String> remembered = texts.lex(text, text.length);
    Fingerprint fingerprint = remembered.fingerprint();
    text[7] = 'z';
    LexedText<String> other = texts.lex(text, text.length);
    assertThat(other.fingerprint()).isNotEqualTo(fingerprint);
    byte[] again = statement("a");
    assertThat(texts.lex(again, again.length)).isSameAs(remembered);
    assertThat(remembered.tokens().text(1)).isEqualTo("a");
  }

  @Test
  void anyTextIsReadAsWithoutMemory() {
    Random random = new Random(1);
    Lexer lexer = new Lexer();
    for (int i = 0; i < 20_000; i++) {
      byte[] text = statement(Integer.toString(random.nextInt(300)).repeat(1 + random.nextInt(40)));
      LexedText<String> lexed = texts.lex(text, text.length);
      Tokens plain = lexer.lex(text, text.length);
      assertThat(lexed.length()).isEqualTo(text.length);
      assertThat(lexed.tokens().count()).isEqualTo(plain.count());
      assertThat(lexed.tokens().end(12)).isEqualTo(plain.end(12));
      assertThat(lexed.fingerprint()).isEqualTo(Fingerprint.of(text, plain));
    }
  }

  @Test
  void memoryHasABound() {
    for (int i = 0; i < 5_000; i++) {
      byte[] text = statement("x".repeat(i % 7_000));
      texts.lex(text, text.length);
      texts.lex(text, text.length);
      assertThat(texts.bytes()).isLessThanOrEqualTo(128 << 10);
    }
    byte[] large = statement("x".repeat(9_000));
    assertThat(texts.lex(large, large.length)).isSameAs(texts.lex(large, large.length));
    int before = texts.bytes();
    texts.lex(large, large.length);
    assertThat(texts.bytes()).isEqualTo(before);
  }
}
