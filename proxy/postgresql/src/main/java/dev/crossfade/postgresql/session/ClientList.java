package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.command.Answer;
import dev.crossfade.postgresql.command.Row;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of all event loops, each described by its own loop. A loop that does not answer in
 * time leaves its sessions with what never changes.
 */
final class ClientList {
  /** Sessions listed at most: those that are there for longest. */
  static final int MAX = 1000;

  private final List<ClientSession> sessions;
  private final int open;
  private final AtomicReferenceArray<@Nullable Row> rows;
  private final AtomicInteger loopsToAnswer;

  private ClientList(List<ClientSession> sessions, int open, int loops) {
    this.sessions = sessions;
    this.open = open;
    this.rows = new AtomicReferenceArray<>(sessions.size());
    this.loopsToAnswer = new AtomicInteger(loops);
  }

  static ClientList ask(Sessions all) {
    List<ClientSession> oldest = all.oldest(MAX);
    Map<EventLoop, List<Integer>> byLoop = new HashMap<>();
    for (int i = 0; i < oldest.size(); i++) {
      byLoop.computeIfAbsent(oldest.get(i).client().eventLoop(), loop -> new ArrayList<>()).add(i);
    }
    ClientList list = new ClientList(oldest, all.open(), byLoop.size());
    byLoop.forEach((loop, indexes) -> loop.execute(() -> list.describe(indexes)));
    return list;
  }

  private void describe(List<Integer> indexes) {
    for (int index : indexes) {
      rows.set(index, sessions.get(index).describe());
    }
    loopsToAnswer.decrementAndGet();
  }

  boolean isComplete() {
    return loopsToAnswer.get() == 0;
  }

  Answer answer() {
    List<Row> known = new ArrayList<>();
    for (int i = 0; i < sessions.size(); i++) {
      Row row = rows.get(i);
      known.add(row == null ? sessions.get(i).describeFixed() : row);
    }
    String notice =
        open > sessions.size()
            ? "only the " + sessions.size() + " oldest of " + open + " sessions are listed"
            : "";
    return new Answer(known, notice);
  }
}
