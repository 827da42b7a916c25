package dev.crossfade.server.console.action;

import com.google.protobuf.util.Durations;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.CreateTokenResponse;
import dev.crossfade.api.v1.Role;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.calls.Identity;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.List;

/** Makes a token, and shows its secret once. */
record CreateTokenAction() implements Action {
  private static final List<Role> ROLES =
      List.of(Role.ROLE_VIEWER, Role.ROLE_OPERATOR, Role.ROLE_ADMIN, Role.ROLE_SIDECAR);
  private static final int NAME_MAX_CHARS = 64;
  private static final int SERVICE_MAX_CHARS = 128;
  private static final int DAYS_MAX = 5 * 365;
  private static final String USUAL_DAYS = "90";

  @Override
  public String path() {
    return "/tokens/create";
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
  public Confirmation confirm(Viewer viewer, Form form) {
    return new Confirmation(
        "Create a token",
        List.of(
            "Whoever has the token may do what its role may: viewer looks at everything, operator"
                + " also moves migrations and runs jobs, admin also says who may do what, sidecar"
                + " follows the catalog and nothing else.",
            "Its secret is shown once, on the next page. The control plane keeps a hash of it."),
        viewer.identity().name().isEmpty()
            ? List.of(
                "Nobody has to say who they are so far. With the first token everybody has to; it"
                    + " is to be an admin's.")
            : List.of(),
        "Create the token",
        false,
        List.of(
            Field.text("name", "Name", "", NAME_MAX_CHARS)
                .with("Who it stands for: the actor of the changes that are made with it."),
            Field.select(
                "role",
                "Role",
                Words.role(Role.ROLE_VIEWER),
                ROLES.stream().map(Words::role).toList()),
            Field.optionalText("service", "Service of its sidecars", SERVICE_MAX_CHARS)
                .with("Of the role sidecar only; empty for any service."),
            Field.number(
                "days",
                "It counts for (days)",
                USUAL_DAYS,
                new Field.Range("1", String.valueOf(DAYS_MAX), "1"))));
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    CreateTokenResponse response =
        viewer
            .calls()
            .access()
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName(form.text("name").orElse(""))
                    .setRole(Form.chosen("role", form.text("role").orElse(""), ROLES, Words::role))
                    .setService(form.text("service").orElse(""))
                    .setValidFor(Durations.fromDays(form.number("days", 1, DAYS_MAX)))
                    .build());
    return new Outcome.Revealed(
        "Token " + response.getToken().getId() + " of " + response.getToken().getName(),
        "It is shown here and nowhere else: keep it now."
            + (response.getLoginRequiredNow()
                ? " From now on everybody has to log in; this one is an admin's."
                : ""),
        response.getSecret(),
        home());
  }
}
