package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import dev.crossfade.bench.writes.Table.Type;

/** Literals and expressions that fit a column, and none of which breaks a rule by itself. */
final class Values {
  /** Beyond the rows that are there at first, keys that a statement may give. */
  private static final int KEYS = Seeding.ROWS + 10;

  /** Of the rows that everybody writes: some with others that refer to them, some without. */
  private static final int HOT_FROM = 5;

  private static final int HOT_KEYS = 7;

  /** Keys that no statement gives twice begin here. */
  private static final int FRESH = 20_000_000;

  private final Dice dice;
  private final int shard;
  private final int number;
  private int fresh;

  /**
   * @param number of the statement; what is fresh is made of it
   */
  Values(Dice dice, int shard, int number) {
    this.dice = dice;
    this.shard = shard;
    this.number = number;
  }

  /** A key that may be there. */
  int key() {
    return shard == 0 ? HOT_FROM + dice.below(HOT_KEYS) : shard * 1000 + dice.below(KEYS);
  }

  /** A value for a row that is to be there beside all others. */
  String fresh(Column column) {
    fresh++;
    return switch (column.type()) {
      case KEY -> String.valueOf(FRESH + number * 10 + fresh);
      case EMAIL -> "'f" + number + "-" + fresh + "'";
      case NUMBER, NICK -> "'f" + number + "-" + fresh + "'";
      case LINE -> String.valueOf(100 + number * 10 + fresh);
      case SKU -> "'f" + number % 10_000 + "-" + fresh + "'";
      default -> literal(column);
    };
  }

  /** NULL now and then where it may be. */
  String literal(Column column) {
    return column.nullable() && dice.chance(20) ? "NULL" : literal(column.type());
  }

  String literal(Type type) {
    return switch (type) {
      case KEY, CUSTOMER, ORDER -> String.valueOf(key());
      case SHARD -> String.valueOf(shard);
      case NAME ->
          dice.one(
              "'Ann'",
              "'Bob Ray'",
              "'Eve  Two Blanks'",
              "'Zoë O''Hara'",
              "' lead'",
              "'tail '",
              "'Max " + number + "'",
              "E'back\\\\slash x'",
              "'名前 漢字'");
      case EMAIL -> "'s" + shard + "-" + dice.below(KEYS) + "'";
      case NUMBER -> "'o" + shard + "-" + dice.below(KEYS) + "'";
      case NICK -> "'m" + shard + "-" + dice.below(KEYS) + "'";
      case CENTS ->
          dice.one(
              "0", "7", "99", "100", String.valueOf(dice.below(100_000)), "'12'", "3.7", "1e3");
      case RATING ->
          dice.one(
              "0", "1.5", "99.99", "3.14159", "-7.005", "'4.25'", String.valueOf(dice.below(90)));
      case TIER -> dice.one("'basic'", "'silver'", "'gold'");
      case THEME -> dice.one("'light'", "'dark'");
      case TEXT ->
          dice.one(
              "''",
              "'plain'",
              "'it''s'",
              "'semi;colon'",
              "'$1 -- no comment'",
              "E'tab\\tnew\\nline'",
              "'n" + number + "'",
              "$q$dollar 'quoted'$q$",
              "'NULL'",
              "'ß漢'");
      case FLAG -> dice.one("true", "false", "'t'", "'off'", "1 = 1");
      case AMOUNT ->
          dice.one("0", "10", "19.99", "19.999", "-5.5", "'7.1'", String.valueOf(dice.below(9999)));
      case SMALL -> String.valueOf(dice.between(1, 30));
      case DAY ->
          dice.one(
              "'2024-05-06'", "date '1999-12-31'", "'2000-01-01'::date", "date '2024-03-01' - 1");
      case LINE -> String.valueOf(dice.below(5));
      case SKU -> "'sku-" + dice.below(6) + "'";
      case PRICE -> dice.one("0", "1.25", "99.995", "'3'", String.valueOf(dice.below(500)));
      case INTEGER -> dice.one("0", "-3", String.valueOf(dice.below(1000)), "2.5");
      case TAGS ->
          dice.one(
              "'{}'",
              "'{a,b}'",
              "ARRAY['x','y','x']",
              "'{NULL,q}'",
              "ARRAY[]::text[]",
              "'{\"with blank\",\"comma,\"}'",
              "ARRAY['t" + number + "']");
    };
  }

  /**
   * An expression that is one of the column's own values whatever the row holds.
   *
   * @param own the column, qualified as need be
   */
  String expression(Type type, String own) {
    return switch (type) {
      case CENTS ->
          dice.one(
              own + " + 0",
              "(" + own + " * 3 + 11) % 100000",
              "abs(" + own + " - 50)",
              own + " / 2");
      case RATING ->
          dice.one(
              own + " / 2", "least(" + own + " + 0.01, 99)", "round(" + own + ", 1)", "-" + own);
      case TIER ->
          "CASE " + own + " WHEN 'basic' THEN 'silver' WHEN 'silver' THEN 'gold' ELSE 'basic' END";
      case THEME -> "CASE WHEN " + own + " = 'dark' THEN 'light' ELSE 'dark' END";
      case NAME ->
          dice.one(
              "left(" + own + " || ' x', 40)",
              "upper(" + own + ")",
              "reverse(" + own + ")",
              "substr(" + own + ", 1, 5)");
      case TEXT ->
          dice.one(
              own + " || '+'",
              "coalesce(" + own + ", 'none')",
              "left(md5(" + own + "), 6)",
              "replace(" + own + ", 'n', 'N')");
      case FLAG -> "NOT " + own;
      case AMOUNT ->
          dice.one("round(" + own + " * 1.1, 3) % 9999", "abs(" + own + ") + 0.005", "-" + own);
      case SMALL -> dice.one("(" + own + " + 1) % 30 + 1", "greatest(1, " + own + " - 3)");
      case DAY -> dice.one(own + " + 1", "greatest(" + own + ", '2001-01-01')");
      case PRICE -> dice.one("(" + own + " * 1.19) % 500", own + " / 3");
      case INTEGER ->
          dice.one("(" + own + " + 1) % 1000", "coalesce(nullif(" + own + ", 3), 5)", "-" + own);
      case TAGS ->
          dice.one(
              own + " || 'more'::text",
              "array_remove(" + own + ", 'a')",
              "'z'::text || " + own,
              own + "[1:2]",
              "array_cat(" + own + ", '{k}')");
      case KEY, SHARD, CUSTOMER, ORDER, LINE, EMAIL, NUMBER, NICK, SKU -> own;
    };
  }
}
