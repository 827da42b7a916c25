package dev.crossfade.sql.write;

import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.parse.WriteOutline.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the commands that are too simple for a grammar, word by word. */
final class Words {
  private final Tokens tokens;
  private final int end;
  private int at;

  Words(Tokens tokens) {
    this.tokens = tokens;
    this.at = tokens.statementStart(0);
    this.end = tokens.statementEnd(0);
  }

  /** The index of the next token. */
  int at() {
    return at;
  }

  boolean isAtEnd() {
    return at >= end;
  }

  /** Takes a word if it comes next. */
  boolean take(String word) {
    boolean found = at < end && tokens.isWord(at, word);
    at += found ? 1 : 0;
    return found;
  }

  /** Takes a sign if it comes next. */
  boolean takeSign(char sign) {
    boolean found =
        at < end
            && (tokens.isPunctuation(at, sign) || tokens.text(at).equals(String.valueOf(sign)));
    at += found ? 1 : 0;
    return found;
  }

  /** A possibly qualified name; null when there is none. */
  @Nullable Target table() {
    int first = at;
    List<String> parts = new ArrayList<>();
    do {
      String name = name();
      if (name == null) {
        return null;
      }
      parts.add(name);
    } while (takeSign('.'));
    return new Target(parts, first, null, false);
  }

  /** A name as the catalog spells it; null when there is none. */
  @Nullable String name() {
    if (at >= end) {
      return null;
    }
    return switch (tokens.kind(at)) {
      case Tokens.IDENTIFIER -> tokens.text(at++).toLowerCase(Locale.ROOT);
      case Tokens.QUOTED_IDENTIFIER -> tokens.identifier(at++);
      default -> null;
    };
  }

  /** Names in parentheses; null when there are none. */
  @Nullable List<String> names() {
    if (!takeSign('(')) {
      return null;
    }
    List<String> names = new ArrayList<>();
    do {
      String name = name();
      if (name == null) {
        return null;
      }
      names.add(name);
    } while (takeSign(','));
    return takeSign(')') ? names : null;
  }

  /** What stands in the parentheses that come next, which are passed; null when there are none. */
  @Nullable Span parenthesised() {
    if (!takeSign('(')) {
      return null;
    }
    int first = at;
    int depth = 1;
    while (at < end && depth > 0) {
      depth += tokens.isPunctuation(at, '(') ? 1 : tokens.isPunctuation(at, ')') ? -1 : 0;
      at++;
    }
    return depth == 0 && at - 1 > first ? new Span(first, at - 1) : null;
  }

  /** Moves to the first of the words outside parentheses, or to the end. */
  void skipTo(List<String> words) {
    int depth = 0;
    while (at < end) {
      boolean found = false;
      for (String word : words) {
        found |= depth == 0 && tokens.isWord(at, word);
      }
      if (found) {
        return;
      }
      depth += tokens.isPunctuation(at, '(') ? 1 : tokens.isPunctuation(at, ')') ? -1 : 0;
      at++;
    }
  }

  /** From a token to before the next one; null when there is nothing between. */
  @Nullable Span since(int first) {
    return at > first ? new Span(first, at) : null;
  }

  /** Everything that is left; null when nothing is. */
  @Nullable Span rest() {
    Span rest = end > at ? new Span(at, end) : null;
    at = end;
    return rest;
  }
}
