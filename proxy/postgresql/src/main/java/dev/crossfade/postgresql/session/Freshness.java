package dev.crossfade.postgresql.session;

import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.Routing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one session has seen of old that new may not have yet: its own writes, and what others had
 * written when it read there. Until all of that has arrived it reads from old, so time never runs
 * backwards for it.
 */
final class Freshness {
  private final Routing routing;
  private final Map<String, Seen> seen = new HashMap<>();
  private boolean open;
  private boolean wrote;

  /**
   * @param by whose ticket it is: a mirror that is started anew counts from the beginning
   */
  private record Seen(Watermark by, long ticket) {}

  Freshness(Routing routing) {
    this.routing = routing;
  }

  /** A statement that may write a mapped table goes to old. */
  void writes() {
    open = true;
    wrote = true;
  }

  /** A batch goes to old. */
  void goesToOld(RouteReason reason) {
    open |= sees(reason);
  }

  /**
   * Whether the session's next read could have gone to new otherwise, or it writes. Reads that the
   * share or the stage keeps on old stay there.
   */
  private static boolean sees(RouteReason reason) {
    return switch (reason) {
      case UNMAPPED, OUT_OF_SHARE, STAGE, METADATA, SESSION_SCOPE, IN_SHARE -> false;
      case NOT_A_READ,
          MIXED_TABLES,
          NOT_TRANSLATABLE,
          PLAN_PENDING,
          MULTIPLE_STATEMENTS,
          IN_TRANSACTION,
          TRANSACTION_SIDE,
          SESSION_STATE,
          NEW_SHAPE,
          PRIVILEGES,
          BATCH_TOO_LARGE,
          NEW_UNAVAILABLE,
          CIRCUIT_OPEN,
          FALLBACK,
          NOT_FRESH,
          UNMIRRORED_WRITE ->
          true;
    };
  }

  /** Old has answered all batches, and the session is in no transaction. */
  void settled() {
    if (!open) {
      return;
    }
    routing
        .watermarks()
        .forEach(
            (migration, watermark) -> {
              seen.put(migration, new Seen(watermark, watermark.ticket()));
              if (wrote) {
                watermark.hurry();
              }
            });
    open = false;
    wrote = false;
  }

  /** Migrations of which new may lack something that this session has seen. */
  Set<String> behind() {
    Map<String, Watermark> watermarks = routing.watermarks();
    if (open) {
      return watermarks.keySet();
    }
    Set<String> behind = Set.of();
    for (Map.Entry<String, Watermark> migration : watermarks.entrySet()) {
      if (isBehind(migration.getKey(), migration.getValue())) {
        behind = behind.isEmpty() ? new HashSet<>() : behind;
        behind.add(migration.getKey());
      }
    }
    return behind;
  }

  private boolean isBehind(String migration, Watermark watermark) {
    if (!watermark.isKnown()) {
      return true;
    }
    Seen last = seen.get(migration);
    if (last == null) {
      // Who wrote before this mirror began may have written through another session.
      return !watermark.hasArrived(Watermark.FIRST);
    }
    if (last.by() != watermark) {
      seen.put(migration, new Seen(watermark, watermark.ticket()));
      return true;
    }
    if (watermark.hasArrived(last.ticket())) {
      seen.remove(migration);
      return false;
    }
    return true;
  }
}
