package dev.crossfade.bench.consistency;

import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two servers and sidecars in processes of their own, each of which can be killed and comes back.
 */
final class Fleet implements AutoCloseable {
  private static final int SIDECARS = 2;
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 60 * SECOND;
  private static final Duration PATIENCE = Duration.ofNanos(PATIENCE_NANOS);

  private final Sides sides;
  private final Scratch folder = Scratch.create("crossfade-consistency");
  private final List<Member> members = new ArrayList<>();

  /** Whose places others have taken. */
  private final List<SidecarProcess> leaving = new ArrayList<>();

  private long ofTheKilled;

  /**
   * What a sidecar reaches the others by.
   *
   * @param control null when it follows nobody
   */
  private record Networks(FaultProxy old, FaultProxy next, @Nullable FaultProxy control) {
    FaultProxy to(Side side) {
      return side == Side.OLD ? old : next;
    }

    void close() {
      old.close();
      next.close();
      if (control != null) {
        control.close();
      }
    }
  }

  /** One sidecar, with a port that it keeps. */
  private static final class Member {
    final Path config;
    final int port;
    final Networks networks;
    @Nullable SidecarProcess process;

    /** Stands by. */
    @Nullable ChildJvm spare;

    Member(Path config, int port, Networks networks) {
      this.config = config;
      this.port = port;
      this.networks = networks;
    }
  }

  /** Sidecars that live by a file: in RAMP, half of the sessions read from new. */
  Fleet(Sides sides) {
    this(sides, null, false);
  }

  /** Each sidecar follows a control plane of its own. */
  Fleet(Sides sides, @Nullable ControlPlanes planes) {
    this(sides, planes, false);
  }

  /** Sidecars that live by a file, and that others can take over from. */
  static Fleet upgradable(Sides sides) {
    return new Fleet(sides, null, true);
  }

  /** Sidecars that live by a file, with another process beside each that stands by. */
  static Fleet withStandby(Sides sides) {
    Fleet fleet = upgradable(sides);
    fleet.members.forEach(Fleet::standBy);
    return fleet;
  }

  private static void standBy(Member member) {
    ChildJvm launched = SidecarProcess.launch(member.config, "--standby");
    member.spare = launched;
    Await.until("a process stands by", PATIENCE, () -> SidecarProcess.standsBy(launched));
  }

  private Fleet(Sides sides, @Nullable ControlPlanes planes, boolean upgradable) {
    this.sides = sides;
    folder.write("split-customers.yaml", Sides.yaml());
    for (int i = 0; i < SIDECARS; i++) {
      int port = ChildProgram.freePort();
      FaultProxy control = planes == null ? null : FaultProxy.to("127.0.0.1", planes.port(i));
      Networks networks = new Networks(network(sides.old()), network(sides.next()), control);
      String more = upgradable ? "upgrade: {socket: %s, linger: 30m}%n".formatted(socket(i)) : "";
      Path config = folder.write("sidecar-" + i + ".yaml", config(i, port, networks) + more);
      Member member = new Member(config, port, networks);
      member.process = SidecarProcess.start(member.config);
      members.add(member);
    }
  }

  private static String socket(int instance) {
    return "next-" + instance;
  }

  private static FaultProxy network(EmbeddedServer server) {
    return FaultProxy.to(server.host(), server.port());
  }

  private static String config(int instance, int port, Networks networks) {
    return """
    service: bench
    instance: bench-%d
    listen: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: 0}
    old: {host: %s, port: %d, database: postgres, user: postgres}
    new: {host: %s, port: %d, database: postgres, user: postgres}
    mirror: {old: {user: postgres}, new: {user: postgres}}
    stateDirectory: state-%d
    %s
    """
        .formatted(
            instance,
            port,
            networks.old().host(),
            networks.old().port(),
            networks.next().host(),
            networks.next().port(),
            instance,
            source(networks.control()));
  }

  /** Where it knows the migration from. */
  private static String source(@Nullable FaultProxy control) {
    return control == null
        ? "migrations: [{file: split-customers.yaml, stage: RAMP, reads: 50%, stickiness: session}]"
        : "controlPlane: {host: " + control.host() + ", port: " + control.port() + "}";
  }

  /** Makes room for what so many clients tell of themselves. */
  void begin(int clients) throws SQLException {
    sides
        .old()
        .execute(
            "INSERT INTO progress SELECT i, -1 FROM generate_series(0, "
                + (clients - 1)
                + ") AS i");
  }

