package dev.crossfade.core.route;

import dev.crossfade.core.migration.FlagsSnapshot;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A read that could be translated, and what decides where it goes.
 *
 * @param migrations whose tables it reads; at least one
 * @param transaction of its session
 * @param caller the keys that its bucket may be computed from
 * @param state conditions outside the flags
 */
public record ReadRequest(
    FlagsSnapshot flags,
    Set<String> migrations,
    TransactionSide transaction,
    Caller caller,
    Conditions state) {

  /**
   * @param session stable for the life of the session
   * @param entity the entity key that the statement pins, as text; null when it pins none
   * @param random 32 random bits, drawn once per statement batch
   */
  public record Caller(String session, String user, @Nullable String entity, int random) {}

  /**
   * @param circuitOpen new is not to be tried now
   * @param unmirrored migrations with a write that nothing has carried to new
   * @param behind migrations of which new does not have yet what the session has seen on old
   */
  public record Conditions(boolean circuitOpen, Set<String> unmirrored, Set<String> behind) {}
}
