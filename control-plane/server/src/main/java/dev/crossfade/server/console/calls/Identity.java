package dev.crossfade.server.console.calls;

/**
 * Who looks at the console.
 *
 * @param name for the history and for the page's head
 * @param mayOperate whether buttons are worth showing; the services decide all the same
 */
public record Identity(String name, boolean mayOperate) {
  /** Anybody, where the control plane asks nobody who he is. */
  public static final Identity LOCAL = new Identity("console", true);
}
