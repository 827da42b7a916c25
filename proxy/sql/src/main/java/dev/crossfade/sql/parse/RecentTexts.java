package dev.crossfade.sql.parse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lexes texts, and remembers some that come again and again, byte for byte, as those of drivers
 * with parameters do: looking at each token of a long one costs more than comparing all of its
 * bytes. A text is remembered when it comes the second time in a row in its place. Belongs to one
 * thread.
 *
 * @param <R> what a reader makes of a text
 */
public final class RecentTexts<R> {
  /** Below that, lexing costs little more than finding. */
  private static final int SHORTEST = 128;

  private static final int LONGEST = 8 << 10;
  private static final int PLACES = 256;
  private static final int MOST_BYTES = 128 << 10;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Lexer lexer = new Lexer();
  private final LexedText<R> passing = new LexedText<>(lexer);
  private final @Nullable LexedText<R>[] places = emptyPlaces();
  private final long[] seen = new long[PLACES];
  private int bytes;

  @SuppressWarnings("unchecked")
  private static <R> @Nullable LexedText<R>[] emptyPlaces() {
    return (LexedText<R>[]) new LexedText<?>[PLACES];
  }

  /**
   * @param text not kept: what is remembered is a copy
   * @return valid until the next call
   */
  public LexedText<R> lex(byte[] text, int length) {
    if (length < SHORTEST || length > LONGEST) {
      return passing.of(text, length);
    }
    long hash = hash(text, length);
    int place = (int) (hash >>> 56) & PLACES - 1;
    LexedText<R> known = places[place];
    if (known != null
        && known.length() == length
        && Arrays.equals(known.text(), 0, length, text, 0, length)) {
      return known;
    }
    if (seen[place] != hash) {
      seen[place] = hash;
      return passing.of(text, length);
    }
    if (known != null) {
      bytes -= known.length();
      places[place] = null;
    }
    if (bytes + length > MOST_BYTES) {
      Arrays.fill(places, null);
      bytes = 0;
    }
    LexedText<R> remembered = new LexedText<R>(new Lexer()).of(Arrays.copyOf(text, length), length);
    places[place] = remembered;
    bytes += length;
    return remembered;
  }

  /** Of the texts that are remembered. */
  int bytes() {
    return bytes;
  }

  private static long hash(byte[] text, int length) {
    long hash = length;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      hash = (hash ^ (long) LONG.get(text, at)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    for (; at < length; at++) {
      hash = (hash ^ text[at]) * 0x9E3779B97F4A7C15L;
    }
    return (hash ^ hash >>> 29) * 0xBF58476D1CE4E5B9L;
  }
}
