package dev.crossfade.bench.data;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** The laws of a lens, checked over every row by the databases themselves. */
public final class LensLaw {
  /**
   * What a check of one table found.
   *
   * @param law in words, for people
   * @param rows of the table
   * @param differing rows that are on one side only, both sides counted
   */
  public record Finding(String law, long rows, long differing) {
    public boolean holds() {
      return differing == 0;
    }
  }

  private LensLaw() {}

  /**
   * Checks, on both servers at once, {@code down(up(old)) = old} on old, {@code up(down(new)) =
   * new} on new, and that new is the image of old.
   */
  public static List<Finding> check(LensFile lens, Connection old, Connection target)
      throws SQLException {
    CompletableFuture<List<Finding>> onNew =
        CompletableFuture.supplyAsync(
            () -> roundTrips("up(down(new)) = new", lens.up(), lens.down(), target));
    List<Finding> findings =
        new ArrayList<>(roundTrips("down(up(old)) = old", lens.down(), lens.up(), old));
    findings.addAll(onNew.join());
    for (LensFile.Mapping table : lens.down()) {
      findings.add(image(table, old, target));
    }
    return findings;
  }

  private static List<Finding> roundTrips(
      String law,
      List<LensFile.Mapping> tables,
      List<LensFile.Mapping> there,
      Connection connection) {
    List<Finding> findings = new ArrayList<>();
    try {
      for (LensFile.Mapping table : tables) {
        findings.add(roundTrip(law, table, there, connection));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the queries of the lens do not run: " + e.getMessage(), e);
    }
    return findings;
  }

  private static Finding roundTrip(
      String law, LensFile.Mapping table, List<LensFile.Mapping> there, Connection connection)
      throws SQLException {
    StringBuilder sql = new StringBuilder("WITH ");
    for (LensFile.Mapping other : there) {
      sql.append(other.table()).append(" AS (").append(other.query()).append("), ");
    }
    sql.append("image AS (").append(table.query()).append(") ");
    sql.append("SELECT (SELECT count(*) FROM ").append(table.table()).append("), ");
    sql.append("(SELECT count(*) FROM (TABLE image EXCEPT ALL TABLE ")
        .append(table.table())
        .append(") AS more) + ");
    sql.append("(SELECT count(*) FROM (TABLE ")
        .append(table.table())
        .append(" EXCEPT ALL TABLE image) AS less)");
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql.toString())) {
      result.next();
      return new Finding(law + " for " + table.table(), result.getLong(1), result.getLong(2));
    }
  }

  /**
   * Byte by byte, in the order of the first column: equal numerics of other scale are not equal
   * enough for a client.
   */
  private static Finding image(LensFile.Mapping table, Connection old, Connection target)
      throws SQLException {
    CopyOut left = copyOut(old, "SELECT * FROM " + table.table());
    CopyOut right = copyOut(target, "SELECT * FROM (" + table.query() + ") AS image");
    long rows = 0;
    long differing = 0;
    byte[] expected = left.readFromCopy();
    byte[] found = right.readFromCopy();
    while (expected != null || found != null) {
      rows += expected == null ? 0 : 1;
      differing += Arrays.equals(expected, found) ? 0 : 1;
      expected = expected == null ? null : left.readFromCopy();
      found = found == null ? null : right.readFromCopy();
    }
    return new Finding("down(new) = old, byte by byte, for " + table.table(), rows, differing);
  }

  private static CopyOut copyOut(Connection connection, String query) throws SQLException {
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (" + query + " ORDER BY 1) TO STDOUT");
  }
}
