package dev.crossfade.bench.rollout;

import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.net.tls.TlsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the databases and the control plane are. */
final class Places {
  private static final String DEFAULT_ADDRESS = "127.0.0.1:7432";

  @Option(
      names = "--control-plane",
      paramLabel = "HOST:PORT",
      description =
          "Where the control plane is. Default: CROSSFADE_CONTROL_PLANE, else " + DEFAULT_ADDRESS)
  private @Nullable String controlPlane;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Speak TLS with it and believe these certificates (PEM). A token is taken from"
              + " CROSSFADE_TOKEN.")
  private @Nullable Path ca;

  @Option(
      names = "--old",
      paramLabel = "URL",
      description = {
        "The old database: postgresql://user@host:port/database.",
        "The user must exist on both sides and be allowed to read the tables; its password:"
            + " CROSSFADE_OLD_PASSWORD."
      })
  private String old = "";

  @Option(
      names = "--new",
      paramLabel = "URL",
      description = "The new database. Its password: CROSSFADE_NEW_PASSWORD.")
  private String target = "";

  Catalogued catalog(String migration) throws TlsException {
    String set = System.getenv("CROSSFADE_CONTROL_PLANE");
    String address = controlPlane != null ? controlPlane : set != null ? set : DEFAULT_ADDRESS;
    return new Catalogued(address, ca, System.getenv("CROSSFADE_TOKEN"), migration);
  }

  DatabaseUrl old() {
    return url("--old", old, System.getenv("CROSSFADE_OLD_PASSWORD"));
  }

  DatabaseUrl target() {
    return url("--new", target, System.getenv("CROSSFADE_NEW_PASSWORD"));
  }

  private static DatabaseUrl url(String option, String text, @Nullable String password) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(option + " URL is missing: where that database is");
    }
    try {
      return DatabaseUrl.parse(text, password, String.valueOf(System.getProperty("user.name")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }
}
