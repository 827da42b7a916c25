package dev.crossfade.server.console;

import dev.crossfade.server.console.http.Visitor;
import org.jspecify.annotations.Nullable;

/**
 * What a browser gets.
 *
 * @param type of the text
 * @param text empty for a way to somewhere else
 * @param location where that is
 * @param visitor whose cookie is set; null leaves it
 * @param told what the next page is to say; null for nothing
 */
record Answer(
    int status,
    String type,
    String text,
    @Nullable String location,
    @Nullable Visitor visitor,
    @Nullable String told) {
  static Answer page(int status, String html) {
    return new Answer(status, "text/html", html, null, null, null);
  }

  static Answer plain(String text) {
    return new Answer(200, "text/plain", text, null, null, null);
  }

  /** After a form, so that going back or reloading does not send it again. */
  static Answer seeOther(String location) {
    return new Answer(303, "text/plain", "", location, null, null);
  }

  Answer as(Visitor visitor) {
    return new Answer(status, type, text, location, visitor, told);
  }

  Answer telling(String sentence) {
    return new Answer(status, type, text, location, visitor, sentence);
  }
}
