package dev.crossfade.postgresql.shape;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The prepared statements of a session by their names, and what its portals are bound to. */
final class KnownStatements {
  private static final int MAX_STATEMENTS = 4096;
  private static final int MAX_BYTES = 1 << 20;

  private final ShapeHost host;
  private final Map<String, KnownStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private int bytes;
  private int forgotIn = -1;

  KnownStatements(ShapeHost host) {
    this.host = host;
  }

  @Nullable KnownStatement get(String name) {
    return statements.get(name);
  }

  /** Puts a statement, or none, in the place of another, which it returns. */
  @Nullable KnownStatement put(String name, @Nullable KnownStatement statement) {
    KnownStatement before = statements.remove(name);
    if (before != null) {
      bytes -= before.weight();
      host.giveBack(before.weight());
    }
    if (statement == null) {
      return before;
    }
    if (statements.size() >= MAX_STATEMENTS
        || bytes + statement.weight() > MAX_BYTES
        || !host.take(statement.weight())) {
      forgotIn = statement.generation();
      return before;
    }
    bytes += statement.weight();
    statements.put(name, statement);
    return before;
  }

  /**
   * Whether a statement that is not known may have been read with other lenses.
   *
   * @param generation of the lenses now
   */
  boolean mayBeStale(int generation) {
    return forgotIn >= 0 && forgotIn != generation;
  }

  /** There are statements whose texts nobody remembers. */
  void knowsNotAll() {
    forgotIn = 0;
  }

  /** A portal is bound; null: to something that need not be remembered. */
  void bound(String name, @Nullable Portal portal) {
    Portal before = portals.remove(name);
    if (before != null) {
      host.giveBack(before.parameters().length);
    }
    if (portal != null) {
      portals.put(name, portal);
    }
  }

  /** Whether what a portal has to keep is left to take. */
  boolean mayKeep(int bytesOfPortal) {
    return portals.size() < MAX_STATEMENTS && host.take(bytesOfPortal);
  }

  @Nullable Portal portal(String name) {
    return portals.get(name);
  }

  /** Portals end with their transaction. */
  void transactionEnded() {
    portals.values().forEach(portal -> host.giveBack(portal.parameters().length));
    portals.clear();
  }

  void clear() {
    statements.clear();
    transactionEnded();
    host.giveBack(bytes);
    bytes = 0;
  }
}
