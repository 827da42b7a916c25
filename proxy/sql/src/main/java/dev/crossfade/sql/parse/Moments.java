package dev.crossfade.sql.parse;

/**
 * String constants that may mean a moment which depends on when it is asked: {@code 'now'}, {@code
 * 'today'}, {@code 'tomorrow'} and {@code 'yesterday'}, alone or among other words, as the server
 * reads them where a date or time is wanted (documentation, "Date/Time Input, Special Values").
 *
 * <p>What type a constant gets is not known here, so a constant of another type that holds such a
 * word counts as well.
 */
public final class Moments {
  private static final byte[][] WORDS = {
    {'n', 'o', 'w'},
    {'t', 'o', 'd', 'a', 'y'},
    {'t', 'o', 'm', 'o', 'r', 'r', 'o', 'w'},
    {'y', 'e', 's', 't', 'e', 'r', 'd', 'a', 'y'}
  };

  private Moments() {}

  /** Whether a token may be such a constant; what hides its letters counts as one. */
  public static boolean mayMean(Tokens tokens, int token) {
    if (tokens.kind(token) != Tokens.STRING) {
      return false;
    }
    byte[] text = tokens.bytes();
    int start = tokens.start(token);
    int end = tokens.end(token);
    return isMentioned(text, start, end) || hidesLetters(text, start, end);
  }

  /** Whether one of the words stands between two offsets. */
  public static boolean isMentioned(byte[] text, int start, int end) {
    boolean inWord = false;
    for (int at = start; at < end; at++) {
      boolean letter = isLetter(text[at]);
      if (letter && !inWord && isWord(text, at, end)) {
        return true;
      }
      inWord = letter;
    }
    return false;
  }

  private static boolean isWord(byte[] text, int at, int end) {
    for (byte[] word : WORDS) {
      int behind = at + word.length;
      if (behind <= end && (behind == end || !isLetter(text[behind])) && reads(text, at, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean reads(byte[] text, int at, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      if ((text[at + i] | 0x20) != word[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(byte c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  /** Whether letters are written as numbers, or the constant consists of several. */
  private static boolean hidesLetters(byte[] text, int start, int end) {
    int open = start;
    while (open < end && text[open] != '\'' && text[open] != '$') {
      open++;
    }
    if (open == end || text[open] == '$') {
      return false;
    }
    boolean unicode = text[start] == 'u' || text[start] == 'U';
    boolean escapes = text[start] == 'e' || text[start] == 'E';
    for (int at = open + 1; at < end - 1; at++) {
      if (text[at] == '\'') {
        if (text[at + 1] != '\'' || at + 1 == end - 1) {
          return true;
        }
        at++;
      } else if (text[at] == '\\' && escapes) {
        if ("'\\bfnrt".indexOf(text[at + 1]) < 0) {
          return true;
        }
        at++;
      }
    }
    return unicode;
  }
}
