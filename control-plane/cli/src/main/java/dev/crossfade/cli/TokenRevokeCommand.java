package dev.crossfade.cli;

import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.RevokeTokenResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl token revoke}. */
@Command(
    name = "revoke",
    description = "Ends a token at once, with the streams of whoever uses it.",
    footer = "  crossfade ctl token revoke 3")
final class TokenRevokeCommand extends CtlCommand {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The token, as 'ctl token list' lists it.")
  private long id;

  @Override
  void on(Connection connection) {
    RevokeTokenResponse response =
        connection.access().revokeToken(RevokeTokenRequest.newBuilder().setId(id).build());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    connection.print(
        "token "
            + id
            + " of "
            + response.getToken().getName()
            + (response.getChanged() ? " is revoked" : " was revoked before"));
  }
}
