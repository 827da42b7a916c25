package dev.crossfade.bench.plot;

/** Text for pages of HTML. */
public final class Html {
  private Html() {}

  /** Text that stands for itself in elements and in attributes. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
