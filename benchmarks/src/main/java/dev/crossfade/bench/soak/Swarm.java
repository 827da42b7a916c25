package dev.crossfade.bench.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** One thread that serves many connections: what is ready, and what is due. */
final class Swarm implements Runnable {
  private static final Duration LOOK_ROUND = Duration.ofSeconds(1);

  private final Selector selector;
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final List<SoakClient> clients = new ArrayList<>();
  private volatile boolean ending;

  /** Whoever has a channel here. */
  interface Channelled {
    /** The channel can do what its key waited for. */
    void ready(SelectionKey key);
  }

  /** What is done at a time of {@link System#nanoTime()}. */
  private record Due(long atNanos, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(atNanos - other.atNanos, 0);
    }
  }

  Swarm() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Before the swarm runs. */
  void add(SoakClient client) {
    clients.add(client);
  }

  /** Lets every client finish its batch and leave; then the thread ends. Any thread. */
  void end() {
    ending = true;
    selector.wakeup();
  }

  boolean isEnding() {
    return ending;
  }

  SelectionKey register(SelectableChannel channel, int interest, Channelled owner)
      throws IOException {
    return channel.register(selector, interest, owner);
  }

  void after(Duration delay, Runnable task) {
    due.add(new Due(System.nanoTime() + delay.toNanos(), task));
  }

  @Override
  public void run() {
    clients.forEach(SoakClient::start);
    after(LOOK_ROUND, this::lookRound);
    try (selector) {
      while (!ending || clients.stream().anyMatch(client -> !client.isGone())) {
        select();
        while (!due.isEmpty() && due.peek().atNanos() - System.nanoTime() <= 0) {
          due.remove().task().run();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void select() throws IOException {
    Due next = due.peek();
    long millis = next == null ? 0 : (next.atNanos() - System.nanoTime()) / 1_000_000;
    if (millis > 0) {
      selector.select(millis);
    } else {
      selector.selectNow();
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid() && key.attachment() instanceof Channelled owner) {
        owner.ready(key);
      }
    }
    selector.selectedKeys().clear();
  }

  private void lookRound() {
    clients.forEach(SoakClient::lookRound);
    after(LOOK_ROUND, this::lookRound);
  }
}
