package dev.crossfade.postgresql.plan;

/** Makes the plan of a statement. Blocks on parsing and on both servers: never on an event loop. */
public interface PlanMaker {
  /**
   * @param sql a statement with the fingerprint, in the client's own words
   * @param parameterTypes OIDs that the client fixed; 0 where it did not
   * @return {@link PlanState.Pending} when a server could not be asked: to be tried again with a later statement
   */
  PlanState make(String sql, int[] parameterTypes);
}
