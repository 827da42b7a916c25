package dev.crossfade.sidecar.inventory;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.LatencyBucket;
import dev.crossfade.api.v1.LatencyHistogram;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.SeenQuery;
import dev.crossfade.api.v1.Side;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.Routing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pages that tell the control plane of the inventory, one at a time:
 *
 * <pre>
 *   counters --- sweep, every 5 s ---> page --- sent, again until acked ---> gone
 * </pre>
 *
 * <p>What a page says was taken from the counters, so the page is kept until it is acked: as long
 * as the process lives no count is lost, and none is told twice under two numbers. All methods are
 * called by one thread.
 */
public final class InventoryPages {
  static final int PAGE_QUERIES = 200;
  static final int PAGE_BYTES = 96 << 10;
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);
  private static final int MIGRATIONS_MAX = 32;

  private final QueryInventory inventory;
  private final Routing routing;
  private final KnownOfNew known;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final String incarnation = UUID.randomUUID().toString();

  /** What the control plane was told last of each tally that still counts. */
  private final Map<QueryTally, QueryStatus> told = new IdentityHashMap<>();

  private Iterator<QueryTally> sweep = Collections.emptyIterator();
  private @Nullable SeenQuery carried;
  private long nextSweepNanos;
  private @Nullable InventoryPage underWay;
  private long underWayStream;
  private long sentNanos;
  private long number;
  private long toldUnmapped;
  private long toldUnlisted;

  /**
   * @param known what is known of a statement on new
   * @param nanos the inventory's clock
   * @param clock the time of day
   */
  public InventoryPages(
      QueryInventory inventory,
      Routing routing,
      KnownOfNew known,
      LongSupplier nanos,
      InstantSource clock) {
    this.inventory = inventory;
    this.routing = routing;
    this.known = known;
    this.nanos = nanos;
    this.clock = clock;
    this.nextSweepNanos = nanos.getAsLong();
  }

  /** With the clocks of the machine. */
  public static InventoryPages of(QueryInventory inventory, Routing routing, KnownOfNew known) {
    return new InventoryPages(inventory, routing, known, System::nanoTime, InstantSource.system());
  }

  /**
   * What is to be sent now.
   *
   * @param stream that it will be sent on: on another one what is under way is sent again
   */
  public Optional<InventoryPage> next(long stream) {
    long now = nanos.getAsLong();
    if (underWay == null) {
      underWay = make(now);
    } else if (stream == underWayStream && now - sentNanos < AGAIN_AFTER.toNanos()) {
      return Optional.empty();
    }
    underWayStream = stream;
    sentNanos = now;
    return Optional.ofNullable(underWay);
  }

  /** The control plane has stored a page. */
  public void acked(long which) {
    if (underWay != null && underWay.getNumber() == which) {
      underWay = null;
    }
  }

  private @Nullable InventoryPage make(long now) {
    if (carried == null && !sweep.hasNext()) {
      if (now - nextSweepNanos < 0) {
        return null;
      }
      nextSweepNanos = now + SWEEP_EVERY.toNanos();
      inventory.makeRoom();
      sweep = inventory.tallies().iterator();
    }
    InventoryPage.Builder page = InventoryPage.newBuilder();
    fill(page, now);
    long unmapped = inventory.unmappedTotal();
    long unlisted = inventory.unlistedTotal();
    page.setUnmapped(unmapped - toldUnmapped).setUnlisted(unlisted - toldUnlisted);
    if (page.getQueriesCount() == 0 && page.getUnmapped() == 0 && page.getUnlisted() == 0) {
      return null;
    }
    toldUnmapped = unmapped;
    toldUnlisted = unlisted;
    number++;
    return page.setIncarnation(incarnation).setNumber(number).build();
  }

  private void fill(InventoryPage.Builder page, long now) {
    int bytes = 0;
    while (page.getQueriesCount() < PAGE_QUERIES) {
      SeenQuery query = carried == null ? nextNews(now) : carried;
      carried = null;
      if (query == null) {
        return;
      }
      bytes += query.getSerializedSize();
      if (bytes > PAGE_BYTES && page.getQueriesCount() > 0) {
        carried = query;
        return;
      }
      page.addQueries(query);
    }
  }

  /** The next statement of which there is something to tell; null at the end of the sweep. */
  private @Nullable SeenQuery nextNews(long now) {
    for (QueryTally gone = inventory.pollRetired(); gone != null; gone = inventory.pollRetired()) {
      QueryStatus before = told.remove(gone);
      QueryTally.Counts counts = gone.take();
      if (counts.executions() > 0) {
        return query(gone, before == null ? QueryStatus.PENDING : before, counts, now);
      }
    }
    while (sweep.hasNext()) {
      QueryTally tally = sweep.next();
      SeenQuery news = news(tally, now);
      if (news != null) {
        return news;
      }
    }
    return null;
  }

  private @Nullable SeenQuery news(QueryTally tally, long now) {
    if (tally.isRetired()) {
      return null;
    }
    QueryStatus before = told.get(tally);
    QueryStatus status = status(tally, before);
    if (before == null && status.equals(QueryStatus.PENDING)) {
      // Most plans are made within one sweep: then their first status is the one that stays.
      told.put(tally, QueryStatus.PENDING);
      return null;
    }
    QueryTally.Counts counts = tally.take();
    if (counts.executions() == 0 && status.equals(before)) {
      return null;
    }
    told.put(tally, status);
    return query(tally, status, counts, now);
  }

  private QueryStatus status(QueryTally tally, @Nullable QueryStatus before) {
    Lenses lenses = routing.lenses();
    PlanState state =
        lenses == null || lenses.generation() != tally.generation()
            ? null
            : lenses.plans().peek(tally.key());
    if (state != null) {
      return QueryStatus.of(state, tally.key().fingerprint(), known);
    }
    if (before == null || before.equals(QueryStatus.PENDING)) {
      return tally.isTooLarge() ? QueryStatus.TOO_LARGE : QueryStatus.PENDING;
    }
    // Its plan made room for another, or the lenses were just replaced.
    return before;
  }

  private SeenQuery query(
      QueryTally tally, QueryStatus status, QueryTally.Counts counts, long now) {
    SeenQuery.Builder query =
        SeenQuery.newBuilder()
            .setText(tally.key().fingerprint().normalizedText())
            .addAllMigrations(tally.sighting().migrations().stream().limit(MIGRATIONS_MAX).toList())
            .setKind(kind(tally.sighting().kind(), status))
            .setStatus(status.status())
            .setCount(counts.executions())
            .setLastSeen(
                timestamp(clock.instant().minusNanos(Math.max(0, now - tally.lastSeenNanos()))))
            .addAllScans(status.scans());
    if (status.refusal() != null) {
      query.setRefusal(status.refusal());
    }
    addLatencies(query, Side.SIDE_OLD, counts.onOld());
    addLatencies(query, Side.SIDE_NEW, counts.onNew());
    return query.build();
  }

  private static QueryKind kind(QueryTally.Kind kind, QueryStatus status) {
    return switch (kind) {
      case READ -> status.authoritys() ? QueryKind.QUERY_KIND_WRITE : QueryKind.QUERY_KIND_READ;
      case WRITE -> QueryKind.QUERY_KIND_WRITE;
      case OTHER -> QueryKind.QUERY_KIND_OTHER;
    };
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static void addLatencies(SeenQuery.Builder query, Side side, long[] counts) {
    LatencyHistogram.Builder histogram = LatencyHistogram.newBuilder().setSide(side);
    for (int step = 0; step < counts.length; step++) {
      if (counts[step] > 0) {
        histogram.addBuckets(
            LatencyBucket.newBuilder()
                .setUpperMicros(LatencySteps.upperMicros(step))
                .setCount(counts[step]));
      }
    }
    if (histogram.getBucketsCount() > 0) {
      query.addLatencies(histogram);
    }
  }
}
