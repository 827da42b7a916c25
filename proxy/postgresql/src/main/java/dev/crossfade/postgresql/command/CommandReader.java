package dev.crossfade.postgresql.command;

import dev.crossfade.sql.parse.Tokens;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Tells commands from statements. What is not certainly a command is old's. */
public final class CommandReader {
  private CommandReader() {}

  /**
   * Whether the text may be a command, by the first two letters behind blanks and comments: all
   * that any other statement costs.
   */
  public static boolean mayBe(ByteBuf borrowed, int start, int end) {
    int at = start;
    while (at < end - 1) {
      int c = borrowed.getByte(at);
      int next = borrowed.getByte(at + 1);
      if (c == ' ' || c >= '\t' && c <= '\r') {
        at++;
      } else if (c == '-' && next == '-') {
        at = endOfLine(borrowed, at, end);
      } else if (c == '/' && next == '*') {
        at = endOfComment(borrowed, at, end);
      } else {
        int upper = c & ~0x20;
        int upperNext = next & ~0x20;
        return upper == 'S' && upperNext == 'H' || upper == 'E' && upperNext == 'X';
      }
    }
    return false;
  }

  private static int endOfLine(ByteBuf borrowed, int start, int end) {
    int at = start;
    while (at < end && borrowed.getByte(at) != '\n' && borrowed.getByte(at) != '\r') {
      at++;
    }
    return at;
  }

  private static int endOfComment(ByteBuf borrowed, int start, int end) {
    int at = start;
    int depth = 0;
    do {
      if (at + 1 >= end) {
        return end;
      }
      int pair = borrowed.getShort(at);
      depth += pair == ('/' << 8 | '*') ? 1 : pair == ('*' << 8 | '/') ? -1 : 0;
      at += pair == ('/' << 8 | '*') || pair == ('*' << 8 | '/') ? 2 : 1;
    } while (depth > 0);
    return at;
  }

  /**
   * @return null when the text is none, or more than one statement
   */
  public static @Nullable Command read(Tokens tokens) {
    if (tokens.statementCount() != 1) {
      return null;
    }
    int first = tokens.statementStart(0);
    int end = tokens.statementEnd(0);
    if (end - first < 2 || !tokens.isWord(first + 1, "CROSSFADE")) {
      return null;
    }
    if (tokens.isWord(first, "SHOW")) {
      return show(tokens, first + 2, end);
    }
    return tokens.isWord(first, "EXPLAIN") ? explain(tokens, first + 2, end) : null;
  }

  private static Command show(Tokens tokens, int dot, int end) {
    if (dot == end) {
      return mistaken("SHOW CROSSFADE does not say what to show", tokens.end(end - 1));
    }
    if (!tokens.isPunctuation(dot, '.')) {
      return mistaken(atOrNear(tokens, dot), tokens.start(dot));
    }
    int word = dot + 1;
    if (word == end) {
      return mistaken("SHOW CROSSFADE. does not say what to show", tokens.end(end - 1));
    }
    if (word + 1 < end) {
      return mistaken(atOrNear(tokens, word + 1), tokens.start(word + 1));
    }
    for (Topic topic : Topic.values()) {
      if (tokens.isWord(word, topic.name())) {
        return new Command.Show(topic);
      }
    }
    return mistaken(
        "unrecognized Crossfade topic \"" + tokens.text(word) + '"', tokens.start(word));
  }

  private static Command explain(Tokens tokens, int first, int end) {
    return first >= end
        ? mistaken("EXPLAIN CROSSFADE needs a statement", tokens.end(end - 1))
        : new Command.Explain(tokens.start(first), tokens.end(end - 1));
  }

  private static String atOrNear(Tokens tokens, int token) {
    return "syntax error at or near \"" + tokens.text(token) + '"';
  }

  private static Command.Mistaken mistaken(String message, int offset) {
    return new Command.Mistaken(message, "Crossfade knows " + Topic.ALL + '.', offset);
  }
}
