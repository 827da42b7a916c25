package dev.crossfade.sql.parse;

/**
 * PostgreSQL's lexical rules on bytes (documentation, "Lexical Structure"), for text in any
 * superset of ASCII and standard_conforming_strings on.
 *
 * <p>Never throws and allocates nothing once warm. One per event loop; the tokens it returns are
 * its own and valid until the next call. What is unterminated ends with the text, and {@link
 * Tokens#wellFormed} is false.
 */
public final class Lexer {
  private static final byte SPACE = 1;
  private static final byte LETTER = 2;
  private static final byte DIGIT = 3;
  private static final byte OPERATOR = 4;
  private static final byte SELF = 5;
  private static final byte[] CLASSES = new byte[256];
  private static final boolean[] CONTINUES = new boolean[256];

  static {
    for (char c : " \t\n\r\f\u000b".toCharArray()) {
      CLASSES[c] = SPACE;
    }
    for (int c = 'a'; c <= 'z'; c++) {
      CLASSES[c] = LETTER;
      CLASSES[c - 32] = LETTER;
    }
    CLASSES['_'] = LETTER;
    for (int c = 0x80; c < 256; c++) {
      CLASSES[c] = LETTER;
    }
    for (int c = '0'; c <= '9'; c++) {
      CLASSES[c] = DIGIT;
    }
    for (char c : "+-*/<>=~!@#%^&|`?".toCharArray()) {
      CLASSES[c] = OPERATOR;
    }
    for (char c : ",()[].;:".toCharArray()) {
      CLASSES[c] = SELF;
    }
    for (int c = 0; c < 256; c++) {
      CONTINUES[c] = CLASSES[c] == LETTER || CLASSES[c] == DIGIT || c == '$';
    }
  }

  private final Tokens tokens = new Tokens();
  private byte[] text = new byte[0];
  private int length;
  private int at;

  /** Lexes the first {@code count} bytes. */
  public Tokens lex(byte[] sql, int count) {
    text = sql;
    length = count;
    at = 0;
    tokens.begin(sql, count);
    while (skipBlank()) {
      token();
    }
    tokens.finish();
    return tokens;
  }

  private int peek(int position) {
    return position < length ? text[position] & 0xff : -1;
  }

  private static boolean continuesIdentifier(int c) {
    return c >= 0 && CONTINUES[c];
  }

  /** Moves to the next token; false at the end of the text. */
  private boolean skipBlank() {
    while (at < length) {
      int c = text[at] & 0xff;
      if (CLASSES[c] == SPACE) {
        at++;
      } else if (CLASSES[c] != OPERATOR) {
        return true;
      } else if (c == '-' && peek(at + 1) == '-') {
        skipLineComment();
      } else if (c == '/' && peek(at + 1) == '*') {
        skipBlockComment();
      } else {
        return true;
      }
    }
    return false;
  }

  private void skipLineComment() {
    while (at < length && text[at] != '\n' && text[at] != '\r') {
      at++;
    }
  }

