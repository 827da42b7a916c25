package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Node.Statement;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Other blanks, comments and letter case, which mean nothing. Quoted text stays as it is: a letter
 * before a quote may be part of it, and a dollar begins either a parameter or a quote.
 */
final class Noise {
  private static final String[] BLANKS = {
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\t",
    "\n    ",
    " /* a /* nested */ one */ ",
    " -- it's \"odd\" $x$\n",
    "\f\r\n"
  };

  private final String sql;
  private final SplittableRandom random;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private Noise(String sql, SplittableRandom random) {
    this.sql = sql;
    this.random = random;
  }

  /** The statement with the noise of this number; none when it is 0. */
  static Statement on(Statement statement, long noise) {
    if (noise == 0) {
      return statement;
    }
    String noisy = new Noise(statement.sql(), new SplittableRandom(noise)).make();
    return new Statement(noisy, statement.parameters());
  }

  private String make() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'' || c == '"') {
        keep(quoteEnd(c));
      } else if (c == '$' && sql.startsWith("$q$", at)) {
        keep(sql.indexOf("$q$", at + 3) + 3);
      } else if (c == ' ') {
        out.append(BLANKS[random.nextInt(BLANKS.length)]);
        at++;
      } else if (Character.isLetter(c)) {
        word();
      } else {
        keep(at + 1);
      }
    }
    return out.toString();
  }

  private void keep(int end) {
    out.append(sql, at, end);
    at = end;
  }

  private int quoteEnd(char quote) {
    boolean escapes = quote == '\'' && at > 0 && sql.charAt(at - 1) == 'E';
    int end = at + 1;
    while (sql.charAt(end) != quote || end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
      boolean two = sql.charAt(end) == quote || escapes && sql.charAt(end) == '\\';
      end += two ? 2 : 1;
    }
    return end + 1;
  }

  private void word() {
    int end = at;
    while (end < sql.length() && Character.isLetterOrDigit(sql.charAt(end)) || isJoint(end)) {
      end++;
    }
    boolean prefix = end < sql.length() && (sql.charAt(end) == '\'' || sql.charAt(end) == '&');
    String word = sql.substring(at, end);
    if (!prefix && random.nextInt(4) == 0) {
      word = random.nextBoolean() ? word.toUpperCase(Locale.ROOT) : flipped(word);
    }
    out.append(word);
    at = end;
  }

  private boolean isJoint(int index) {
    return index < sql.length() && sql.charAt(index) == '_';
  }

  private String flipped(String word) {
    StringBuilder flipped = new StringBuilder();
    for (char c : word.toCharArray()) {
      flipped.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return flipped.toString();
  }
}
