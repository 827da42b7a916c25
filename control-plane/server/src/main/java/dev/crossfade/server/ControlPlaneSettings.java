package dev.crossfade.server;

import dev.crossfade.server.store.Database;
import java.nio.file.Path;

/**
 * How a control plane is started.
 *
 * @param host address to listen on
 * @param port 0 for a free one
 */
public record ControlPlaneSettings(String host, int port, Storage storage) {
  /** Where the state is kept. */
  public sealed interface Storage {
    /** In an embedded PostgreSQL in this directory. */
    record Embedded(Path dataDirectory) implements Storage {}

    /** In a database of the user's. */
    record External(Database.Login login) implements Storage {}
  }
}
