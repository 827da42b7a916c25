package dev.crossfade.sidecar;

import static java.util.Objects.requireNonNull;

import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link Pair} whose answers tell which side gave them: the names that new has begin with NEW.
 * Old has a second table {@code customers}, in the schema {@code other}, of which new knows
 * nothing.
 */
final class MarkedPair implements AutoCloseable {
  static final String READ = "SELECT full_name FROM customers WHERE id = 17";
  static final String OF_NEW = "NEW17 Family17";
  static final String OF_OLD = "Given17 Family17";
  static final String OF_OTHER = "OTHER";

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  final Pair sides;

  MarkedPair() throws SQLException, IOException {
    sides = new Pair();
    sides.target.executeIn("shop2", "UPDATE people SET given_name = 'NEW' || id");
    sides.old.executeIn(
        "shop",
        "CREATE SCHEMA other AUTHORIZATION app",
        "CREATE TABLE other.customers AS SELECT * FROM public.customers WHERE id = 17",
        "UPDATE other.customers SET full_name = '" + OF_OTHER + "'",
        "ALTER TABLE other.customers OWNER TO app");
  }

  /** A sidecar that reads everything from new. */
  Sidecar ramp(String... limits) throws Exception {
    return sides.sidecar(
        "RAMP",
        "100%",
        "random",
        limits.length == 0 ? "" : "limits: {" + String.join(", ", limits) + "}");
  }

  /** The same, with this in between it and new. */
  Sidecar rampThrough(FaultProxy network, String limits) throws Exception {
    return sides.rampThrough(sides.target.port(), network.port(), "limits: {" + limits + "}");
  }

  /** A session with old itself; the names and values of further startup parameters. */
  WireClient direct(String... parameters) throws IOException {
    return session(sides.old.host(), sides.old.port(), parameters);
  }

  /** A session through the sidecar; the names and values of further startup parameters. */
  static WireClient client(Sidecar sidecar, String... parameters) throws IOException {
    return session("127.0.0.1", sidecar.address().getPort(), parameters);
  }

  private static WireClient session(String host, int port, String... parameters)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("user", Pair.USER);
    all.put("database", "shop");
    for (int i = 0; i < parameters.length; i += 2) {
      all.put(parameters[i], parameters[i + 1]);
    }
    WireClient client = WireClient.connect(host, port).timeout(PATIENCE);
    client.login(all, Pair.PASSWORD);
    return client;
  }

  /** Reads until the plan is made and new answers, so that what comes next can go wrong. */
  static void awaitNew(Sidecar sidecar, WireClient client) {
    long before = onNew(sidecar);
    awaitAnswer(OF_NEW, () -> client.query(READ));
    if (onNew(sidecar) <= before) {
      throw new AssertionError("answered by new, but not counted");
    }
  }

  /** Repeats an exchange, of one batch, until new answers it without old's help. */
  static void awaitCounted(Sidecar sidecar, Exchange exchange) {
    Await.until(
        "new to answer",
        PATIENCE,
        () -> {
          long answered = answersOfNew(sidecar);
          exchange.hold();
          return answersOfNew(sidecar) == answered + 1;
        });
  }

  private static long answersOfNew(Sidecar sidecar) {
    return Pair.metric(sidecar, "crossfade_answer_seconds_count", "side=\"new\"");
  }

  /** Repeats an exchange until its answer begins like this. */
  static void awaitAnswer(String start, Exchange exchange) {
    String[] last = {""};
    try {
      Await.until(
          "an answer that begins with " + start,
          PATIENCE,
          () -> {
            last[0] = answer(exchange.hold());
            return last[0].startsWith(start);
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ", the last answer before was " + last[0], e);
    }
  }

  /** Sends something and returns all that comes back. */
  interface Exchange {
    List<Frame> hold() throws Exception;
  }

  static long onNew(Sidecar sidecar) {
    return Pair.queries(sidecar, "side=\"new\"");
  }

  /** The first column of the first row, or the SQLSTATE of the error. */
  static String answer(List<Frame> frames) {
    for (Frame frame : frames) {
      if (frame.type() == 'E') {
        return "error " + frame.sqlState();
      }
      if (frame.type() == 'D') {
        return requireNonNull(frame.text(0));
      }
    }
    return "no row";
  }

  @Override
  public void close() throws IOException {
    sides.close();
  }
}
