package dev.crossfade.server.console;

import dev.crossfade.server.console.action.Action;
import dev.crossfade.server.console.action.Confirmation;
import dev.crossfade.server.console.action.Form;
import dev.crossfade.server.console.action.Outcome;
import dev.crossfade.server.console.calls.Identity;
import dev.crossfade.server.console.http.Assets;
import dev.crossfade.server.console.http.Visitor;
import dev.crossfade.server.console.page.Page;
import dev.crossfade.server.console.page.Part;
import dev.crossfade.server.console.view.Templates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole pages around what they show. */
final class Views {
  private final Templates templates;
  private final Assets assets;

  Views(Templates templates, Assets assets) {
    this.templates = templates;
    this.assets = assets;
  }

  /** The frame of every page. */
  private Map<String, Object> frame(
      String title, String tab, Visitor visitor, @Nullable Identity identity) {
    Map<String, Object> frame = new HashMap<>();
    frame.put("title", title);
    frame.put("tab", tab);
    frame.put("live", "");
    frame.put("told", "");
    frame.put("who", identity == null || !visitor.isKnown() ? "" : identity.name());
    frame.put("administers", identity != null && identity.mayAdminister());
    frame.put("loggedIn", visitor.isLoggedIn());
    frame.put("csrf", visitor.csrf());
    frame.put("css", assets.path("console.css"));
    frame.put("icon", assets.path("icon.svg"));
    frame.put("htmx", assets.path("htmx.js"));
    frame.put("sse", assets.path("sse.js"));
    frame.put("script", assets.path("console.js"));
    return frame;
  }

  String page(Page page, List<Part> parts, Visitor visitor, Identity identity, String told) {
    Map<String, Object> model = frame(page.title(), page.tab().name(), visitor, identity);
    model.put("live", "/live" + page.path());
    model.put("parts", parts);
    model.put("told", told);
    return templates.render("page", model);
  }

  /**
   * @param refused why what was entered did not do; empty for nothing
   */
  String confirmation(
      Action action,
      Confirmation confirmation,
      Form form,
      Visitor visitor,
      Identity identity,
      String refused) {
    Map<String, Object> model = frame(confirmation.title(), "NONE", visitor, identity);
    model.put("confirmation", confirmation);
    model.put("path", action.path());
    model.put("home", action.home());
    model.put("reason", form.text("reason").orElse(""));
    model.put("reasonMax", Form.REASON_MAX_CHARS);
    model.put("may", action.isFor(identity));
    model.put("asksWhy", action.asksWhy());
    model.put("refused", refused);
    return templates.render("confirm", model);
  }

  /** The only time that a secret is shown. */
  String revealed(Outcome.Revealed revealed, Visitor visitor, Identity identity) {
    Map<String, Object> model = frame(revealed.title(), "NONE", visitor, identity);
    model.put("sentence", revealed.sentence());
    model.put("secret", revealed.secret());
    model.put("next", revealed.next());
    return templates.render("revealed", model);
  }

  String login(Visitor visitor, String next, String refused) {
    Map<String, Object> model = frame("Log in", "NONE", visitor, null);
    model.put("next", next);
    model.put("refused", refused);
    return templates.render("login", model);
  }

  String problem(Visitor visitor, int status, String sentence) {
    Map<String, Object> model = frame(heading(status), "NONE", visitor, null);
    model.put("status", status);
    model.put("sentence", sentence);
    return templates.render("problem", model);
  }

  private static String heading(int status) {
    return switch (status) {
      case 400 -> "That is not possible";
      case 401 -> "Log in first";
      case 403 -> "You may not do that";
      case 404 -> "There is no such page";
      case 409 -> "That does not fit";
      case 413 -> "That is too much";
      case 421 -> "Wrong address";
      case 503, 504 -> "Try again";
      default -> "Something went wrong";
    };
  }
}
