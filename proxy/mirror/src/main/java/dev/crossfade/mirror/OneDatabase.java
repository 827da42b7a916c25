package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.capture.InPlaceScript;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Whether both sides of a migration are one database, and what is different there.
 *
 * <p>Names and addresses do not tell, and neither do the numbers that a server was given when it
 * was made: a copy of its disk has them as well. So one connection takes a lock of which nobody
 * else can know, and the other one tries to: only in one database do they meet.
 */
public final class OneDatabase {
  private static final String TRY = "SELECT pg_try_advisory_xact_lock(?)";

  private OneDatabase() {}

  /**
   * @throws SQLException when one of them does not answer
   */
  public static boolean is(Endpoint one, Endpoint other) throws SQLException {
    try (Connection first = one.open(Endpoint.Use.WRITE);
        Connection second = other.open(Endpoint.Use.WRITE)) {
      return is(first, second);
    }
  }

  /** Ends whatever transactions they have begun. */
  static boolean is(Connection one, Connection other) throws SQLException {
    one.rollback();
    other.rollback();
    long lock = UUID.randomUUID().getLeastSignificantBits();
    try {
      if (!locks(one, lock)) {
        throw new SQLException("a lock that nobody knows of is taken", "55P03");
      }
      return !locks(other, lock);
    } finally {
      other.rollback();
      one.rollback();
    }
  }

  private static boolean locks(Connection connection, long lock) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TRY)) {
      statement.setLong(1, lock);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1);
      }
    }
  }

  /**
   * What makes one side log its changes, or write the other side's images where that is in the same
   * database.
   *
   * @param plans of a lens, with the authority on that side
   * @param together what {@link #is} has found
   */
  public static CaptureScript capture(List<SyncPlan> plans, boolean together) {
    return together
        ? InPlaceScript.install(plans, Side.OLD)
        : CaptureScript.install(plans, Side.OLD);
  }
}
