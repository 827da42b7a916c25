package dev.crossfade.mirror;

import dev.crossfade.sql.capture.CaptureScript;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one side of a migration stands.
 *
 * @param fence null when nothing is installed there
 * @param missing triggers that are not there or switched off
 * @param log what waits to be carried from this side
 * @param bypasses what was written here past every sidecar
 * @param canary that is here; null when there is none
 */
public record MirrorState(
    @Nullable Fence fence,
    long missing,
    LogState log,
    List<BypassTotal> bypasses,
    @Nullable CanarySighting canary) {
  public MirrorState {
    bypasses = List.copyOf(bypasses);
  }

  /**
   * @throws SQLException when the side does not answer, or has no schema {@code crossfade}
   */
  public static MirrorState read(Endpoint side, CaptureScript capture) throws SQLException {
    try (Connection connection = side.open(Endpoint.Use.WRITE);
        Statement statement = connection.createStatement();
        ResultSet missing = statement.executeQuery(capture.check())) {
      missing.next();
      return new MirrorState(
          Fence.read(connection, capture.migration()),
          missing.getLong(1),
          LogState.read(connection, capture.migration()),
          BypassTotal.read(connection, capture.migration()),
          CanarySighting.read(connection, capture.migration()));
    }
  }
}
