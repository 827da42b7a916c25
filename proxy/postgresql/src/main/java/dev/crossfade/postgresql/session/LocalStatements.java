package dev.crossfade.postgresql.session;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

/** The commands that a session has prepared and bound, by name. */
final class LocalStatements {
  private static final int MAX_STATEMENTS = 64;
  private static final int MAX_PORTALS = 64;

  private final SessionState state;
  private final MemoryBudget budget;
  private final Map<String, LocalStatement> statements = new HashMap<>();
  private final Map<String, LocalPortal> portals = new HashMap<>();

  /**
   * @param budget for the texts, shared with all sessions
   */
  LocalStatements(SessionState state, MemoryBudget budget) {
    this.state = state;
    this.budget = budget;
  }

  boolean isEmpty() {
    return statements.isEmpty() && portals.isEmpty();
  }

  LocalNames names() {
    return new LocalNames(statements.keySet(), portals.keySet());
  }

  /** Forgets what is not among the names. */
  void retain(LocalNames names) {
    statements.keySet().stream()
        .filter(name -> !names.statements().contains(name))
        .toList()
        .forEach(name -> closed(true, name));
    portals.keySet().retainAll(names.portals());
  }

  void transactionEnded() {
    portals.clear();
  }

  /** The statement of a name that {@link LocalNames} has found to be there. */
  LocalStatement statement(String name) {
    return requireNonNull(statements.get(name));
  }

  LocalPortal portal(String name) {
    return requireNonNull(portals.get(name));
  }

  /** Remembers a statement; false when it is one too many. */
  boolean prepared(String name, LocalStatement statement) {
    closed(true, name);
    if (name.isEmpty()) {
      state.closed("");
    }
    if (statements.size() >= MAX_STATEMENTS || !budget.take(statement.weight())) {
      return false;
    }
    statements.put(name, statement);
    return true;
  }

  /** Remembers a portal; false when it is one too many. */
  boolean bound(String name, LocalPortal portal) {
    portals.remove(name);
    if (portals.size() >= MAX_PORTALS) {
      return false;
    }
    portals.put(name, portal);
    return true;
  }

  void closed(boolean isStatement, String name) {
    if (!isStatement) {
      portals.remove(name);
      return;
    }
    LocalStatement gone = statements.remove(name);
    if (gone != null) {
      budget.giveBack(gone.weight());
    }
  }

  void close() {
    statements.values().forEach(gone -> budget.giveBack(gone.weight()));
    statements.clear();
    portals.clear();
  }
}
