package dev.crossfade.sql.parse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The tokens of one text, owned and reused by a {@link Lexer}. Blanks and comments are no tokens.
 *
 * <p>Offsets are bytes.
 */
public final class Tokens {
  public static final byte IDENTIFIER = 1;
  public static final byte QUOTED_IDENTIFIER = 2;

  /** Any string constant: quoted, E, B, X, N, U&amp; or dollar-quoted. */
  public static final byte STRING = 3;

  public static final byte NUMBER = 4;

  /** {@code $1}. */
  public static final byte PARAMETER = 5;

  public static final byte OPERATOR = 6;

  /** One of {@code , ( ) [ ] . ; :} or {@code :: := ..}. */
  public static final byte PUNCTUATION = 7;

  private byte[] text = new byte[0];
  private int textLength;
  private byte[] kinds = new byte[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] statements = new int[4];
  private int count;
  private int statementCount;
  private int depth;
  private boolean statementOpen;
  private int malformedAt;

  void begin(byte[] sql, int length) {
    text = sql;
    textLength = length;
    count = 0;
    statementCount = 0;
    depth = 0;
    statementOpen = false;
    malformedAt = -1;
  }

  void add(byte kind, int start, int end) {
    if (count == kinds.length) {
      kinds = Arrays.copyOf(kinds, count * 2);
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count] = end;
    count++;
    if (kind == PUNCTUATION) {
      nest(text[start]);
    } else {
      openStatement();
    }
  }

  private void nest(byte c) {
    switch (c) {
      case '(', '[' -> {
        openStatement();
        depth++;
      }
      case ')', ']' -> depth--;
      case ';' -> statementOpen &= depth > 0;
      default -> openStatement();
    }
  }

  private void openStatement() {
    if (!statementOpen) {
      statementOpen = true;
      if (statementCount == statements.length) {
        statements = Arrays.copyOf(statements, statementCount * 2);
      }
      statements[statementCount++] = count - 1;
    }
  }

  /** Of several places the first counts. */
  void malformed(int offset) {
    if (malformedAt < 0) {
      malformedAt = offset;
    }
  }

  void finish() {
    if (depth != 0 && malformedAt < 0) {
      malformedAt = depth > 0 ? neverClosed() : neverOpened();
    }
  }

  /** The first of the parentheses and brackets that stay open. */
  private int neverClosed() {
    int closed = 0;
    int open = textLength;
    for (int token = count - 1; token >= 0; token--) {
      if (isPunctuation(token, ')') || isPunctuation(token, ']')) {
        closed++;
      } else if (isPunctuation(token, '(') || isPunctuation(token, '[')) {
        open = closed == 0 ? starts[token] : open;
        closed = Math.max(0, closed - 1);
      }
    }
    return open;
  }

  private int neverOpened() {
    int open = 0;
    for (int token = 0; token < count; token++) {
      if (isPunctuation(token, '(') || isPunctuation(token, '[')) {
        open++;
      } else if ((isPunctuation(token, ')') || isPunctuation(token, ']')) && --open < 0) {
        return starts[token];
      }
    }
    return textLength;
  }

  public int count() {
    return count;
  }

  /** Whether everything that was opened was closed, and every byte belongs to a token. */
  public boolean wellFormed() {
    return malformedAt < 0;
  }

  /** The offset of what keeps the text from being well-formed; -1 when nothing does. */
  public int malformedAt() {
    return malformedAt;
  }

  public byte kind(int token) {
    return kinds[token];
  }

  public int start(int token) {
    return starts[token];
  }

  public int end(int token) {
    return ends[token];
  }

  /** Bytes of the whole text. */
  public int textLength() {
    return textLength;
  }

  /** Statements separated by top-level semicolons; empty ones are not counted. */
  public int statementCount() {
    return statementCount;
  }

  /** The first token of a statement. */
  public int statementStart(int statement) {
    return statements[statement];
  }

