package dev.crossfade.bench.data;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** The new shape: customers in two tables, orders under other names. */
public final class NewSchema {
  private static final String[] TABLES = {
    "CREATE TABLE people (id bigint PRIMARY KEY, given_name text, family_name text, balance"
        + " numeric, created_at timestamptz)",
    "CREATE TABLE contacts (person_id bigint PRIMARY KEY, email varchar(120) NOT NULL)",
    """
    CREATE TABLE purchases (
      id bigint PRIMARY KEY,
      buyer_id bigint NOT NULL,
      state varchar(20) NOT NULL,
      amount_cents bigint NOT NULL,
      remark text,
      placed_at timestamptz NOT NULL)
    """
  };

  private static final String[] INDEXES = {
    "CREATE INDEX contacts_email ON contacts (email)",
    "CREATE INDEX purchases_buyer ON purchases (buyer_id)",
    "ANALYZE"
  };

  private NewSchema() {}

  /** Creates every table and streams into it what its {@code up} query gives on old. */
  public static void fill(Connection target, Connection old, LensFile lens) throws SQLException {
    OldSchema.execute(target, TABLES);
    for (LensFile.Mapping table : lens.up()) {
      copy(table, old, target);
    }
    OldSchema.execute(target, INDEXES);
  }

  /** Streams into one table what its {@code up} query gives on old. */
  public static void copy(LensFile.Mapping table, Connection old, Connection target)
      throws SQLException {
    transfer(
        old,
        "COPY (" + table.query() + ") TO STDOUT",
        target,
        "COPY " + table.table() + " FROM STDIN");
  }

  private static void transfer(Connection from, String select, Connection to, String insert)
      throws SQLException {
    CopyOut source = from.unwrap(PGConnection.class).getCopyAPI().copyOut(select);
    CopyIn sink = to.unwrap(PGConnection.class).getCopyAPI().copyIn(insert);
    for (byte[] rows = source.readFromCopy(); rows != null; rows = source.readFromCopy()) {
      sink.writeToCopy(rows, 0, rows.length);
    }
    sink.endCopy();
  }
}
