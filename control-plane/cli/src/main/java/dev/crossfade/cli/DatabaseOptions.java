package dev.crossfade.cli;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Endpoint;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Where the two databases of a migration are. */
final class DatabaseOptions {
  @Option(
      names = "--old",
      paramLabel = "URL",
      required = true,
      description = {
        "The old database: postgresql://user@host:port/database, parameters of the driver behind"
            + " ?.",
        "Its password: CROSSFADE_OLD_PASSWORD in the environment, or ~/.pgpass."
      })
  private String old = "";

  @Option(
      names = "--new",
      paramLabel = "URL",
      required = true,
      description = "The new database. Its password: CROSSFADE_NEW_PASSWORD, or ~/.pgpass.")
  private String next = "";

  @Option(
      names = "--query-timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long one query may run. Default: ${DEFAULT-VALUE}")
  private int queryTimeoutSeconds = 30;

  /** Which databases these are, without secrets. */
  String described(CtlMain main) throws UsageException {
    return url(Side.OLD, main) + "\n" + url(Side.NEW, main);
  }

  /** Where one of them is: host, port and name. */
  String place(Side side, CtlMain main) throws UsageException {
    return url(side, main).place();
  }

  /**
   * @throws QueryException when it can not be reached
   */
  Database open(Side side, CtlMain main) throws UsageException, QueryException {
    if (queryTimeoutSeconds < 1) {
      throw new UsageException("--query-timeout: at least 1 second");
    }
    return Database.open(side, url(side, main), Duration.ofSeconds(queryTimeoutSeconds));
  }

  /** What opens connections that write. */
  Endpoint endpoint(Side side, CtlMain main) throws UsageException {
    DatabaseUrl url = url(side, main);
    return new Endpoint(url.jdbc(), url.properties());
  }

  private DatabaseUrl url(Side side, CtlMain main) throws UsageException {
    String password = main.environment().get("CROSSFADE_" + side.name() + "_PASSWORD");
    try {
      return DatabaseUrl.parse(side == Side.OLD ? old : next, password, main.actor());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + side.name().toLowerCase(Locale.ROOT) + ": " + e.getMessage());
    }
  }
}
