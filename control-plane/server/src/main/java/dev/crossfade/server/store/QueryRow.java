package dev.crossfade.server.store;

import dev.crossfade.engine.readiness.Standing;
import java.time.Instant;
import java.util.List;

/**
 * A statement on mapped tables: what a sidecar says is new of it, or all that is known.
 *
 * @param text without literals
 * @param position where the reason of a refusal stands, in characters; -1 for none
 * @param scans a {@code crossfade.v1.SeenQuery} with nothing but scans
 */
public record QueryRow(
    String service,
    String text,
    Standing standing,
    int position,
    String detail,
    byte[] scans,
    Counts counts) {
  /**
   * @param onOld by step of latency; empty when none has one
   * @param onNew the same
   */
  public record Counts(
      long executions, long[] onOld, long[] onNew, Instant firstSeen, Instant lastSeen) {}

  /**
   * @param migrations whose tables it names
   */
  public record Seen(List<String> migrations, QueryRow row) {
    public Seen {
      migrations = List.copyOf(migrations);
    }
  }

  /** Who sent a page. */
  public record Sender(String service, String instance, String incarnation) {}

  /**
   * @param number grows within an incarnation
   */
  public record Page(Sender sender, long number, List<Seen> seen, Besides besides) {
    public Page {
      seen = List.copyOf(seen);
    }
  }

  /**
   * What a service sends besides.
   *
   * @param unmapped batches that name no mapped table
   * @param unlisted executions on mapped tables that are not listed
   */
  public record Besides(String service, long unmapped, long unlisted) {}
}
