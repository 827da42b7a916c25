package dev.crossfade.sql.parse;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A statement with its literals, spacing, comments and letter case taken away: texts with equal
 * fingerprints differ in nothing that a plan depends on, and their tokens stand at the same
 * indexes.
 *
 * <p>A literal is replaced by its type: {@code ?s} string, {@code ?m} one that may mean a moment
 * ({@link Moments}), {@code ?b ?x ?c} bit, hexadecimal and national ones, {@code ?4 ?8 ?n} numbers
 * that are int4, int8 and numeric. Where a number is part of a type, as in {@code numeric(10,2)},
 * it stays.
 *
 * <p>Equality compares the whole normalised text: no trust is put in a hash.
 */
public final class Fingerprint {
  private static final BigInteger INT4 = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger INT8 = BigInteger.valueOf(Long.MAX_VALUE);
  private static final MappedNames TYPES_WITH_MODIFIERS =
      MappedNames.of(
          java.util.Set.of(
              "bit",
              "bpchar",
              "char",
              "character",
              "dec",
              "decimal",
              "float",
              "interval",
              "nchar",
              "numeric",
              "second",
              "time",
              "timestamp",
              "timestamptz",
              "timetz",
              "varbit",
              "varchar",
              "varying"));

  /** The server folds letters of ASCII only. */
  private static final byte[] FOLDED = new byte[256];

  static {
    for (int c = 0; c < 256; c++) {
      FOLDED[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
  }

  private final byte[] normalized;
  private final int hash;

  private Fingerprint(byte[] normalized) {
    this.normalized = normalized;
    this.hash = Arrays.hashCode(normalized);
  }

  /**
   * @param tokens of this very text
   */
  public static Fingerprint of(byte[] text, Tokens tokens) {
    Writer out = new Writer(tokens.textLength() + 2 * tokens.count());
    int modifierDepth = 0;
    for (int token = 0; token < tokens.count(); token++) {
      if (token > 0) {
        out.add((byte) ' ');
      }
      if (modifierDepth > 0 || opensModifier(tokens, token)) {
        modifierDepth +=
            tokens.isPunctuation(token, '(') ? 1 : tokens.isPunctuation(token, ')') ? -1 : 0;
      }
      switch (tokens.kind(token)) {
        case Tokens.STRING ->
            out.add(
                (byte) '?',
                Moments.mayMean(tokens, token)
                    ? (byte) 'm'
                    : stringType(text[tokens.start(token)]));
        case Tokens.NUMBER -> {
          if (modifierDepth > 0) {
            out.add(text, tokens.start(token), tokens.end(token), false);
          } else {
            out.add((byte) '?', numberType(text, tokens.start(token), tokens.end(token)));
          }
        }
        default ->
            out.add(
                text,
                tokens.start(token),
                tokens.end(token),
                tokens.kind(token) == Tokens.IDENTIFIER);
      }
    }
    return new Fingerprint(out.bytes());
  }

  /** An opening parenthesis behind the name of a type. */
  private static boolean opensModifier(Tokens tokens, int token) {
    if (token == 0
        || !tokens.isPunctuation(token, '(')
        || tokens.kind(token - 1) > Tokens.QUOTED_IDENTIFIER) {
      return false;
    }
    boolean cast =
        token > 1
            && tokens.kind(token - 2) == Tokens.PUNCTUATION
            && tokens.end(token - 2) - tokens.start(token - 2) == 2;
    boolean as =
        token > 1 && tokens.isWord(token - 2, "AS") && !tokens.isWord(token - 1, "MATERIALIZED");
    return cast
        || as
        || TYPES_WITH_MODIFIERS.contains(
            tokens.bytes(), tokens.start(token - 1), tokens.end(token - 1), true);
  }

  private static byte stringType(byte first) {
    return switch (first) {
      case 'b', 'B' -> (byte) 'b';
      case 'x', 'X' -> (byte) 'x';
      case 'n', 'N' -> (byte) 'c';
      default -> (byte) 's';
    };
  }

  private static byte numberType(byte[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return unusual(new String(text, start, end - start, StandardCharsets.US_ASCII));
      }
    }
    if (end - start < 10) {
      return (byte) '4';
    }
    return integerType(
        new BigInteger(new String(text, start, end - start, StandardCharsets.US_ASCII)));
  }

  private static byte unusual(String number) {
    String digits = number.replace("_", "");
    if (digits.length() < 3
        || digits.charAt(0) != '0'
        || Character.isDigit(digits.charAt(1))
        || digits.charAt(1) == '.') {
      boolean integer = digits.chars().allMatch(c -> c >= '0' && c <= '9') && !digits.isEmpty();
      return integer ? integerType(new BigInteger(digits)) : (byte) 'n';
    }
    int radix =
        switch (digits.charAt(1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 0;
        };
    boolean valid =
        radix > 0 && digits.chars().skip(2).allMatch(c -> Character.digit(c, radix) >= 0);
    return valid ? integerType(new BigInteger(digits.substring(2), radix)) : (byte) 'n';
  }

  private static byte integerType(BigInteger value) {
    return (byte) (value.compareTo(INT4) <= 0 ? '4' : value.compareTo(INT8) <= 0 ? '8' : 'n');
  }

  /** Bytes of the normalised text, which is what it takes in memory. */
  public int length() {
    return normalized.length;
  }

  /** For people: the statement with its literals replaced. */
  public String normalizedText() {
    return new String(normalized, StandardCharsets.UTF_8);
  }

  /**
   * Where a token of the statement stands in the normalised text, in characters from 0; the text's
   * length when there are not so many.
   */
  public int position(int token) {
    boolean quoted = false;
    int left = token;
    int position = 0;
    for (byte c : normalized) {
      if (left == 0) {
        return position;
      }
      quoted ^= c == '"';
      left -= c == ' ' && !quoted ? 1 : 0;
      // Of a character of several bytes the first counts.
      position += (c & 0xc0) == 0x80 ? 0 : 1;
    }
    return position;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fingerprint fingerprint
        && fingerprint.hash == hash
        && Arrays.equals(fingerprint.normalized, normalized);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return normalizedText();
  }

  /** Collects the normalised bytes; the first guess of the size always suffices. */
  private static final class Writer {
    private final byte[] bytes;
    private int length;

    Writer(int capacity) {
      bytes = new byte[capacity];
    }

    void add(byte one) {
      bytes[length++] = one;
    }

    void add(byte one, byte two) {
      add(one);
      add(two);
    }

    void add(byte[] text, int start, int end, boolean fold) {
      byte[] to = bytes;
      int at = length;
      if (fold) {
        for (int i = start; i < end; i++) {
          to[at++] = FOLDED[text[i] & 0xff];
        }
      } else {
        for (int i = start; i < end; i++) {
          to[at++] = text[i];
        }
      }
      length = at;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, length);
    }
  }
}
