package dev.crossfade.bench.consistency;

import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two servers and sidecars in processes of their own, each of which can be killed and comes back.
 */
final class Fleet implements AutoCloseable {
  private static final int SIDECARS = 2;
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 60 * SECOND;

  private final Sides sides;
  private final Scratch folder = Scratch.create("crossfade-consistency");
  private final List<Member> members = new ArrayList<>();

  /** One sidecar, with a port that it keeps. */
  private static final class Member {
    final Path config;
    final int port;
    @Nullable SidecarProcess process;

    Member(Path config, int port) {
      this.config = config;
      this.port = port;
    }
  }

  Fleet(Sides sides) {
    this.sides = sides;
    folder.write("split-customers.yaml", Sides.yaml());
    for (int i = 0; i < SIDECARS; i++) {
      int port = ChildProgram.freePort();
      Member member = new Member(folder.write("sidecar-" + i + ".yaml", config(i, port)), port);
      member.process = SidecarProcess.start(member.config);
      members.add(member);
    }
  }

  private String config(int instance, int port) {
    return """
    service: bench
    instance: bench-%d
    listen: {host: 127.0.0.1, port: %d}
    old: {host: %s, port: %d, database: postgres, user: postgres}
    new: {host: %s, port: %d, database: postgres, user: postgres}
    mirror: {old: {user: postgres}, new: {user: postgres}}
    stateDirectory: state-%d
    migrations:
      - {file: split-customers.yaml, stage: RAMP, reads: "50%%", stickiness: session}
    """
        .formatted(
            instance,
            port,
            sides.old().host(),
            sides.old().port(),
            sides.next().host(),
            sides.next().port(),
            instance);
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

  /** Kills a sidecar; its pod starts it again, as often as that takes. */
  void killSidecar(int which) {
    Member member = members.get(which);
    SidecarProcess process = member.process;
    if (process != null) {
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
    }
    folder.close();
  }
}
