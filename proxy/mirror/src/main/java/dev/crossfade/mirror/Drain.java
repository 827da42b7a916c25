package dev.crossfade.mirror;

import dev.crossfade.mirror.Batch.Left;
import dev.crossfade.mirror.MutationLog.Mutation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Empties a migration's log: takes mutations, makes their entities equal, forgets them, in this
 * order. A crash anywhere repeats work and loses none.
 *
 * <p>Groups that have nothing cost nothing, and a few changes of several groups are carried in one
 * transaction, so that whoever waits for his commit waits for four answers:
 *
 * <pre>
 * log        take, and see what is left
 * receiving  begin, lock the entities
 * authority  read
 * receiving  write, commit               now it has arrived
 * log        commit
 * </pre>
 */
final class Drain {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final int MARKER_BATCHES = 4;

  private final List<Group> groups;
  private final List<Integer> numbers;
  private final Connection log;
  private final int attempts;
  private final MirrorMeters meters;
  private final Floor floor = new Floor();

  /** Tables whose entities are carried together. */
  record Group(MutationLog log, Sync sync, Markers markers) {
    static Group of(MutationLog log, Sync sync, MirrorMeters meters) {
      return new Group(log, sync, new Markers(log, sync, meters));
    }

    int number() {
      return log.group();
    }
  }

  /**
   * One group's part of a batch.
   *
   * @param oldest of each entity the oldest mutation
   */
  private record Load(Group group, Map<List<String>, Mutation> oldest) {
    Sync.Part part() {
      return new Sync.Part(group.sync(), new Entities(new ArrayList<>(oldest.keySet())));
    }
  }

  /**
   * What became of a batch.
   *
   * @param whole whether each of its entities has been carried
   */
  private record Outcome(Left left, boolean whole) {}

  /** Is told of a batch, where nothing went wrong with it before the log has forgotten it. */
  interface Arrival {
    Arrival UNHEARD = left -> {};

    /**
     * @param left what the other side may lack now, of all that was committed before the step
     */
    void carried(Left left);
  }

  /**
   * @param groups with one connection to the log, and one to each side
   * @param attempts how often an entity that fails is tried before it is given up
   */
  Drain(List<Group> groups, int attempts, MirrorMeters meters) {
    this.groups = List.copyOf(groups);
    this.numbers = groups.stream().map(Group::number).toList();
    this.log = groups.getFirst().log().connection();
    this.attempts = attempts;
    this.meters = meters;
  }

  /** Capture may have been installed anew. */
  void look() throws SQLException {
    for (Group group : groups) {
      group.log().bypass().look();
    }
  }

  /**
   * One batch of each group.
   *
   * @return how many mutations were taken of the group that has most; fewer than asked for when
   *     there are no more
   * @throws SQLException when the servers can not be used; nothing is lost with it
   */
  int step(int most, Arrival arrival) throws SQLException {
    boolean done = false;
    try {
      String bypass = groups.getFirst().log().bypass().column();
      Batch batch =
          Batch.take(log, Batch.sql(numbers, bypass), most, floor.next(System.nanoTime()));
      Outcome outcome = carry(batch, most);
      floor.seen(outcome.left(), batch.snapshot());
      boolean early = outcome.whole() && !batch.isBypassed();
      if (early) {
        arrival.carried(outcome.left());
      }
      log.commit();
      for (Group group : groups) {
        note(group, batch.of(group.number()));
      }
      if (!early) {
        // Who hears that it is over finds what became of it.
        arrival.carried(outcome.left());
      }
      int size = 0;
      boolean added = false;
      for (Group group : groups) {
        List<Mutation> taken = batch.of(group.number());
        size = Math.max(size, taken.size());
        // What was changed goes first; but however much that is, the rest comes forward as well.
        int more = taken.size() < most ? most * MARKER_BATCHES : Math.max(1, most / MARKER_BATCHES);
        added |= batch.markers().contains(group.number()) && group.markers().step(more);
      }
      done = true;
      return added ? most : size;
    } finally {
      if (!done && !log.isClosed()) {
        log.rollback();
      }
    }
  }

  /** Behind the work and apart from it: a count that is lost loses nothing. */
  private void note(Group group, List<Mutation> taken) throws SQLException {
    List<@Nullable String> writers = new ArrayList<>();
    for (Mutation mutation : taken) {
      if (mutation.bypass() != null) {
        writers.add(mutation.bypass());
      }
    }
    if (writers.isEmpty()) {
      return;
    }
    try {
      List<Bypass> bypasses = group.log().bypass().note(writers);
      log.commit();
      bypasses.forEach(meters::bypassed);
    } catch (SQLException e) {
      if (log.isClosed()) {
        throw e;
      }
      log.rollback();
    }
  }

  private Outcome carry(Batch batch, int most) throws SQLException {
    List<Load> loads = new ArrayList<>();
    int entities = 0;
    for (Group group : groups) {
      Map<List<String>, Mutation> oldest = new HashMap<>();
      for (Mutation mutation : batch.of(group.number())) {
        oldest.merge(mutation.key(), mutation, (a, b) -> a.id() < b.id() ? a : b);
      }
      if (!oldest.isEmpty()) {
        loads.add(new Load(group, oldest));
        entities += oldest.size();
      }
    }
    // In memory they may be no more than one group's batch.
    boolean together =
        loads.size() > 1
            && entities <= most
            && Sync.together(loads.stream().map(Load::part).toList());
    Left left = batch.left();
    boolean whole = true;
    for (Load load : loads) {
      Entities all = load.part().entities();
      Map<List<String>, SQLException> failed = new HashMap<>();
      if (!together) {
        load.group().sync().runEach(all, failed);
      }
      if (batch.deadLetters().contains(load.group().number())) {
        load.group().log().forgive(all.without(failed.keySet()));
      }
      for (Map.Entry<List<String>, SQLException> failure : failed.entrySet()) {
        Mutation mutation = load.oldest().get(failure.getKey());
        if (mutation != null) {
          left = failed(load.group(), mutation, failure.getValue(), left);
        }
      }
      whole &= failed.isEmpty();
      meters.carried(all.size() - failed.size());
    }
    return new Outcome(left, whole);
  }

  /**
   * @return with it, where it will be tried again
   */
  private Left failed(Group group, Mutation mutation, SQLException why, Left left)
      throws SQLException {
    meters.failed(why);
    if (mutation.attempts() + 1 >= attempts || Endpoint.isTooLarge(why)) {
      group.log().bury(mutation, why);
      meters.buried();
      return left;
    }
    group.log().putBack(mutation, pause(mutation.attempts()));
    return left.with(mutation.id());
  }

  private static Duration pause(int attempts) {
    long millis = FIRST_PAUSE.toMillis() << attempts;
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
  }
}
