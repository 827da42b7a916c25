package dev.crossfade.cli;

import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.ListTokensResponse;
import dev.crossfade.api.v1.Token;
import java.time.Instant;
import picocli.CommandLine.Command;

/** {@code ctl token list}. */
@Command(
    name = "list",
    description = "Lists all tokens, newest first, without their secrets.",
    footer = "  crossfade ctl token list")
final class TokenListCommand extends CtlCommand {
  @Override
  void on(Connection connection) {
    ListTokensResponse response =
        connection.access().listTokens(ListTokensRequest.getDefaultInstance());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getTokensCount() == 0) {
      connection.print("no tokens: nobody has to say who it is by one");
      return;
    }
    Table table =
        new Table("ID", "NAME", "ROLE", "SERVICE", "STATE", "EXPIRES", "MADE BY", "REVOKED BY");
    for (Token token : response.getTokensList()) {
      table.row(
          String.valueOf(token.getId()),
          token.getName(),
          Show.role(token.getRole()),
          token.getService(),
          state(token),
          Show.time(token.getExpiresAt()),
          token.getCreatedBy(),
          token.getRevokedBy());
    }
    connection.print(table.toString());
  }

  private static String state(Token token) {
    if (token.hasRevokedAt()) {
      return "revoked";
    }
    return token.getExpiresAt().getSeconds() > Instant.now().getEpochSecond() ? "live" : "expired";
  }
}
