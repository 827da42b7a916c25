package dev.crossfade.bench.soak;

import java.util.List;

/**
 * What can be asked. Every answer has three columns: a number that follows from the question, a
 * text that follows from the number, and the question's nonce.
 *
 * <p>In the text, {@code :from} and {@code :to} are keys, {@code :nonce} is the nonce.
 */
enum Kind {
  CUSTOMER("SELECT id, full_name, :nonce AS nonce FROM customers WHERE id = :from"),
  ORDER("SELECT id, status, :nonce AS nonce FROM orders WHERE id = :from"),
  ACCOUNT(
      "SELECT aid::bigint, filler::text, :nonce AS nonce FROM pgbench_accounts WHERE aid = :from"),
  /** Of no table. */
  NOTHING("SELECT :from::bigint, 'nothing'::text, :nonce AS nonce"),
  CUSTOMERS(
      "SELECT id, full_name, :nonce AS nonce FROM customers WHERE id BETWEEN :from AND :to"
          + " ORDER BY id"),
  ORDERS(
      "SELECT id, status, :nonce AS nonce FROM orders WHERE id BETWEEN :from AND :to ORDER BY id"),
  ACCOUNTS(
      "SELECT aid::bigint, filler::text, :nonce AS nonce FROM pgbench_accounts"
          + " WHERE aid BETWEEN :from AND :to ORDER BY aid"),
  /** Takes milliseconds on either side; the number is how many there are. */
  COUNT(
      "SELECT count(*), max('counted'::text), :nonce AS nonce FROM customers"
          + " WHERE id BETWEEN :from AND :to AND coalesce(full_name, '') <> :nonce"),
  /** Takes 20 ms on old. */
  SLEEP("SELECT :from::bigint, 'slept'::text, :nonce AS nonce FROM pg_sleep(0.02)"),
  /** The server's error quotes the nonce. */
  REFUSED("SELECT :from::bigint, 'refused'::text, (:nonce)::bigint::text");

  /** What a client prepares. */
  static final List<Kind> ALL = List.of(values());

  private final String sql;
  private final boolean ranged;

  Kind(String sql) {
    this.sql = sql;
    this.ranged = sql.contains(":to");
  }

  /** Whether it asks for all keys between two. */
  boolean isRanged() {
    return ranged;
  }

  /** With parameters: $1 the first key, $2 the nonce, $3 the last key of a range. */
  String withParameters() {
    return sql.replace(":from", "$1").replace(":nonce", "$2::text").replace(":to", "$3");
  }

  /** With literals. */
  String withLiterals(long from, long to, String nonce) {
    return sql.replace(":from", Long.toString(from))
        .replace(":nonce", '\'' + nonce + "'::text")
        .replace(":to", Long.toString(to));
  }
}
