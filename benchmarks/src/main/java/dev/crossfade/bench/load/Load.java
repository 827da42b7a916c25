package dev.crossfade.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients at work. {@link #close()} lets each end what it is doing. */
public final class Load implements AutoCloseable {
  private final Tally tally = new Tally();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopped;

  private Load() {}

  /**
   * Where the clients go and what they know.
   *
   * @param jdbcUrl with a parameter list that can be continued
   */
  public record Target(String jdbcUrl, AnswerBook book) {}

  /** Starts clients, of every kind in turn. */
  public static Load start(Target target, int clients, long seed) {
    Load load = new Load();
    SplittableRandom random = new SplittableRandom(seed);
    ClientKind[] kinds = ClientKind.values();
    for (int i = 0; i < clients; i++) {
      ClientKind kind = kinds[i % kinds.length];
      LoadClient client =
          new LoadClient(kind, target, random.split(), load.tally, () -> load.stopped);
      load.clients.add(Thread.ofPlatform().daemon().name("client " + i).start(client));
    }
    return load;
  }

  public Tally tally() {
    return tally;
  }

  /** Tells the clients to stop without waiting for them; what fails from now on is not counted. */
  public void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    stop();
    try {
      for (Thread client : clients) {
        client.join(5_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
