package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** A sidecar in front of a single server, which is old and new: nothing is routed. */
final class OneServer {
  private OneServer() {}

  /**
   * @param listen port and more of the listener
   * @param servers more about old and new, from the comma on
   */
  static SidecarConfig config(Path folder, EmbeddedServer server, String listen, String servers)
      throws InvalidFileException {
    String text =
        """
        service: shop
        listen: {host: 127.0.0.1, %2$s}
        admin: {host: 127.0.0.1, port: 0}
        old: {port: %1$d, database: postgres, user: postgres%3$s}
        new: {port: %1$d, database: postgres, user: postgres%3$s}
        controlPlane: {host: 127.0.0.1, port: 1}
        """
            .formatted(server.port(), listen, servers);
    return ConfigFile.parse(text, folder.resolve("sidecar.yaml").toString(), Map.of());
  }

  /** How many sessions sleep. */
  static int sleepers(EmbeddedServer server) throws SQLException {
    try (var connection = server.connect("postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
