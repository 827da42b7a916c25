package dev.crossfade.bench.writes;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection to a database. One thread's own. */
final class Link implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final WireClient client;

  private Link(WireClient client) {
    this.client = client;
  }

  static Link connect(EmbeddedServer server, String database) throws IOException {
    WireClient client = WireClient.connect(server.host(), server.port()).timeout(PATIENCE);
    if (Outcome.of(client.login(database, EmbeddedServer.SUPERUSER, ""))
        instanceof Outcome.Failed failed) {
      client.close();
      throw new IOException(failed.message());
    }
    return new Link(client);
  }

  Outcome ask(String sql) throws IOException {
    return Outcome.of(client.query(sql));
  }

  /** COPY FROM STDIN. */
  Outcome copyIn(String sql, String rows) throws IOException {
    client.send(Messages.query(sql));
    List<Frame> frames = new ArrayList<>(client.readUntil("GEZ"));
    if (frames.getLast().type() == 'G') {
      client.send(Messages.copyData(rows), Messages.copyDone());
    }
    if (frames.getLast().type() != 'Z') {
      frames.addAll(client.readUntilReady());
    }
    return Outcome.of(frames);
  }

  /** A statement, and the rows that it asks for. */
  Outcome ask(Draft draft) throws IOException {
    return draft.copied().isEmpty() ? ask(draft.sql()) : copyIn(draft.sql(), draft.copied());
  }

  /** Runs what can not fail. */
  List<Frame> must(String sql) throws IOException {
    List<Frame> frames = client.query(sql);
    if (Outcome.of(frames) instanceof Outcome.Failed failed) {
      throw new IOException(failed.sqlState() + ": " + failed.message() + ": " + sql);
    }
    return frames;
  }

  /** The values of the one row that a query gives. */
  long[] numbers(String sql) throws IOException {
    for (Frame frame : must(sql)) {
      if (frame.type() == 'D') {
        long[] numbers = new long[frame.values().length];
        for (int i = 0; i < numbers.length; i++) {
          @Nullable String text = frame.text(i);
          numbers[i] = text == null ? 0 : Long.parseLong(text);
        }
        return numbers;
      }
    }
    throw new IOException("no row: " + sql);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
