package dev.crossfade.bench.soak;

import dev.crossfade.bench.demo.Scrape;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.process.ProcessFigures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the sidecar held at a moment of the run.
 *
 * @param queries answered by then
 */
record Vitals(Duration elapsed, long queries, Map<Vital, Long> values) {
  Vitals {
    values = Map.copyOf(values);
  }

  /** What is looked at. */
  enum Vital {
    RESIDENT_KIB("resident memory, KiB"),
    HEAP_KIB("heap, garbage included, KiB"),
    BUFFER_KIB("buffers outside the heap, KiB"),
    STATEMENT_KIB("prepared statements, KiB"),
    SESSIONS("sessions"),
    DESCRIPTORS("file descriptors"),
    SOCKETS("sockets of these"),
    THREADS("threads"),
    OLD_BACKENDS("backends of old"),
    NEW_BACKENDS("backends of new");

    private final String label;

    Vital(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  long value(Vital vital) {
    return values.getOrDefault(vital, 0L);
  }

  /** Takes vitals. One thread; its own connections to the databases are not counted. */
  static final class Monitor implements AutoCloseable {
    private static final String BACKENDS =
        "SELECT count(*) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

    private final SidecarProcess sidecar;
    private final Connection old;
    private final Connection target;

    Monitor(Site site, SidecarProcess sidecar) throws SQLException {
      this.sidecar = sidecar;
      this.old = site.connectToOld();
      this.target = site.connectToNew();
    }

    Vitals take(Duration elapsed, long queries) throws SQLException {
      Map<Vital, Long> values = new EnumMap<>(Vital.class);
      long pid = sidecar.pid();
      values.put(Vital.RESIDENT_KIB, ProcessFigures.residentKib(pid));
      values.put(Vital.DESCRIPTORS, ProcessFigures.descriptors(pid));
      values.put(Vital.SOCKETS, ProcessFigures.sockets(pid));
      values.put(Vital.THREADS, ProcessFigures.threads(pid));
      Scrape scrape = sidecar.scrape();
      values.put(Vital.HEAP_KIB, kib(scrape, "crossfade_heap_bytes"));
      values.put(Vital.BUFFER_KIB, kib(scrape, "crossfade_buffer_bytes"));
      values.put(Vital.STATEMENT_KIB, kib(scrape, "crossfade_statement_bytes"));
      values.put(Vital.SESSIONS, Math.round(scrape.sum("crossfade_sessions", Map.of())));
      values.put(Vital.OLD_BACKENDS, backends(old));
      values.put(Vital.NEW_BACKENDS, backends(target));
      return new Vitals(elapsed, queries, values);
    }

    private static long kib(Scrape scrape, String gauge) {
      return Math.round(scrape.sum(gauge, Map.of()) / 1024);
    }

    private static long backends(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(BACKENDS)) {
        rows.next();
        return rows.getLong(1);
      }
    }

    @Override
    public void close() throws SQLException {
      try (old;
          target) {
        // Both are closed, whatever becomes of the first.
      }
    }
  }
}
