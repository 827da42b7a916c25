package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.Token;
import dev.crossfade.server.console.view.Templates;
import dev.crossfade.server.console.view.Words;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Who may call: the tokens, without their secrets. For admins only, as the service has it. */
record TokensPage(Templates templates, InstantSource clock) implements Page {
  /**
   * A token.
   *
   * @param state whether it is live, has expired or was revoked, and when
   * @param tone {@code good} or {@code off}
   */
  public record Row(
      long id,
      String name,
      String role,
      String service,
      String state,
      String tone,
      String expires,
      String created,
      String createdBy,
      boolean live) {
    static Row of(Token token, Instant now) {
      boolean live = !token.hasRevokedAt() && now.isBefore(Words.instant(token.getExpiresAt()));
      String state =
          token.hasRevokedAt()
              ? "revoked " + Words.time(token.getRevokedAt()) + " by " + token.getRevokedBy()
              : live ? "live" : "expired";
      return new Row(
          token.getId(),
          token.getName(),
          Words.role(token.getRole()),
          token.getService(),
          state,
          live ? "good" : "off",
          Words.time(token.getExpiresAt()),
          Words.time(token.getCreatedAt()),
          token.getCreatedBy(),
          live);
    }
  }

  @Override
  public String path() {
    return "/tokens";
  }

  @Override
  public String title() {
    return "Tokens";
  }

  @Override
  public Tab tab() {
    return Tab.TOKENS;
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    Instant now = clock.instant();
    List<Row> rows =
        viewer
            .calls()
            .access()
            .listTokens(ListTokensRequest.getDefaultInstance())
            .getTokensList()
            .stream()
            .map(token -> Row.of(token, now))
            .toList();
    return List.of(
        new Part("tokens", "whole", templates.render("part/tokens", Map.of("rows", rows))));
  }
}
