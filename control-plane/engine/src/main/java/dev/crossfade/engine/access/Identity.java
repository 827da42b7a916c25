package dev.crossfade.engine.access;

import java.util.regex.Pattern;

/**
 * Whom a token or a certificate stands for.
 *
 * @param name is the actor of changes
 * @param service the one whose sidecars may use it, of the role SIDECAR; empty for any
 */
public record Identity(String name, Role role, String service) {
  public static final int SERVICE_MAX_CHARS = 128;

  /** No space and no bracket: what is put behind a name in the history is never part of one. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

  /**
   * @throws IllegalArgumentException when it can not be right; the message says what would be
   */
  public Identity {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is not one: give 1 to 64 letters, digits and . _ @ + -, beginning with a letter or"
              + " a digit");
    }
    if (MachineActors.NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "name \"" + name + "\" is the control plane's own; give another");
    }
    if (!service.isEmpty() && role != Role.SIDECAR) {
      throw new IllegalArgumentException("service goes with the role sidecar only");
    }
    if (service.length() > SERVICE_MAX_CHARS || service.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "service has at most " + SERVICE_MAX_CHARS + " characters, and no NUL");
    }
  }

  /** Whether it may stand in front of this service. */
  public boolean mayServe(String asked) {
    return service.isEmpty() || service.equals(asked);
  }
}
