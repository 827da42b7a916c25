package dev.crossfade.server;

import dev.crossfade.server.access.NamesFile;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.flags.UnleashSettings;
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
 * @param unleash whom flags are asked of; null: no flag is followed here
 * @param access who is let in
 * @param console where the web console is served; null: nowhere
 */
public record ControlPlaneSettings(
    String host,
    int port,
    Storage storage,
    @Nullable DatabasesFile databases,
    @Nullable UnleashSettings unleash,
    Access access,
    @Nullable HttpSettings console) {
  /** One without a web console. */
  public ControlPlaneSettings(
      String host,
      int port,
      Storage storage,
      @Nullable DatabasesFile databases,
      @Nullable UnleashSettings unleash,
      Access access) {
    this(host, port, storage, databases, unleash, access, null);
  }

  /** One that follows no flags, and lets everybody on its machine do everything. */
  public ControlPlaneSettings(
      String host, int port, Storage storage, @Nullable DatabasesFile databases) {
    this(host, port, storage, databases, null, Access.USUAL);
  }

  /** One that does no jobs. */
  public ControlPlaneSettings(String host, int port, Storage storage) {
    this(host, port, storage, null);
  }

  /**
   * Who is let in.
   *
   * @param loginRequired whether callers have to say who they are even before there is a token
   * @param names whom certificates stand for; null: certificates say nothing
   * @param tls null: it serves in clear text
   * @param clearTextAllowed also where others can listen
   */
  public record Access(
      boolean loginRequired,
      @Nullable NamesFile names,
      @Nullable ServerTls tls,
      boolean clearTextAllowed) {
    public static final Access USUAL = new Access(false, null, null, false);
  }

  /** Where the state is kept. */
  public sealed interface Storage {
    /** In an embedded PostgreSQL in this directory. */
    record Embedded(Path dataDirectory) implements Storage {}

    /** In a database of the user's. */
    record External(Database.Login login) implements Storage {}
  }
}
