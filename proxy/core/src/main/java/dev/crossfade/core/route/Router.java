package dev.crossfade.core.route;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;

/**
 * Decides where a translatable read goes. A pure function: the same request always gets the same
 * decision.
 */
public final class Router {
  private Router() {}

  /**
   * New only when every migration that the statement touches lets it, in this order: stage,
   * unmirrored writes, share, freshness, transaction, circuit. The first that says no is the
   * reason.
   */
  public static RouteDecision decide(ReadRequest request) {
    boolean decided = request.transaction() == TransactionSide.READ_ONLY_NEW;
    for (String name : request.migrations()) {
      MigrationFlags flags = request.flags().of(name);
      if (flags == null || flags.effectiveReads().equals(ReadShare.NONE)) {
        return old(RouteReason.STAGE);
      }
      if (request.state().unmirrored().contains(name)) {
        return old(RouteReason.UNMIRRORED_WRITE);
      }
      if (!decided && !flags.effectiveReads().includes(bucket(flags, request.caller()))) {
        return old(RouteReason.OUT_OF_SHARE);
      }
      if (!decided && request.state().behind().contains(name)) {
        return old(RouteReason.NOT_FRESH);
      }
    }
    return switch (request.transaction()) {
      case AUTHORITY -> old(RouteReason.IN_TRANSACTION);
      case READ_ONLY_OLD -> old(RouteReason.TRANSACTION_SIDE);
      case NONE, READ_ONLY_UNDECIDED, READ_ONLY_NEW ->
          request.state().circuitOpen()
              ? old(RouteReason.CIRCUIT_OPEN)
              : new RouteDecision(Side.NEW, RouteReason.IN_SHARE);
    };
  }

  private static RouteDecision old(RouteReason reason) {
    return new RouteDecision(Side.OLD, reason);
  }

  /** The bucket that a caller's next read of this migration falls into, 0 to 99,999. */
  public static int bucket(MigrationFlags flags, ReadRequest.Caller caller) {
    String entity = caller.entity();
    return switch (flags.stickiness()) {
      case SESSION -> Bucket.of(flags.bucketGroup(), caller.session());
      case ENTITY -> Bucket.of(flags.bucketGroup(), entity == null ? caller.session() : entity);
      case USER -> Bucket.of(flags.bucketGroup(), caller.user());
      case RANDOM -> Bucket.fromHash(caller.random());
    };
  }
}
