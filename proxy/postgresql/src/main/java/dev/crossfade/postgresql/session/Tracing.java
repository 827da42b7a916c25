package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.Tally;
import dev.crossfade.postgresql.inventory.TracedBatch;
import dev.crossfade.postgresql.trace.BatchTraces;
import dev.crossfade.postgresql.trace.TraceParent;
import dev.crossfade.postgresql.wire.FrontendType;
import org.jspecify.annotations.Nullable;

/** Finds out which batches belong to a client's trace. Only where traces are wanted. */
final class Tracing {
  private Tracing() {}

  /**
   * The same plan, with a span that its answer ends where the batch names a parent for one.
   *
   * @param traces null where that is off
   */
  static ExchangePlan traced(@Nullable BatchTraces traces, Batch batch, ExchangePlan plan) {
    if (traces == null) {
      return plan;
    }
    return switch (plan) {
      case ExchangePlan.Forward forward -> traced(traces, batch, forward);
      case ExchangePlan.Read read ->
          new ExchangePlan.Read(
              read.plan(),
              read.query(),
              read.statement(),
              read.parseFrame(),
              traced(traces, batch, read.fallback()));
      case ExchangePlan.Moved moved -> {
        Tally trace =
            begin(traces, batch, moved.migration(), RouteReason.AUTHORITY_NEW, moved.trace());
        yield trace == null ? moved : moved.traced(trace);
      }
      case ExchangePlan.Refused _,
          ExchangePlan.Local _,
          ExchangePlan.Opening _,
          ExchangePlan.Wait _ ->
          plan;
    };
  }

  private static ExchangePlan.Forward traced(
      BatchTraces traces, Batch batch, ExchangePlan.Forward forward) {
    Tally trace = begin(traces, batch, forward.concerned(), forward.reason(), forward.tally());
    return trace == null ? forward : forward.counted(trace);
  }

  private static @Nullable Tally begin(
      BatchTraces traces,
      Batch batch,
      String migration,
      RouteReason reason,
      @Nullable Tally counted) {
    TraceParent parent = migration.isEmpty() ? null : parent(batch);
    return parent == null
        ? null
        : new TracedBatch(migration, traces.begin(parent, migration, reason), counted);
  }

  private static @Nullable TraceParent parent(Batch batch) {
    for (int frame = 0; frame < batch.count(); frame++) {
      byte type = batch.type(frame);
      if (type == FrontendType.QUERY || type == FrontendType.PARSE) {
        TraceParent parent =
            TraceParent.find(batch.bytes(), batch.frameStart(frame) + 5, batch.frameEnd(frame));
        if (parent != null) {
          return parent;
        }
      }
    }
    return null;
  }
}
