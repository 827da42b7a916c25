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
  private final Map<String, KnownStatement> portals = new HashMap<>();
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

  void bound(String portal, @Nullable KnownStatement statement) {
    if (statement == null || portals.size() >= MAX_STATEMENTS) {
      portals.remove(portal);
    } else {
      portals.put(portal, statement);
    }
  }

  @Nullable KnownStatement portal(String name) {
    return portals.get(name);
  }

  /** Portals end with their transaction. */
  void transactionEnded() {
    portals.clear();
  }

  void clear() {
    statements.clear();
    portals.clear();
    host.giveBack(bytes);
    bytes = 0;
  }
}
