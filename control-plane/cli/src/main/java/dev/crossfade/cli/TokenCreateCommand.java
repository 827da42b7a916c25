package dev.crossfade.cli;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.CreateTokenResponse;
import dev.crossfade.api.v1.Role;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl token create}. */
@Command(
    name = "create",
    description = "Makes a token and prints it: this once, and it is nowhere else.",
    footer = {
      "  crossfade ctl token create --name ada --role admin > ada.token",
      "  crossfade ctl token create --name shop-sidecar --role sidecar --service shop --days 365"
    })
final class TokenCreateCommand extends CtlCommand {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "Whom it stands for: the actor of the changes that are made with it.")
  private String name = "";

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description = {
        "viewer looks at everything; operator also moves migrations and runs jobs; admin also makes"
            + " tokens;",
        "sidecar follows the catalog and nothing else."
      })
  private Kind role = Kind.viewer;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Of a sidecar's token: the one service whose sidecars may use it.")
  private String service = "";

  @Option(
      names = "--days",
      paramLabel = "DAYS",
      defaultValue = "90",
      description = "How long it counts. Default: ${DEFAULT-VALUE}")
  private int days = 90;

  private @Nullable PrintWriter notes;

  /** The roles as they are typed. */
  enum Kind {
    viewer,
    operator,
    admin,
    sidecar
  }

  @Override
  int before(Output output, PrintWriter err) {
    notes = err;
    return 0;
  }

  @Override
  void on(Connection connection) {
    CreateTokenResponse response =
        connection
            .access()
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName(name)
                    .setRole(Role.valueOf("ROLE_" + role.name().toUpperCase(Locale.ROOT)))
                    .setService(service)
                    .setValidFor(Duration.newBuilder().setSeconds(TimeUnit.DAYS.toSeconds(days)))
                    .build());
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(response.getSecret());
    }
    note(
        "token "
            + response.getToken().getId()
            + " of "
            + name
            + " ("
            + role
            + ") counts until "
            + Show.time(response.getToken().getExpiresAt())
            + "; it is shown this once only");
    if (response.getLoginRequiredNow()) {
      note(
          "it is the first: from now on callers have to say who they are, sidecars too (ctl token"
              + " create --role sidecar)");
    }
  }

  /** Beside the token, which may go to a file. */
  private void note(String line) {
    if (notes != null) {
      notes.println("ctl: " + line);
    }
  }
}
