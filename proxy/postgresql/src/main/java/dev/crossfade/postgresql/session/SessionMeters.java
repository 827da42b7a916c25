package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.QueryInventory;

/**
 * Where sessions count. Called on event loops for every batch: must not block and should not
 * allocate.
 */
public interface SessionMeters {
  /** Why new did not answer a read that went to it. */
  enum FallbackCause {
    CONNECTION,
    /** New does not let in a session with these start-up parameters. */
    SESSION,
    TIMEOUT,
    SQL_ERROR,
    UNEXPECTED_REPLY
  }

  /**
   * A batch was sent.
   *
   * @param migration empty where it concerns none
   */
  void routed(String migration, Side side, RouteReason reason);

  /**
   * A batch was answered whole.
   *
   * @param migration empty where it concerns none
   * @param routable a read that either side could have answered: only these compare old with new
   */
  void answered(String migration, Side side, boolean routable, long nanos);

  /**
   * The answer was an error of that side. Told beside {@link #answered}.
   *
   * @param migration empty where it concerns none
   * @param errorClass of {@link dev.crossfade.core.measure.ErrorClasses}
   */
  void erred(String migration, Side side, int errorClass);

  /**
   * A batch was sent to a side and not answered, or with an error that the client does not see as
   * the whole answer. Told instead of {@link #answered}.
   *
   * @param errorClass of {@link dev.crossfade.core.measure.ErrorClasses}
   */
  void failed(String migration, Side side, int errorClass);

  /** Time that a batch spent inside the proxy, not waiting for a server. */
  void inProxy(long nanos);

  void fellBack(FallbackCause cause);

  /**
   * A client has heard of a write that was to be on both sides first.
   *
   * @param late it was not
   * @param nanos how long the client has waited for that
   */
  void acknowledged(String migration, boolean late, long nanos);

  /** Where statements are counted one by one. */
  QueryInventory inventory();

  void sessionOpened();

  void sessionClosed();
}
