package dev.crossfade.engine.access;

import java.util.Set;

/** The actors of changes that nobody has asked for by a call. Nobody else may be named so. */
public final class MachineActors {
  public static final Set<String> NAMES = Set.of("control-plane", "rollout", "unleash", "unknown");

  private MachineActors() {}
}
