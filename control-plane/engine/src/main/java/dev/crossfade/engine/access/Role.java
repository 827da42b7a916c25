package dev.crossfade.engine.access;

/** What somebody may do. */
public enum Role {
  /** Looks at everything. */
  VIEWER,
  /** And moves migrations and runs jobs. */
  OPERATOR,
  /** And says who may do what. */
  ADMIN,
  /** Follows the catalog, and nothing else. */
  SIDECAR;

  /** Whether whoever has this role may do what needs the other. */
  public boolean includes(Role needed) {
    return this == SIDECAR || needed == SIDECAR ? this == needed : compareTo(needed) >= 0;
  }
}
