package dev.crossfade.bench.writes;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One proof, from empty databases to the tally. */
final class WritesRun {
  private static final int MOST_SHRUNK = 2;
  private static final int SHRINKING = 25;

  private final int statements;
  private final long seed;
  private final int sessions;
  private final PrintStream progress;

  /**
   * @param statements of all sessions together
   */
  WritesRun(int statements, long seed, int sessions, PrintStream progress) {
    this.statements = statements;
    this.seed = seed;
    this.sessions = sessions;
    this.progress = progress;
  }

  Tally run() throws SQLException, IOException {
    try (World world = World.start(sessions)) {
      return run(world);
    }
  }

  /**
   * @param world that nobody has written in
   */
  Tally run(World world) throws IOException {
    History history = new History();
    long start = System.nanoTime();
    write(world, history);
    progress.printf(
        "%,d transactions on new in %.0f s, %d tried once more%n",
        history.transactions().size(), (System.nanoTime() - start) / 1e9, history.retries());
    Tally tally = new Tally();
    tally.retries(history.retries());
    try (Link old = world.old();
        Link target = world.target()) {
      new Replay(old, tally).run(history);
      Comparison.Finding finding = new Comparison(world).compare(old, target);
      tally.differences(finding.differences());
      progress.printf(
          "%,d equal answers, %d wrong ones, %,d rows in the end%n",
          tally.total().equal, tally.wrongCount(), finding.rows());
    }
    tally.wrong().forEach(each -> progress.println(each.difference() + ": " + each.draft().sql()));
    tally.differences().forEach(progress::println);
    if (!tally.wrong().isEmpty()) {
      shrink(history, tally);
    }
    return tally;
  }

  /** The first wrong answers once more, in one session and in a world as it was at first. */
  private void shrink(History history, Tally tally) throws IOException {
    try (World world = World.start(sessions);
        Lockstep lockstep = new Lockstep(world)) {
      for (Tally.Wrong wrong : tally.wrong().stream().limit(MOST_SHRUNK).toList()) {
        List<Draft> sequence = upTo(wrong, history);
        if (differs(lockstep, sequence)) {
          List<Draft> small =
              new Shrinker(shorter -> differs(lockstep, shorter), SHRINKING).shrink(sequence);
          tally.shrunk(wrong, small);
          progress.printf("%d statements are left of %d%n", small.size(), sequence.size());
        }
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** What had been committed before in the rows of the same session, or in everybody's. */
  private static List<Draft> upTo(Tally.Wrong wrong, History history) {
    List<Draft> sequence = new ArrayList<>();
    for (History.Transaction transaction : history.transactions()) {
      boolean near = transaction.shard() == wrong.shard() || wrong.draft().hot();
      for (Step step : transaction.steps()) {
        if (step.draft().equals(wrong.draft())) {
          sequence.add(wrong.draft());
          return sequence;
        }
        if (near && transaction.committed()) {
          sequence.add(step.draft());
        }
      }
    }
    return List.of(wrong.draft());
  }

  private static boolean differs(Lockstep lockstep, List<Draft> sequence) {
    try {
      return lockstep.last(sequence) != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(World world, History history) throws IOException {
    List<Future<Integer>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      for (int shard = 1; shard <= sessions; shard++) {
        int share = statements / sessions + (shard <= statements % sessions ? 1 : 0);
        Grammar.Source source = new Grammar.Source(seed, shard);
        running.add(threads.submit(new Session(world, history, source, share)));
      }
      for (Future<Integer> session : running) {
        session.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a session ended: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
