package dev.crossfade.bench.consistency;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.net.Flow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Who is killed and which network is cut, in an order that a seed gives. */
final class Strikes {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Fleet fleet;
  private final ControlPlanes planes;
  private final Operator operator;
  private final Random random;
  private final Deque<Kind> next = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();

  /** What can happen. */
  private enum Kind {
    JOB_WORKER,
    FIRST_SIDECAR,
    SECOND_SIDECAR,
    CONTROL_PLANE,
    OLD,
    NEW,
    NEW_FOR_A_WHILE,
    SIDECAR_FROM_OLD,
    SIDECAR_FROM_NEW,
    SIDECAR_FROM_CONTROL_PLANE,
    CONTROL_PLANE_FROM_OLD,
    CONTROL_PLANE_FROM_NEW,
    CONTROL_PLANE_FROM_CATALOG
  }

  Strikes(Fleet fleet, ControlPlanes planes, Operator operator, Random random) {
    this.fleet = fleet;
    this.planes = planes;
    this.operator = operator;
    this.random = random;
  }

  /** All so far. */
  List<String> done() {
    return done;
  }

  /**
   * The next one; returns when what was struck is back, but for control planes, which come back
   * meanwhile. Every kind has its turn before one comes again, the worker first.
   */
  void strike() {
    if (next.isEmpty()) {
      List<Kind> all = new ArrayList<>(List.of(Kind.values()));
      all.remove(Kind.JOB_WORKER);
      Collections.shuffle(all, random);
      all.addFirst(Kind.JOB_WORKER);
      next.addAll(all);
    }
    done.add(strike(next.remove()));
  }

  private String strike(Kind kind) {
    int which = random.nextInt(2);
    return switch (kind) {
      case JOB_WORKER -> {
        int worker = operator.worker();
        planes.kill(worker < 0 ? which : worker);
        yield worker < 0
            ? "control plane " + (which + 1) + ", without a job"
            : "control plane " + (worker + 1) + ", at work on a job";
      }
      case FIRST_SIDECAR -> killSidecar(0);
      case SECOND_SIDECAR -> killSidecar(1);
      case CONTROL_PLANE -> {
        planes.kill(which);
        yield "control plane " + (which + 1);
      }
      case OLD -> {
        fleet.killOld();
        yield "old";
      }
      case NEW -> {
        fleet.killNew();
        yield "new";
      }
      case NEW_FOR_A_WHILE -> {
        fleet.killNew(3 * SECOND);
        yield "new for 3 s";
      }
      case SIDECAR_FROM_OLD -> cut("sidecar", which, "old", fleet.network(which, Side.OLD));
      case SIDECAR_FROM_NEW -> cut("sidecar", which, "new", fleet.network(which, Side.NEW));
      case SIDECAR_FROM_CONTROL_PLANE ->
          cut("sidecar", which, "its control plane", fleet.control(which));
      case CONTROL_PLANE_FROM_OLD ->
          cut("control plane", which, "old", planes.networks(which).old());
      case CONTROL_PLANE_FROM_NEW ->
          cut("control plane", which, "new", planes.networks(which).next());
      case CONTROL_PLANE_FROM_CATALOG ->
          cut("control plane", which, "the catalog", planes.networks(which).catalog());
    };
  }

  private String killSidecar(int which) {
    fleet.killSidecar(which);
    return "sidecar " + (which + 1);
  }

  /** Nothing gets through for a while: every other time it is refused, else it is not answered. */
  private String cut(String who, int which, String whom, FaultProxy network) {
    boolean silent = random.nextBoolean();
    if (silent) {
      network.set(new Flow.Hold());
    } else {
      network.refuse();
      network.cut();
    }
    LockSupport.parkNanos(SECOND);
    if (silent) {
      network.cut();
    }
    network.heal();
    return String.format(
        Locale.ROOT,
        "network of %s %d to %s for 1 s%s",
        who,
        which + 1,
        whom,
        silent ? " (silent)" : "");
  }
}