  private void skipBlockComment() {
    int open = at;
    int depth = 0;
    do {
      if (at + 1 >= length) {
        at = length;
        tokens.malformed(open);
        return;
      }
      if (text[at] == '/' && text[at + 1] == '*') {
        depth++;
        at += 2;
      } else if (text[at] == '*' && text[at + 1] == '/') {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private void token() {
    int start = at;
    int c = text[at] & 0xff;
    switch (CLASSES[c]) {
      case LETTER -> word(start, c);
      case DIGIT -> number(start);
      case OPERATOR -> operator(start);
      case SELF -> self(start, c);
      default -> other(start, c);
    }
  }

  private void word(int start, int c) {
    int next = peek(at + 1);
    if (next == '\''
        && (c == 'e' || c == 'E' || c == 'b' || c == 'B' || c == 'x' || c == 'X' || c == 'n'
            || c == 'N')) {
      at++;
      string(start, c == 'e' || c == 'E');
      return;
    }
    if ((c == 'u' || c == 'U') && next == '&' && (peek(at + 2) == '\'' || peek(at + 2) == '"')) {
      at += 2;
      if (text[at] == '\'') {
        string(start, false);
      } else {
        quotedIdentifier(start);
      }
      return;
    }
    byte[] bytes = text;
    int limit = length;
    int end = at + 1;
    while (end < limit && CONTINUES[bytes[end] & 0xff]) {
      end++;
    }
    at = end;
    tokens.add(Tokens.IDENTIFIER, start, end);
  }

  /** At the opening quote. */
  private void string(int start, boolean backslashes) {
    do {
      at++;
      quoted(backslashes);
    } while (continuesOnNextLine());
    tokens.add(Tokens.STRING, start, at);
  }

  private void quoted(boolean backslashes) {
    int open = at - 1;
    while (at < length) {
      int c = text[at++];
      if (c == '\\' && backslashes) {
        at++;
      } else if (c == '\'') {
        if (peek(at) != '\'') {
          return;
        }
        at++;
      }
    }
    at = length;
    tokens.malformed(open);
  }

  /**
   * Two string constants with a line break between them are one. Moves to the second one's quote.
   */
  private boolean continuesOnNextLine() {
    int ahead = at;
    boolean newline = false;
    while (ahead < length && CLASSES[text[ahead] & 0xff] == SPACE) {
      newline |= text[ahead] == '\n' || text[ahead] == '\r';
      ahead++;
    }
    if (newline && peek(ahead) == '\'') {
      at = ahead;
      return true;
    }
    return false;
  }

  /** At the opening quote. */
  private void quotedIdentifier(int start) {
    at++;
    while (at < length) {
      if (text[at++] == '"') {
        if (peek(at) != '"') {
          tokens.add(Tokens.QUOTED_IDENTIFIER, start, at);
          return;
        }
        at++;
      }
    }
    tokens.malformed(start);
    tokens.add(Tokens.QUOTED_IDENTIFIER, start, at);
  }

  private void number(int start) {
    int base = peek(at + 1);
    if (text[at] == '0' && base > 0 && "xXoObB".indexOf(base) >= 0 && isHexDigit(peek(at + 2))) {
      at += 2;
      while (isHexDigit(peek(at)) || peek(at) == '_') {
        at++;
      }
      tokens.add(Tokens.NUMBER, start, at);
      return;
    }
    digits();
    if (peek(at) == '.' && peek(at + 1) != '.') {
      at++;
      digits();
    }
    exponent();
    tokens.add(Tokens.NUMBER, start, at);
  }

  private void digits() {
    while (isDigit(peek(at)) || peek(at) == '_' && isDigit(peek(at + 1))) {
      at++;
    }
  }

  private void exponent() {
    int c = peek(at);
    if (c == 'e' || c == 'E') {
      int sign = peek(at + 1);
      int first = sign == '+' || sign == '-' ? at + 2 : at + 1;
      if (isDigit(peek(first))) {
        at = first;
        digits();
      }
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHexDigit(int c) {
    return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }

  private void operator(int start) {
    boolean mayEndInSign = false;
    while (peek(at) >= 0 && CLASSES[peek(at)] == OPERATOR && !commentStarts()) {
      mayEndInSign |= "~!@#%^&|`?".indexOf(text[at]) >= 0;
      at++;
    }
    // As in the server: "=-1" is "=" and "-1".
    while (at - start > 1 && !mayEndInSign && (text[at - 1] == '+' || text[at - 1] == '-')) {
      at--;
    }
    tokens.add(Tokens.OPERATOR, start, at);
  }

  private boolean commentStarts() {
    return text[at] == '-' && peek(at + 1) == '-' || text[at] == '/' && peek(at + 1) == '*';
  }

  private void self(int start, int c) {
    int next = peek(at + 1);
    if (c == '.' && isDigit(next)) {
      at++;
      digits();
      exponent();
      tokens.add(Tokens.NUMBER, start, at);
      return;
    }
    boolean twoBytes = c == ':' && (next == ':' || next == '=') || c == '.' && next == '.';
    at += twoBytes ? 2 : 1;
    tokens.add(Tokens.PUNCTUATION, start, at);
  }

  private void other(int start, int c) {
    switch (c) {
      case '\'' -> string(start, false);
      case '"' -> quotedIdentifier(start);
      case '$' -> dollar(start);
      default -> {
        at++;
        tokens.malformed(start);
        tokens.add(Tokens.PUNCTUATION, start, at);
      }
    }
  }

  private void dollar(int start) {
    at++;
    if (isDigit(peek(at))) {
      while (isDigit(peek(at))) {
        at++;
      }
      tokens.add(Tokens.PARAMETER, start, at);
      return;
    }
    int tag = at;
    while (peek(at) != '$' && continuesIdentifier(peek(at))) {
      at++;
    }
    if (peek(at) != '$') {
      at = tag;
      tokens.malformed(start);
      tokens.add(Tokens.PUNCTUATION, start, at);
      return;
    }
    at++;
    closeDollar(start, at - start);
  }

  private void closeDollar(int start, int tagLength) {
    while (at < length) {
      if (text[at] == '$' && matches(start, at, tagLength)) {
        at += tagLength;
        tokens.add(Tokens.STRING, start, at);
        return;
      }
      at++;
    }
    tokens.malformed(start);
    tokens.add(Tokens.STRING, start, at);
  }

  private boolean matches(int first, int second, int count) {
    if (second + count > length) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (text[first + i] != text[second + i]) {
        return false;
      }
    }
    return true;
  }
}