  /** Behind the last token of a statement, its semicolon left out. */
  public int statementEnd(int statement) {
    int end = statement + 1 < statementCount ? statements[statement + 1] : count;
    while (end > statements[statement] && isPunctuation(end - 1, ';')) {
      end--;
    }
    return end;
  }

  /** The kind of the first statement. */
  public StatementKind kind() {
    return statementCount == 0 ? StatementKind.EMPTY : statementKind(0);
  }

  public StatementKind statementKind(int statement) {
    return StatementKinds.of(this, statementStart(statement), statementEnd(statement));
  }

  /** Whether any of the statements may change data, as far as its words tell. */
  public boolean mayWrite() {
    for (int statement = 0; statement < statementCount; statement++) {
      if (StatementKinds.mayWrite(this, statementStart(statement), statementEnd(statement))) {
        return true;
      }
    }
    return false;
  }

  public boolean isPunctuation(int token, char c) {
    return kinds[token] == PUNCTUATION
        && text[starts[token]] == c
        && ends[token] - starts[token] == 1;
  }

  /**
   * Whether an unquoted identifier reads like this keyword.
   *
   * @param keyword in upper case
   */
  public boolean isWord(int token, String keyword) {
    if (token >= count
        || kinds[token] != IDENTIFIER
        || ends[token] - starts[token] != keyword.length()) {
      return false;
    }
    for (int i = 0; i < keyword.length(); i++) {
      int c = text[starts[token] + i];
      if ((c >= 'a' && c <= 'z' ? c - 32 : c) != keyword.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The token's text as it stands. */
  public String text(int token) {
    return new String(text, starts[token], ends[token] - starts[token], StandardCharsets.UTF_8);
  }

  /** An identifier as the catalog spells it: unquoted ones folded to lower case, quotes removed. */
  public String identifier(int token) {
    String word = text(token);
    if (kinds[token] == QUOTED_IDENTIFIER) {
      int open = word.indexOf('"');
      int close =
          word.length() > open + 1 && word.endsWith("\"") ? word.length() - 1 : word.length();
      return word.substring(open + 1, close).replace("\"\"", "\"");
    }
    return foldAscii(word);
  }

  /** As the server folds in a UTF-8 database: letters beyond ASCII stay as they are. */
  private static String foldAscii(String word) {
    char[] letters = word.toCharArray();
    for (int i = 0; i < letters.length; i++) {
      if (letters[i] >= 'A' && letters[i] <= 'Z') {
        letters[i] = (char) (letters[i] | 0x20);
      }
    }
    return new String(letters);
  }

  /**
   * Whether any identifier in the text is one of the names. A Unicode-escaped identifier counts as
   * one, to be safe.
   */
  public boolean names(MappedNames names) {
    return names(names, 0, count);
  }

  /** The same of one statement of the text. */
  public boolean names(MappedNames names, int statement) {
    return names(names, statementStart(statement), statementEnd(statement));
  }

  /** Whether a statement that may change data has one of the names in it. */
  public boolean mayWrite(MappedNames names) {
    for (int statement = 0; statement < statementCount; statement++) {
      int start = statementStart(statement);
      int end = statementEnd(statement);
      if (names(names, start, end) && StatementKinds.mayWrite(this, start, end)) {
        return true;
      }
    }
    return false;
  }

  private boolean names(MappedNames names, int first, int end) {
    for (int token = first; token < end; token++) {
      if (kinds[token] == IDENTIFIER) {
        if (names.contains(text, starts[token], ends[token], true)) {
          return true;
        }
      } else if (kinds[token] == QUOTED_IDENTIFIER && namesQuoted(token, names)) {
        return true;
      }
    }
    return false;
  }

  private boolean namesQuoted(int token, MappedNames names) {
    if (text[starts[token]] != '"') {
      return true;
    }
    for (int i = starts[token] + 1; i < ends[token] - 1; i++) {
      if (text[i] == '"') {
        return names.contains(identifier(token));
      }
    }
    return names.contains(text, starts[token] + 1, ends[token] - 1, false);
  }

  byte[] bytes() {
    return text;
  }
}
