package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The connections of workers that work side by side, a pair for each. */
final class WorkerConnections implements AutoCloseable {
  /** However many somebody wants; each is a load on both servers. */
  static final int WORKERS_MAX = 16;

  private final List<Pair> pairs = new ArrayList<>();

  /**
   * What one worker works with.
   *
   * @param reader to the authority
   * @param other to the other side
   */
  record Pair(Connection reader, Connection other) {}

  private WorkerConnections() {}

  /**
   * @param use what the connections to the other side are for
   */
  static WorkerConnections open(
      Endpoint authority, Endpoint receiving, Endpoint.Use use, int workers) throws SQLException {
    WorkerConnections opened = new WorkerConnections();
    boolean done = false;
    try {
      for (int i = 0; i < workers; i++) {
        // First the side that may be away: the authority is not asked for nothing.
        Connection other = receiving.open(use);
        try {
          opened.pairs.add(new Pair(authority.open(Endpoint.Use.READ), other));
        } catch (SQLException e) {
          MirrorConnections.quietly(other);
          throw e;
        }
      }
      done = true;
      return opened;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  @Override
  public void close() {
    for (Pair pair : pairs) {
      MirrorConnections.quietly(pair.reader());
      MirrorConnections.quietly(pair.other());
    }
  }
}
