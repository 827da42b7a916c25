package dev.crossfade.server.console.action;

/** What an action has come to. */
public sealed interface Outcome {
  /**
   * A sentence, told on the page that is shown next.
   *
   * @param next where that page is
   */
  record Told(String sentence, String next) implements Outcome {}

  /**
   * Something that is shown now and never again.
   *
   * @param sentence what it is good for
   * @param next where one goes on from there
   */
  record Revealed(String title, String sentence, String secret, String next) implements Outcome {
    /** Without the secret. */
    @Override
    public String toString() {
      return title;
    }
  }
}
