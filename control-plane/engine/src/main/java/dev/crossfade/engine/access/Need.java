package dev.crossfade.engine.access;

/** What a call needs of its caller. */
public enum Need {
  /** Nothing: it is for whoever watches over processes. */
  NOTHING,
  /** To be known, in whichever role. */
  ANY_ROLE,
  VIEWER,
  OPERATOR,
  ADMIN,
  SIDECAR;

  /** Whether the role is enough. */
  public boolean isMetBy(Role role) {
    return switch (this) {
      case NOTHING, ANY_ROLE -> true;
      case VIEWER -> role.includes(Role.VIEWER);
      case OPERATOR -> role.includes(Role.OPERATOR);
      case ADMIN -> role.includes(Role.ADMIN);
      case SIDECAR -> role.includes(Role.SIDECAR);
    };
  }
}
