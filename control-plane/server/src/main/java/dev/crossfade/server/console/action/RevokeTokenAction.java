package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.RevokeTokenResponse;
import dev.crossfade.api.v1.Token;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.calls.Identity;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.List;

/** Ends a token. */
record RevokeTokenAction(long id) implements Action {
  @Override
  public String path() {
    return home() + "/" + id + "/revoke";
  }

  @Override
  public String home() {
    return "/tokens";
  }

  @Override
  public boolean isFor(Identity identity) {
    return identity.mayAdminister();
  }

  @Override
  public boolean asksWhy() {
    return false;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) throws InvalidException {
    Token token =
        viewer
            .calls()
            .access()
            .listTokens(ListTokensRequest.getDefaultInstance())
            .getTokensList()
            .stream()
            .filter(each -> each.getId() == id)
            .findFirst()
            .orElseThrow(() -> new InvalidException("there is no token " + id));
    return new Confirmation(
        "Revoke token " + id,
        List.of(
            "It is that of "
                + token.getName()
                + ", with the role "
                + Words.role(token.getRole())
                + ".",
            "It stops to count at once, and the streams of whoever uses it end. There is no way"
                + " back; a new one can be made."),
        List.of(),
        "Revoke the token",
        true,
        List.of());
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) {
    RevokeTokenResponse response =
        viewer.calls().access().revokeToken(RevokeTokenRequest.newBuilder().setId(id).build());
    return new Outcome.Told(
        "token "
            + id
            + " of "
            + response.getToken().getName()
            + (response.getChanged() ? " is revoked" : " was revoked before"),
        home());
  }
}
