package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.Routing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one session has seen of old that new may not have yet: its own writes, and what others had
 * written when it read there. Until that has arrived it reads from old, so time never runs
 * backwards for it. Where a read is of one entity, only that entity's reads have to wait. Where a
 * migration promises less than that, only how far its mirror is behind counts.
 */
final class Freshness {
  /** Entities that are remembered one by one; whoever reads more of them has seen everything. */
  static final int MOST_ENTITIES = 64;

  private final Routing routing;
  private final Map<String, Seen> seen = new HashMap<>();
  private final Set<String> reading = new HashSet<>();
  private boolean open;
  private boolean wrote;

  /** What was seen of one migration, in tickets of one mirror's watermark. */
  private static final class Seen {
    private static final long NOTHING = -1;

    /** A mirror that is started anew counts from the beginning. */
    private final Watermark by;

    private final Map<String, Long> entities = new HashMap<>();
    private long anything = NOTHING;

    Seen(Watermark by) {
      this.by = by;
    }

    void anything() {
      anything = by.ticket();
      entities.clear();
    }

    void entities(Set<String> keys) {
      Long ticket = by.ticket();
      keys.forEach(key -> entities.put(key, ticket));
      if (entities.size() > MOST_ENTITIES) {
        entities.values().removeIf(by::hasArrived);
      }
      if (entities.size() > MOST_ENTITIES) {
        anything();
      }
    }

    /**
     * @param entity null for a read of any
     */
    boolean isBehind(@Nullable String entity) {
      if (!by.hasArrived(Math.max(Watermark.FIRST, anything))) {
        return true;
      }
      anything = NOTHING;
      if (entities.isEmpty()) {
        return false;
      }
      if (entity != null) {
        Long ticket = entities.get(entity);
        return ticket != null && !by.hasArrived(ticket);
      }
      entities.values().removeIf(by::hasArrived);
      return !entities.isEmpty();
    }
  }

  Freshness(Routing routing) {
    this.routing = routing;
  }

  /** A statement that may write a mapped table goes to old. */
  void writes() {
    open = true;
    wrote = true;
  }

  /**
   * A batch goes to old.
   *
   * @param entity the key of the one entity that it reads; null when it may be about others
   */
  void goesToOld(RouteReason reason, @Nullable String entity) {
    if (!sees(reason)) {
      return;
    }
    if (entity == null || reading.size() == MOST_ENTITIES) {
      open = true;
    } else if (!open && !routing.watermarks().isEmpty()) {
      reading.add(canonical(entity));
    }
  }

  /** One spelling of whole numbers. */
  private static String canonical(String key) {
    if (key.isEmpty() || key.charAt(0) != '0' && key.charAt(0) != '+') {
      return key;
    }
    try {
      return Long.toString(Long.parseLong(key));
    } catch (NumberFormatException e) {
      return key;
    }
  }

  /**
   * Whether the session's next read could have gone to new otherwise, or it writes. Reads that the
   * share or the stage keeps on old stay there.
   */
  private static boolean sees(RouteReason reason) {
    return switch (reason) {
      case UNMAPPED, AUTHORITY_NEW, OUT_OF_SHARE, STAGE, METADATA, SESSION_SCOPE, IN_SHARE -> false;
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
    if (!open && reading.isEmpty()) {
      return;
    }
    routing
        .watermarks()
        .forEach(
            (migration, watermark) -> {
              Seen before = seen.get(migration);
              Seen now = before == null || before.by != watermark ? new Seen(watermark) : before;
              if (open || before != null && before != now) {
                now.anything();
              } else {
                now.entities(reading);
              }
              seen.put(migration, now);
              if (wrote) {
                watermark.hurry();
              }
            });
    open = false;
    wrote = false;
    reading.clear();
  }

  /**
   * Migrations of which new may lack something that this session has seen.
   *
   * @param only the key of the one entity that is to be read; null when others may be read as well
   */
  Set<String> behind(@Nullable String only) {
    Map<String, Watermark> watermarks = routing.watermarks();
    String entity = only == null ? null : canonical(only);
    boolean unsettled = open || !reading.isEmpty() && (entity == null || reading.contains(entity));
    Set<String> returning = routing.returning().keySet();
    Set<String> behind = returning.isEmpty() ? Set.of() : new HashSet<>(returning);
    for (Map.Entry<String, Watermark> migration : watermarks.entrySet()) {
      Watermark watermark = migration.getValue();
      ReadFreshness asked = routing.flags().freshness(migration.getKey());
      boolean isBehind =
          switch (asked.kind()) {
            case READ_YOUR_WRITES -> unsettled || isBehind(migration.getKey(), watermark, entity);
            case BOUNDED -> !watermark.isWithin(asked.bound());
            case EVENTUAL -> !watermark.isKnown();
          };
      if (isBehind) {
        behind = behind.isEmpty() ? new HashSet<>() : behind;
        behind.add(migration.getKey());
      }
    }
    return behind;
  }

  private boolean isBehind(String migration, Watermark watermark, @Nullable String entity) {
    if (!watermark.isKnown()) {
      return true;
    }
    Seen last = seen.get(migration);
    if (last == null) {
      // Who wrote before this mirror began may have written through another session.
      return !watermark.hasArrived(Watermark.FIRST);
    }
    if (last.by != watermark) {
      last = new Seen(watermark);
      last.anything();
      seen.put(migration, last);
    }
    return last.isBehind(entity);
  }
}
