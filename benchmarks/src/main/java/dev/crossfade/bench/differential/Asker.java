package dev.crossfade.bench.differential;

import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.differential.Node.Statement;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection to one of the servers, which is asked one statement after the other. */
final class Asker implements AutoCloseable {
  private static final int MOST_ROWS = 4_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final WireClient client;

  private Asker(WireClient client) {
    this.client = client;
  }

  /**
   * @param bound on a statement; one that takes longer fails
   */
  static Asker connect(EmbeddedServer server, Site.Login login, Duration bound) throws IOException {
    return connect(server, Site.DATABASE, login, bound);
  }

  /**
   * The same in another database.
   *
   * @param settings SET commands
   */
  static Asker connect(
      EmbeddedServer server, String database, Site.Login login, Duration bound, String... settings)
      throws IOException {
    WireClient client = WireClient.connect(server.host(), server.port());
    client.timeout(PATIENCE);
    List<Frame> frames = new ArrayList<>(client.login(database, login.user(), login.password()));
    frames.addAll(client.query("SET statement_timeout = " + bound.toMillis()));
    for (String setting : settings) {
      frames.addAll(client.query(setting));
    }
    if (Answer.of(frames) instanceof Answer.Failed failed) {
      client.close();
      throw new IOException(failed.message());
    }
    return new Asker(client);
  }

  /**
   * @param types of its parameters, OIDs; the server infers those that are missing
   */
  Answer ask(Statement statement, int[] types, boolean binary) throws IOException {
    List<Parameter> parameters = new ArrayList<>();
    for (@Nullable String value : statement.parameters()) {
      parameters.add(value == null ? Parameter.ofNull() : Parameter.text(value));
    }
    return Answer.of(
        client.exchange(
            Messages.parse("", statement.sql(), types),
            Messages.bind("", "", parameters, binary ? List.of(1) : List.of()),
            Messages.describePortal(""),
            Messages.execute("", MOST_ROWS),
            Messages.sync()));
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
