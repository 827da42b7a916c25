package dev.crossfade.server.console;

import dev.crossfade.server.console.action.Action;
import dev.crossfade.server.console.action.Form;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.action.Outcome;
import dev.crossfade.server.console.calls.Calls;
import dev.crossfade.server.console.calls.Identity;
import dev.crossfade.server.console.calls.Refusal;
import dev.crossfade.server.console.http.Peer;
import dev.crossfade.server.console.http.Visitor;
import dev.crossfade.server.console.http.Visitors;
import dev.crossfade.server.console.page.Page;
import dev.crossfade.server.console.page.Viewer;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers requests: what a visitor wants, as the services let him. Blocks. */
final class Desk {
  /** Such as a bearer token has it, and nothing that could end a header. */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,512}");

  private static final Pattern OWN_PATH = Pattern.compile("/([A-Za-z0-9-]+(/[A-Za-z0-9-]+)*)?");

  private final Channel channel;
  private final Views views;
  private final Visitors visitors;

  Desk(Channel channel, Views views, Visitors visitors) {
    this.channel = channel;
    this.views = views;
    this.visitors = visitors;
  }

  Viewer viewer(Visitor visitor) {
    Calls calls = new Calls(channel, visitor.peer(), visitor.token());
    return new Viewer(calls, calls.identity());
  }

  /**
   * Returns when the control plane serves.
   *
   * @throws StatusRuntimeException when it does not
   */
  void health() {
    new Calls(channel, new Peer(InetAddress.getLoopbackAddress(), null), null).health();
  }

  Answer problem(Visitor visitor, int status, String sentence) {
    return Answer.page(status, views.problem(visitor, status, sentence));
  }

  Answer page(Page page, Visitor visitor, String told) {
    Viewer viewer = viewer(visitor);
    return Answer.page(200, views.page(page, page.parts(viewer), visitor, viewer.identity(), told));
  }

  Answer confirmation(Action action, Visitor visitor, Form form) throws InvalidException {
    return asked(action, visitor, form, 200, "");
  }

  private Answer asked(Action action, Visitor visitor, Form form, int status, String refused)
      throws InvalidException {
    Viewer viewer = viewer(visitor);
    return Answer.page(
        status,
        views.confirmation(
            action,
            action.confirm(viewer, form).entered(form),
            form,
            visitor,
            viewer.identity(),
            refused));
  }

  /** Does what was asked for, or shows the form again with what speaks against it. */
  Answer performance(Action action, Visitor visitor, Form form) throws InvalidException {
    Viewer viewer = viewer(visitor);
    try {
      return switch (action.perform(viewer, form)) {
        case Outcome.Told told -> Answer.seeOther(told.next()).telling(told.sentence());
        case Outcome.Revealed revealed ->
            Answer.page(200, views.revealed(revealed, visitor, viewer.identity()));
      };
    } catch (InvalidException e) {
      return asked(action, visitor, form, 400, String.valueOf(e.getMessage()));
    } catch (StatusRuntimeException e) {
      Refusal refusal = Refusal.of(e);
      if (refusal.wantsLogin()) {
        throw e;
      }
      return asked(action, visitor, form, refusal.httpStatus(), refusal.sentence());
    }
  }

  Answer loginForm(Visitor visitor, String next) {
    return Answer.page(200, views.login(visitor, ownPath(next), ""));
  }

  Answer login(Visitor visitor, String token, String next) {
    String to = ownPath(next);
    if (!TOKEN.matcher(token).matches()) {
      return refusedLogin(visitor, to, new Refusal(400, "that is no token"));
    }
    try {
      Identity known = new Calls(channel, visitor.peer(), token).identity();
      Optional<Visitor> session = visitors.login(token, visitor.peer());
      if (session.isEmpty()) {
        return refusedLogin(
            visitor,
            to,
            new Refusal(
                503,
                "as many people are logged in as there may be ("
                    + Visitors.SESSIONS_MAX
                    + "): try again later"));
      }
      visitors.logout(visitor);
      return Answer.seeOther(to).as(session.get()).telling("logged in as " + known.name());
    } catch (StatusRuntimeException e) {
      return refusedLogin(visitor, to, Refusal.of(e));
    }
  }

  private Answer refusedLogin(Visitor visitor, String next, Refusal refusal) {
    return Answer.page(refusal.httpStatus(), views.login(visitor, next, refusal.sentence()));
  }

  /** A place of ours to go on to, never one of somebody else's. */
  static String ownPath(String path) {
    return OWN_PATH.matcher(path).matches() ? path : "/";
  }
}
