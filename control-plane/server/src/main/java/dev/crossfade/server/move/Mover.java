package dev.crossfade.server.move;

import java.util.Optional;

/** Does what moves ask for, some time. */
public interface Mover {
  /** Why moves of a migration can not be done here; empty when they can. One sentence. */
  Optional<String> obstacle(String migration);

  /** There is one to do. */
  void kick();
}