  /** A session through one of the sidecars. */
  Connection connect(int client) throws SQLException {
    int port = members.get(client % members.size()).port;
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/postgres?connectTimeout=2&socketTimeout=20&loginTimeout=5",
        EmbeddedServer.SUPERUSER,
        "");
  }

  private static long answered(SidecarProcess process) {
    return (long) process.scrape().sum("crossfade_queries_total", Map.of("side", "new"));
  }

  /** Statements that new has answered so far. */
  long answeredByNew() {
    long sum = ofTheKilled;
    for (Member member : members) {
      SidecarProcess process = member.process;
      sum += process == null ? 0 : answered(process);
    }
    return sum;
  }

  /** Kills a sidecar; its pod starts it again, as often as that takes. */
  void killSidecar(int which) {
    Member member = members.get(which);
    SidecarProcess process = member.process;
    if (process != null) {
      ofTheKilled += answered(process);
      process.process().kill();
      process.close();
    }
    long start = System.nanoTime();
    while (true) {
      try {
        member.process = SidecarProcess.start(member.config);
        return;
      } catch (RuntimeException e) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          throw e;
        }
        LockSupport.parkNanos(SECOND / 5);
      }
    }
  }

  /**
   * Lets a process take over from a sidecar.
   *
   * @return nanoseconds until it lets clients in
   */
  long upgrade(int which) {
    Member member = members.get(which);
    SidecarProcess before = member.process;
    if (before != null) {
      ofTheKilled += answered(before);
      leaving.add(before);
    }
    long start = System.nanoTime();
    member.process = SidecarProcess.start(member.config);
    return System.nanoTime() - start;
  }

  /** Processes that still have clients although others have taken their places. */
  long lingering() {
    return leaving.stream().filter(process -> process.process().alive()).count();
  }

  /** Whether all whose places were taken have ended by themselves, as they should. */
  boolean haveLeft() {
    for (SidecarProcess process : leaving) {
      if (process.process().awaitExit(Duration.ofSeconds(60)) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Kills a sidecar, and starts it again at once.
   *
   * @return nanoseconds until a new client has an answer
   */
  long restart(int which) throws InterruptedException {
    Member member = members.get(which);
    SidecarProcess process = member.process;
    if (process != null) {
      ofTheKilled += answered(process);
    }
    long start = System.nanoTime();
    if (process != null) {
      process.process().kill();
      process.close();
    }
    Thread again = Thread.startVirtualThread(() -> startAgain(member));
    while (!isServed(which)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("sidecar " + which + " does not come back");
      }
      LockSupport.parkNanos(SECOND / 200);
    }
    long served = System.nanoTime() - start;
    again.join();
    return served;
  }

  /** As its supervisor does. Who stood by runs now. */
  private static void startAgain(Member member) {
    ChildJvm stoodBy = member.spare;
    if (stoodBy == null) {
      member.process = SidecarProcess.start(member.config);
    } else {
      standBy(member);
      member.process = SidecarProcess.of(stoodBy);
    }
  }

  private boolean isServed(int which) {
    try (Connection connection = connect(which);
        Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      // It is not back yet.
      return false;
    }
  }

  /** What one of the sidecars reaches a server by. */
  FaultProxy network(int which, Side side) {
    return members.get(which).networks.to(side);
  }

  /** What it reaches its control plane by. */
  FaultProxy control(int which) {
    FaultProxy control = members.get(which).networks.control();
    if (control == null) {
      throw new IllegalStateException("sidecar " + which + " follows nobody");
    }
    return control;
  }

  /** The mirror can not write to new for a while; reads go on there. */
  void hold(long nanos) throws SQLException {
    try (Connection connection = sides.next().connect("postgres");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "LOCK TABLE people, contacts, journal, purchases, advance IN EXCLUSIVE MODE");
      LockSupport.parkNanos(nanos);
      connection.rollback();
    }
  }

  void killOld() {
    sides.old().kill();
    sides.old().startAgain();
  }

  void killNew() {
    sides.next().kill();
    sides.next().startAgain();
  }

  /** New is away for a while. */
  void killNew(long nanos) {
    sides.next().kill();
    LockSupport.parkNanos(nanos);
    sides.next().startAgain();
  }

  @Override
  public void close() {
    for (Member member : members) {
      SidecarProcess process = member.process;
      if (process != null) {
        process.close();
      }
      ChildJvm spare = member.spare;
      if (spare != null) {
        spare.close();
      }
      member.networks.close();
    }
    leaving.forEach(SidecarProcess::close);
    folder.close();
  }
}
