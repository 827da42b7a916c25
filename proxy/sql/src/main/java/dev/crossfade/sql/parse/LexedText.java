package dev.crossfade.sql.parse;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A text and its tokens. Belongs to one thread.
 *
 * @param <R> what a reader makes of it
 */
public final class LexedText<R> {
  private final Lexer lexer;
  private byte[] text = new byte[0];
  private int length;
  private Tokens tokens;
  private @Nullable Fingerprint fingerprint;
  private @Nullable Object readWith;
  private @Nullable R reading;

  LexedText(Lexer lexer) {
    this.lexer = lexer;
    this.tokens = lexer.lex(text, 0);
  }

  LexedText<R> of(byte[] sql, int count) {
    text = sql;
    length = count;
    tokens = lexer.lex(sql, count);
    fingerprint = null;
    readWith = null;
    reading = null;
    return this;
  }

  public byte[] text() {
    return text;
  }

  /** Bytes of {@link #text} that count. */
  public int length() {
    return length;
  }

  public Tokens tokens() {
    return tokens;
  }

  public Fingerprint fingerprint() {
    Fingerprint known = fingerprint;
    if (known == null) {
      known = Fingerprint.of(text, tokens);
      fingerprint = known;
    }
    return known;
  }

  /**
   * What a reader has made of this text, or makes of it now.
   *
   * @param with what it depends on beside the text, compared by identity; null: nothing
   */
  public R reading(@Nullable Object with, Supplier<R> reader) {
    R known = reading;
    if (known == null || readWith != with) {
      known = reader.get();
      reading = known;
      readWith = with;
    }
    return known;
  }
}
