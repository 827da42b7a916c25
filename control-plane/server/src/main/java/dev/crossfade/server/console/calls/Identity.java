package dev.crossfade.server.console.calls;

/**
 * Who looks at the console.
 *
 * @param name empty where the control plane asks nobody who he is
 * @param mayOperate whether buttons are worth showing; the services decide all the same
 * @param mayAdminister whether those about tokens are, too
 */
public record Identity(String name, boolean mayOperate, boolean mayAdminister) {
  private static final String NOBODY = "console";

  /** For the history. Who is known by a token is noted by its name, whatever is said here. */
  public String actor() {
    return name.isEmpty() ? NOBODY : name;
  }
}
