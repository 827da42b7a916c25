package dev.crossfade.server;

import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.Database;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a control plane is started.
 *
 * @param host address to listen on
 * @param port 0 for a free one
 * @param databases where the databases of migrations are; null: it does no jobs
 * @param console where the web console is served; null: nowhere
 */
public record ControlPlaneSettings(
    String host,
    int port,
    Storage storage,
    @Nullable DatabasesFile databases,
    @Nullable HttpSettings console) {
  /** One without a web console. */
  public ControlPlaneSettings(
      String host, int port, Storage storage, @Nullable DatabasesFile databases) {
    this(host, port, storage, databases, null);
  }

  /** One that does no jobs. */
  public ControlPlaneSettings(String host, int port, Storage storage) {
    this(host, port, storage, null);
  }

  /** Where the state is kept. */
  public sealed interface Storage {
    /** In an embedded PostgreSQL in this directory. */
    record Embedded(Path dataDirectory) implements Storage {}

    /** In a database of the user's. */
    record External(Database.Login login) implements Storage {}
  }
}
