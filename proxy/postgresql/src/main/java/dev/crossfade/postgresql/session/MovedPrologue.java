package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a session's connection to new lacks before a batch: its settings, and its transaction. */
final class MovedPrologue {
  /** Of the settings that new has; 0: of none. */
  private int version;

  /** The connection is a new one. */
  void restart() {
    version = 0;
  }

  /**
   * The queries that bring it there. They count as sent.
   *
   * @param statuses that new has reported
   */
  List<byte[]> before(
      SessionState state, Map<String, String> statuses, MovedTransaction transaction) {
    List<byte[]> queries = new ArrayList<>(2);
    if (transaction.isOpen()) {
      return queries;
    }
    if (version != state.settings().version()) {
      String sql = state.settings().statementsFor(statuses, version == 0);
      version = state.settings().version();
      if (!sql.isEmpty()) {
        queries.add(sql.getBytes(StandardCharsets.UTF_8));
      }
    }
    if (state.transaction() != TransactionSide.NONE) {
      queries.add(state.log().script());
      transaction.begun();
    }
    return queries;
  }
}
