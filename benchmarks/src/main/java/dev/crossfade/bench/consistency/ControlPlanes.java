package dev.crossfade.bench.consistency;

import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.JobServiceGrpc.JobServiceBlockingStub;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.bench.demo.ControlPlaneProcess;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two control planes on one catalog, in processes of their own, each of which can be killed and
 * comes back. Both may do jobs and moves.
 */
final class ControlPlanes implements AutoCloseable {
  static final int NUMBER = 2;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Scratch folder = Scratch.create("crossfade-control-planes");
  private final EmbeddedServer catalog = EmbeddedServer.start();
  private final List<Member> members = new ArrayList<>();
  private final ExecutorService restarts = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closing;

  /** What a control plane reaches the servers by. */
  record Networks(FaultProxy old, FaultProxy next, FaultProxy catalog) implements AutoCloseable {
    /** Every one of them. */
    List<FaultProxy> all() {
      return List.of(old, next, catalog);
    }

    @Override
    public void close() {
      all().forEach(FaultProxy::close);
    }
  }

  /** Where to ask one of them. */
  record Services(ManagedChannel channel) {
    /** For one call. */
    MigrationServiceBlockingStub migrations(long seconds) {
      return MigrationServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    /** For one call. */
    JobServiceBlockingStub jobs(long seconds) {
      return JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }
  }

  /** One of them, with a port that it keeps. */
  private static final class Member {
    final Path databases;
    final int port;
    final Networks networks;
    final Services services;
    volatile @Nullable ControlPlaneProcess process;

    Member(Path databases, int port, Networks networks) {
      this.databases = databases;
      this.port = port;
      this.networks = networks;
      this.services =
          new Services(ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }
  }

  ControlPlanes(Sides sides) {
    for (int i = 0; i < NUMBER; i++) {
      Networks networks =
          new Networks(network(sides.old()), network(sides.next()), network(catalog));
      Path databases =
          folder.write(
              "databases-" + i + ".yaml",
              "default:%n  old: {url: '%s'}%n  new: {url: '%s'}%n"
                  .formatted(url(networks.old()), url(networks.next())));
      Member member = new Member(databases, ChildProgram.freePort(), networks);
      members.add(member);
      member.process = start(member);
    }
  }

  private static FaultProxy network(EmbeddedServer server) {
    return FaultProxy.to(server.host(), server.port());
  }

  private static String url(FaultProxy network) {
    return "postgresql://"
        + EmbeddedServer.SUPERUSER
        + "@"
        + network.host()
        + ":"
        + network.port()
        + "/postgres?connectTimeout=5&socketTimeout=30";
  }

  private static ControlPlaneProcess start(Member member) {
    FaultProxy catalog = member.networks.catalog();
    return ControlPlaneProcess.sharing(
        "jdbc:postgresql://" + catalog.host() + ":" + catalog.port() + "/postgres",
        EmbeddedServer.SUPERUSER,
        member.databases,
        member.port);
  }

  int port(int which) {
    return members.get(which).port;
  }

  Networks networks(int which) {
    return members.get(which).networks;
  }

  /** Where to ask it; it may be away. */
  Services services(int which) {
    return members.get(which).services;
  }

  /** The one with this process; -1 when it is none that lives. */
  int withProcess(long pid) {
    for (int i = 0; i < members.size(); i++) {
      ControlPlaneProcess process = members.get(i).process;
      if (process != null && process.pid() == pid) {
        return i;
      }
    }
    return -1;
  }

  /** Kills it; it is started again, as often as that takes, and nobody waits for that. */
  void kill(int which) {
    Member member = members.get(which);
    ControlPlaneProcess process = member.process;
    if (process != null) {
      member.process = null;
      process.kill();
      restarts.execute(() -> startAgain(member));
    }
  }

  private void startAgain(Member member) {
    long start = System.nanoTime();
    while (!closing) {
      try {
        member.process = start(member);
        return;
      } catch (IllegalStateException e) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    restarts.close();
    for (Member member : members) {
      member.services.channel().shutdownNow();
      ControlPlaneProcess process = member.process;
      if (process != null) {
        process.kill();
      }
      member.networks.close();
    }
    catalog.close();
    folder.close();
  }
}
