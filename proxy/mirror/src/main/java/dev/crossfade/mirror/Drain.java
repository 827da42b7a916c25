package dev.crossfade.mirror;

import dev.crossfade.mirror.MutationLog.Mutation;
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

  private final MutationLog log;
  private final Sync sync;
  private final int attempts;
  private final MirrorMeters meters;

  /**
   * @param attempts how often an entity that fails is tried before it is given up
   */
  Drain(MutationLog log, Sync sync, int attempts, MirrorMeters meters) {
    this.log = log;
    this.sync = sync;
    this.attempts = attempts;
    this.meters = meters;
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
      List<Mutation> taken = log.take(most);
      if (!taken.isEmpty()) {
        carry(taken, most);
      }
      log.commit();
      done = true;
      return taken.size();
    } finally {
      if (!done) {
        log.rollback();
      }
    }
  }

  private void carry(List<Mutation> taken, int most) throws SQLException {
    Map<List<String>, Mutation> latest = new HashMap<>();
    Mutation whole = null;
    for (Mutation mutation : taken) {
      List<String> key = mutation.key();
      if (key == null) {
        whole = mutation;
      } else {
        latest.merge(key, mutation, (a, b) -> a.id() < b.id() ? a : b);
      }
    }
    if (whole != null) {
      carryAll(whole, most);
    }
    Map<List<String>, SQLException> failed = new HashMap<>();
    Entities entities = new Entities(new ArrayList<>(latest.keySet()));
    sync.runEach(entities, failed);
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

  /** Every entity of the group: those that the authority has, and those that it no longer has. */
  private void carryAll(Mutation whole, int most) throws SQLException {
    Map<List<String>, SQLException> failed = new HashMap<>();
    for (KeyWalk walk : sync.everything()) {
      for (Entities entities = walk.next(most); entities.size() > 0; entities = walk.next(most)) {
        sync.runEach(entities, failed);
        meters.carried(entities.size());
      }
    }
    if (!failed.isEmpty()) {
      failed(whole, failed.values().iterator().next());
    }
  }
}
