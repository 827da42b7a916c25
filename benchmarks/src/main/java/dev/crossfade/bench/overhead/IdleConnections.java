package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.Figures.Figure;
import dev.crossfade.bench.overhead.Figures.Key;
import dev.crossfade.bench.overhead.Figures.Section;
import dev.crossfade.bench.overhead.PointRead.Mode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What connections that nobody uses cost a proxy in resident memory. Every proxy is started anew
 * for every variant, and warmed up by a few connections that are closed again, so that what is
 * counted is the connections.
 */
final class IdleConnections {
  private static final int WARM_UP = 50;

  private final Arena arena;
  private final int count;
  private final Figures figures;
  private final PrintStream progress;

  /** What each connection has done before it idles. */
  private enum Variant {
    LOGGED_IN("just logged in"),
    ONE_QUERY("one prepared query each");

    private final String label;

    Variant(String label) {
      this.label = label;
    }

    WireConnection open(WireConnection.Endpoint endpoint) throws IOException {
      WireConnection connection = WireConnection.open(endpoint);
      try {
        if (this == ONE_QUERY) {
          connection.ask(ByteBuffer.wrap(Arena.UNMAPPED.preparation(Mode.PREPARED)));
          connection.ask(Arena.UNMAPPED.frames(Mode.PREPARED).with(1));
        }
        return connection;
      } catch (IOException e) {
        connection.close();
        throw e;
      }
    }
  }

  /**
   * @param arena whose databases take more than {@code count} connections
   */
  IdleConnections(Arena arena, int count, Figures figures, PrintStream progress) {
    this.arena = arena;
    this.count = count;
    this.figures = figures;
    this.progress = progress;
  }

  void measure(Map<Proxy, Path> proxies) throws IOException {
    for (Variant variant : Variant.values()) {
      measure(variant, arena.sidecar("Crossfade", 50));
      for (Map.Entry<Proxy, Path> proxy : proxies.entrySet()) {
        if (proxy.getKey().takesManyClients()) {
          measure(variant, arena.proxy(proxy.getKey(), proxy.getValue()));
        }
      }
    }
  }

  private void measure(Variant variant, Contender hop) throws IOException {
    String workload = String.format(Locale.ROOT, "%,d connections, %s", count, variant.label);
    progress.println("idle: " + hop.name() + ", " + workload);
    close(open(variant, hop, Math.min(WARM_UP, count)));
    double before = Resident.settledMib(hop);
    List<WireConnection> held = open(variant, hop, count);
    double open;
    try {
      open = Resident.settledMib(hop);
    } finally {
      close(held);
    }
    double after = Resident.settledMib(hop);
    add(workload, hop, Figure.EACH_KIB, (open - before) * 1024 / count);
    add(workload, hop, Figure.BEFORE_MIB, before);
    add(workload, hop, Figure.OPEN_MIB, open);
    add(workload, hop, Figure.AFTER_MIB, after);
    arena.endLast();
  }

  private void add(String workload, Contender hop, Figure figure, double value) {
    figures.add(new Key(Section.IDLE, workload, hop.name(), figure), value);
  }

  private static List<WireConnection> open(Variant variant, Contender hop, int count)
      throws IOException {
    List<WireConnection> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(variant.open(hop.endpoint()));
      }
      return held;
    } catch (IOException e) {
      close(held);
      throw new IOException(
          "connection " + held.size() + " of " + count + ": " + e.getMessage(), e);
    }
  }

  private static void close(List<WireConnection> held) throws IOException {
    for (WireConnection connection : held) {
      connection.close();
    }
  }
}
