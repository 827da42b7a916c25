package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A side's database and the mirror's login to it.
 *
 * @param jdbc the driver's URL, without a password
 * @param login user, password and the driver's other properties
 */
public record Endpoint(String jdbc, Properties login) {
  /**
   * Values are carried as text, so both servers must write and read it in one form. Where a policy
   * would hide rows the query fails, for they would be deleted on the other side.
   */
  private static final String SETTINGS =
      "-c crossfade.origin=mirror -c search_path=public -c bytea_output=hex -c DateStyle=ISO -c"
          + " IntervalStyle=postgres -c TimeZone=UTC -c jit=off -c standard_conforming_strings=on"
          + " -c extra_float_digits=1 -c xmlbinary=base64 -c row_security=off -c"
          + " synchronous_commit=on -c idle_in_transaction_session_timeout=0 -c lock_timeout=10s -c"
          + " statement_timeout=60s";

  /** What one answer may hold, in bytes; the sidecar has a small heap. */
  private static final int LARGEST_ANSWER = 12 << 20;

  /** What a connection is for. */
  public enum Use {
    /** Each batch of statements has one snapshot, and writes nothing. */
    READ(" -c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on"),
    /** Each statement sees what was committed before it. */
    WRITE(" -c default_transaction_isolation=read\\ committed");

    private final String settings;

    Use(String settings) {
      this.settings = settings;
    }
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return jdbc;
  }

  /** Whether it was given up because the answer was larger than that. */
  static boolean isTooLarge(SQLException e) {
    return String.valueOf(e.getMessage()).contains("maxResultBuffer");
  }

  Connection open(Use use) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(login);
    properties.setProperty("options", SETTINGS + use.settings);
    properties.setProperty("ApplicationName", "crossfade-mirror");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "90");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("prepareThreshold", "3");
    properties.setProperty("maxResultBuffer", String.valueOf(LARGEST_ANSWER));
    Connection connection = DriverManager.getConnection(jdbc, properties);
    if (use == Use.WRITE) {
      connection.setAutoCommit(false);
    }
    return connection;
  }
}
