package dev.crossfade.postgresql.parity;

import dev.crossfade.sql.parse.Tokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the words of a write say of how much its outcome depends on the rows that it meets. What is
 * not certain counts as the worst.
 *
 * @param kind what it does
 * @param steady an UPDATE that sets what is given, on rows that it finds by other columns than it
 *     sets: over its own effect it does the same again
 * @param returned which columns of RETURNING, counted from 0, hold what the statement itself gives
 */
record WriteForm(Kind kind, boolean steady, List<Integer> returned) {
  enum Kind {
    /** Rows that are given, and nothing else. */
    INSERT,
    UPDATE,
    DELETE,
    /** Whatever may do one or the other: ON CONFLICT, MERGE, a WITH. */
    MIXED
  }

  /** Words of an expression that name no column. */
  private static final Set<String> WORDS =
      Set.of(
          "null",
          "true",
          "false",
          "default",
          "array",
          "row",
          "interval",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "numeric",
          "text",
          "uuid",
          "json",
          "jsonb",
          "boolean",
          "current_date",
          "current_timestamp",
          "localtimestamp");

  WriteForm {
    returned = List.copyOf(returned);
  }

  /** Whether what it writes is in the statement, rather than computed from rows. */
  boolean isGiven() {
    return kind == Kind.INSERT || steady;
  }

  /**
   * @param tokens of one statement
   */
  static WriteForm of(Tokens tokens) {
    return new Reading(tokens).form();
  }

  /** One look at the tokens. */
  private static final class Reading {
    private final Tokens tokens;
    private final int start;
    private final int end;
    private final int returning;

    /** Columns that it gives values to. */
    private final Set<String> given = new HashSet<>();

    Reading(Tokens tokens) {
      this.tokens = tokens;
      this.start = tokens.statementStart(0);
      this.end = tokens.statementEnd(0);
      this.returning = find("RETURNING", start);
    }

    WriteForm form() {
      if (tokens.isWord(start, "UPDATE")) {
        boolean steady = isSteady();
        return new WriteForm(Kind.UPDATE, steady, steady ? returned() : List.of());
      }
      if (tokens.isWord(start, "DELETE")) {
        return new WriteForm(Kind.DELETE, false, List.of());
      }
      boolean rows =
          tokens.isWord(start, "INSERT")
              && find("SELECT", start) == end
              && find("CONFLICT", start) == end;
      if (!rows) {
        return new WriteForm(Kind.MIXED, false, List.of());
      }
      columns();
      return new WriteForm(Kind.INSERT, false, returned());
    }

    /**
     * Where a word stands outside parentheses, or anywhere for SELECT; the end where it does not.
     */
    private int find(String word, int from) {
      int depth = 0;
      for (int token = from; token < end; token++) {
        depth += step(token);
        if ((depth == 0 || word.equals("SELECT")) && tokens.isWord(token, word)) {
          return token;
        }
      }
      return end;
    }

    private int step(int token) {
      return tokens.isPunctuation(token, '(') ? 1 : tokens.isPunctuation(token, ')') ? -1 : 0;
    }

    /** Those that an INSERT names in front of its VALUES. */
    private void columns() {
      int values = find("VALUES", start);
      for (int token = start; token < values; token++) {
        boolean listed =
            token > start
                && (tokens.isPunctuation(token - 1, '(') || tokens.isPunctuation(token - 1, ','));
        if (listed && isName(token)) {
          given.add(tokens.identifier(token));
        }
      }
    }

    private boolean isSteady() {
      int set = find("SET", start);
      int where = Math.min(find("WHERE", start), returning);
      boolean target = true;
      int depth = 0;
      for (int token = set + 1; token < where; token++) {
        depth += step(token);
        if (target) {
          target = !isEquals(token);
          if (target && isName(token)) {
            given.add(tokens.identifier(token));
          }
        } else if (depth == 0 && tokens.isPunctuation(token, ',')) {
          target = true;
        } else if (mayBeColumn(token)) {
          return false;
        }
      }
      return set < end && !finds(where);
    }

    /** Whether it looks for rows by what it sets, or by other rows. */
    private boolean finds(int where) {
      for (int token = where; token < returning; token++) {
        if (isName(token)
            && (given.contains(tokens.identifier(token)) || tokens.isWord(token, "SELECT"))) {
          return true;
        }
      }
      return false;
    }

    /** Items that are one name each; one with a star may be any number of columns. */
    private List<Integer> returned() {
      List<Integer> columns = new ArrayList<>();
      int item = 0;
      int depth = 0;
      for (int token = returning + 1; token < end; token++) {
        depth += step(token);
        if (tokens.text(token).equals("*")) {
          return List.of();
        }
        boolean first =
            tokens.isWord(token - 1, "RETURNING")
                || depth == 0 && tokens.isPunctuation(token - 1, ',');
        boolean last =
            token + 1 == end
                || tokens.isPunctuation(token + 1, ',')
                || tokens.isWord(token + 1, "AS");
        item += first && token > returning + 1 ? 1 : 0;
        if (first && last && isName(token) && given.contains(tokens.identifier(token))) {
          columns.add(item);
        }
      }
      return columns;
    }

    private boolean isEquals(int token) {
      return tokens.kind(token) == Tokens.OPERATOR && tokens.text(token).equals("=");
    }

    private boolean isName(int token) {
      byte kind = tokens.kind(token);
      return kind == Tokens.IDENTIFIER || kind == Tokens.QUOTED_IDENTIFIER;
    }

    private boolean mayBeColumn(int token) {
      if (!isName(token)) {
        return false;
      }
      boolean known =
          tokens.kind(token) == Tokens.IDENTIFIER
              && WORDS.contains(tokens.text(token).toLowerCase(Locale.ROOT));
      boolean function = token + 1 < end && tokens.isPunctuation(token + 1, '(');
      boolean type = tokens.text(token - 1).endsWith(":");
      return !known && !function && !type;
    }
  }
}
