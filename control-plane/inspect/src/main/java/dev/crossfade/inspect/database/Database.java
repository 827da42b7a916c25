package dev.crossfade.inspect.database;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGResultSetMetaData;

/**
 * A connection to one side that can not write: its session is READ ONLY, each query is a
 * transaction of its own, and none runs longer than the limit. Values come as text in one form,
 * whatever the server's configuration. Where a policy would hide rows from it, it fails rather than
 * take the rest for all.
 */
public final class Database implements AutoCloseable {
  private static final String SETTINGS =
      "-c default_transaction_read_only=on -c search_path=public -c bytea_output=hex"
          + " -c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC -c jit=off"
          + " -c standard_conforming_strings=on -c extra_float_digits=1"
          + " -c row_security=off";

  private final Side side;
  private final Connection connection;

  private Database(Side side, Connection connection) {
    this.side = side;
    this.connection = connection;
  }

  /**
   * @param queryMax how long one query may run
   * @throws QueryException when nobody can be asked there
   */
  public static Database open(Side side, DatabaseUrl url, Duration queryMax) throws QueryException {
    Properties properties = url.properties();
    properties.setProperty("options", SETTINGS + " -c statement_timeout=" + queryMax.toMillis());
    properties.setProperty("ApplicationName", "crossfade-lens-check");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    // Every text is asked once: a server-side plan would only be kept for nothing.
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("preferQueryMode", "simple");
    try {
      return new Database(side, DriverManager.getConnection(url.jdbc(), properties));
    } catch (SQLException e) {
      throw new QueryException(e);
    }
  }

  public Side side() {
    return side;
  }

  /** The rows, each value as text. */
  public List<List<@Nullable String>> query(String sql) throws QueryException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>(columns);
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new QueryException(e);
    }
  }

  /**
   * A column of a query's result.
   *
   * @param type its name, without modifiers
   * @param table whose column it is as it stands; null when it is computed
   * @param origin the name of that column
   */
  public record ResultColumn(String name, String type, @Nullable TableName table, String origin) {}

  /** What a query gives, none of its rows. */
  public List<ResultColumn> describe(String sql) throws QueryException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM (" + sql + ") AS d LIMIT 0")) {
      ResultSetMetaData plain = result.getMetaData();
      PGResultSetMetaData more = plain.unwrap(PGResultSetMetaData.class);
      List<ResultColumn> columns = new ArrayList<>();
      for (int column = 1; column <= plain.getColumnCount(); column++) {
        String table = more.getBaseTableName(column);
        String schema = more.getBaseSchemaName(column);
        columns.add(
            new ResultColumn(
                plain.getColumnLabel(column),
                type(plain.getColumnTypeName(column)),
                table.isEmpty() || schema.isEmpty() ? null : new TableName(schema, table),
                more.getBaseColumnName(column)));
      }
      return columns;
    } catch (SQLException e) {
      throw new QueryException(e);
    }
  }

  /** The driver calls an integer with a sequence a serial. */
  private static String type(String name) {
    return switch (name) {
      case "smallserial" -> "int2";
      case "serial" -> "int4";
      case "bigserial" -> "int8";
      default -> name;
    };
  }

  /** Runs it with another limit than the connection's. */
  public List<List<@Nullable String>> query(String sql, Duration max) throws QueryException {
    String usual = String.valueOf(query("SHOW statement_timeout").getFirst().getFirst());
    set(String.valueOf(max.toMillis()));
    try {
      return query(sql);
    } finally {
      set(usual);
    }
  }

  private void set(String timeout) throws QueryException {
    query("SELECT set_config('statement_timeout', '" + timeout + "', false)");
  }

  public Catalog catalog() throws QueryException, CatalogTooLargeException {
    return CatalogQueries.read(this::query);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It has only read: nothing is lost with it.
      return;
    }
  }
}
