package dev.crossfade.server;

import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.store.Database;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where the control plane's state is. */
final class StorageOptions {
  private static final String PASSWORD_VARIABLE = "CROSSFADE_DB_PASSWORD";

  @ArgGroup private @Nullable Place place;

  @Option(
      names = "--db-user",
      paramLabel = "USER",
      description =
          "With --jdbc-url: who connects. The password comes from " + PASSWORD_VARIABLE + ".")
  private @Nullable String databaseUser;

  /** Where the state is kept: one of the two. */
  private static final class Place {
    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        description =
            "Keep the state in an embedded PostgreSQL in this directory. Default:"
                + " ~/.local/state/crossfade/control-plane")
    private @Nullable Path dataDirectory;

    @Option(
        names = "--jdbc-url",
        paramLabel = "URL",
        description =
            "Keep the state in this PostgreSQL database, in the schema crossfade_control.")
    private @Nullable String jdbcUrl;
  }

  Storage storage(Map<String, String> environment) throws StartException {
    String url = place == null ? null : place.jdbcUrl;
    if (url != null) {
      return new Storage.External(
          new Database.Login(url, databaseUser, environment.get(PASSWORD_VARIABLE)));
    }
    if (databaseUser != null) {
      throw new StartException("--db-user goes with --jdbc-url");
    }
    Path directory = place == null ? null : place.dataDirectory;
    return new Storage.Embedded(directory == null ? defaultDataDirectory(environment) : directory);
  }

  private static Path defaultDataDirectory(Map<String, String> environment) {
    String state = environment.get("XDG_STATE_HOME");
    Path base =
        state == null || state.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return base.resolve("crossfade").resolve("control-plane");
  }
}
