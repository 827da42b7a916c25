package dev.crossfade.mirror;

import dev.crossfade.sql.image.SyncPlan;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes entities equal that a verification has found to differ. */
public final class Repair {
  private static final int CHUNK = 250;

  private final Endpoint authority;
  private final Endpoint receiving;

  public Repair(Endpoint authority, Endpoint receiving) {
    this.authority = authority;
    this.receiving = receiving;
  }

  /**
   * @return the entities that could not be made equal, and why
   * @throws SQLException when a server can not be used
   */
  public Map<List<String>, SQLException> run(SyncPlan plan, List<List<String>> keys)
      throws SQLException {
    Map<List<String>, SQLException> failed = new HashMap<>();
    try (MirrorConnections connections = MirrorConnections.open(authority, receiving)) {
      Sync sync = new Sync(plan, connections);
      for (int i = 0; i < keys.size(); i += CHUNK) {
        sync.runEach(new Entities(keys.subList(i, Math.min(keys.size(), i + CHUNK))), failed);
      }
    }
    return failed;
  }
}
