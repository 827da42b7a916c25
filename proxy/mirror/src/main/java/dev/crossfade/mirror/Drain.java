package dev.crossfade.mirror;

import dev.crossfade.mirror.MutationLog.Mutation;
import dev.crossfade.mirror.MutationLog.Taken;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Empties one group's log: takes mutations, makes their entities equal, forgets them, in this
 * order. A crash anywhere repeats work and loses none.
 */
final class Drain {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final int MARKER_BATCHES = 4;

  private final MutationLog log;
  private final Sync sync;
  private final int attempts;
  private final MirrorMeters meters;
  private final Markers markers;

  /**
   * @param attempts how often an entity that fails is tried before it is given up
   */
  Drain(MutationLog log, Sync sync, int attempts, MirrorMeters meters) {
    this.log = log;
    this.sync = sync;
    this.attempts = attempts;
    this.meters = meters;
    this.markers = new Markers(log, sync, meters);
  }

  /** Capture may have been installed anew. */
  void look() throws SQLException {
    log.bypass().look();
  }

  /**
   * One batch.
   *
   * @return how many mutations were taken; fewer than asked for when there are no more
   * @throws SQLException when the servers can not be used; nothing is lost with it
   */
  int step(int most) throws SQLException {
    boolean done = false;
    try {
      Taken taken = log.take(most);
      int size = taken.mutations().size();
      if (size > 0) {
        carry(taken);
      }
      log.commit();
      note(writers(taken));
      // What was changed goes first; but however much that is, the rest comes forward as well.
      int more = size < most ? most * MARKER_BATCHES : Math.max(1, most / MARKER_BATCHES);
      boolean added = taken.markers() && markers.step(more);
      done = true;
      return added ? most : size;
    } finally {
      if (!done) {
        log.rollback();
      }
    }
  }

  /** Behind the work and apart from it: a count that is lost loses nothing. */
  private void note(List<@Nullable String> writers) throws SQLException {
    try {
      List<Bypass> bypasses = log.bypass().note(writers);
      log.commit();
      bypasses.forEach(meters::bypassed);
    } catch (SQLException e) {
      if (log.connection().isClosed()) {
        throw e;
      }
      log.rollback();
    }
  }

  private static List<@Nullable String> writers(Taken taken) {
    List<@Nullable String> writers = new ArrayList<>();
    for (Mutation mutation : taken.mutations()) {
      writers.add(mutation.bypass());
    }
    return writers;
  }

  private void carry(Taken taken) throws SQLException {
    Map<List<String>, Mutation> latest = new HashMap<>();
    for (Mutation mutation : taken.mutations()) {
      latest.merge(mutation.key(), mutation, (a, b) -> a.id() < b.id() ? a : b);
    }
    Map<List<String>, SQLException> failed = new HashMap<>();
    Entities entities = new Entities(new ArrayList<>(latest.keySet()));
    sync.runEach(entities, failed);
    if (taken.deadLetters()) {
      log.forgive(entities.without(failed.keySet()));
    }
    for (Map.Entry<List<String>, SQLException> failure : failed.entrySet()) {
      failed(latest.get(failure.getKey()), failure.getValue());
    }
    meters.carried(entities.size() - failed.size());
  }

  private void failed(@Nullable Mutation mutation, SQLException why) throws SQLException {
    if (mutation == null) {
      return;
    }
    meters.failed(why);
    if (mutation.attempts() + 1 >= attempts || Endpoint.isTooLarge(why)) {
      log.bury(mutation, why);
      meters.buried();
    } else {
      log.putBack(mutation, pause(mutation.attempts()));
    }
  }

  private static Duration pause(int attempts) {
    long millis = FIRST_PAUSE.toMillis() << attempts;
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
  }
}
