package dev.crossfade.postgresql.parity;

import dev.crossfade.sql.parse.Tokens;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a statement calls nothing but what is known to have no effect beyond its result. A write
 * is tried on new with rights that its client may not have, and what a function does may outlive
 * the rollback: sequences, other sessions, files.
 */
final class Calls {
  /** What may stand before a parenthesis and is no call. */
  private static final Set<String> WORDS =
      Set.of(
          "values",
          "in",
          "and",
          "or",
          "not",
          "where",
          "set",
          "conflict",
          "exists",
          "any",
          "all",
          "some",
          "using",
          "returning",
          "by",
          "select",
          "from",
          "on",
          "when",
          "then",
          "else",
          "case",
          "row",
          "array",
          "like",
          "ilike",
          "between",
          "as",
          "is",
          "distinct",
          "having",
          "union",
          "except",
          "intersect",
          "limit",
          "offset",
          "join",
          "cross",
          "over",
          "filter",
          "within",
          "group",
          "insert",
          "update",
          "into",
          "with",
          "materialized",
          "interval",
          "numeric",
          "decimal",
          "varchar",
          "char",
          "character",
          "bit",
          "varbit",
          "time",
          "timestamp",
          "timestamptz",
          "timetz",
          "varying",
          "precision",
          "key");

  /** Functions of every server that compute a value. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "age",
          "array_agg",
          "array_append",
          "array_length",
          "array_position",
          "array_remove",
          "avg",
          "btrim",
          "cast",
          "ceil",
          "ceiling",
          "char_length",
          "clock_timestamp",
          "coalesce",
          "concat",
          "concat_ws",
          "count",
          "date_part",
          "date_trunc",
          "decode",
          "encode",
          "exp",
          "extract",
          "floor",
          "format",
          "gen_random_uuid",
          "generate_series",
          "greatest",
          "initcap",
          "json_build_object",
          "jsonb_build_array",
          "jsonb_build_object",
          "jsonb_set",
          "least",
          "left",
          "length",
          "ln",
          "lower",
          "lpad",
          "ltrim",
          "make_date",
          "make_interval",
          "max",
          "md5",
          "min",
          "mod",
          "now",
          "nullif",
          "overlay",
          "position",
          "power",
          "random",
          "regexp_replace",
          "repeat",
          "replace",
          "right",
          "round",
          "rpad",
          "rtrim",
          "sign",
          "split_part",
          "sqrt",
          "statement_timestamp",
          "string_agg",
          "string_to_array",
          "substr",
          "substring",
          "sum",
          "to_char",
          "to_date",
          "to_json",
          "to_jsonb",
          "to_number",
          "to_timestamp",
          "transaction_timestamp",
          "translate",
          "trim",
          "trunc",
          "unnest",
          "upper");

  private Calls() {}

  /**
   * @param tokens of one statement
   */
  static boolean areHarmless(Tokens tokens) {
    int start = tokens.statementStart(0);
    for (int token = start; token + 1 < tokens.statementEnd(0); token++) {
      byte kind = tokens.kind(token);
      boolean name = kind == Tokens.IDENTIFIER || kind == Tokens.QUOTED_IDENTIFIER;
      if (name
          && tokens.isPunctuation(token + 1, '(')
          && !isTarget(tokens, token, start)
          && !isKnown(tokens, token, kind, start)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(Tokens tokens, int token, byte kind, int start) {
    String word = tokens.text(token).toLowerCase(Locale.ROOT);
    boolean qualified = token > start && tokens.text(token - 1).equals(".");
    return kind == Tokens.IDENTIFIER
        && !qualified
        && (WORDS.contains(word) || FUNCTIONS.contains(word));
  }

  /** The table of an INSERT, in front of its columns. */
  private static boolean isTarget(Tokens tokens, int token, int start) {
    int first = token;
    while (first - 2 >= start && tokens.text(first - 1).equals(".")) {
      first -= 2;
    }
    return first > start && tokens.isWord(first - 1, "INTO");
  }
}
