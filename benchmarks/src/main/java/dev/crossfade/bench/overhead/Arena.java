package dev.crossfade.bench.overhead;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.demo.SidecarYaml;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.overhead.WireConnection.Endpoint;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.ProcessFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The databases of the demo and every way to them, all running at once; the idle ones cost nothing.
 */
final class Arena implements AutoCloseable {
  static final int CUSTOMERS = 100_000;
  private static final String USER = "bench";

  /** Of a table that no migration maps. */
  static final PointRead UNMAPPED =
      new PointRead(
          "unmapped", "SELECT aid, bid, abalance FROM pgbench_accounts WHERE aid = %s", 100_000);

  /** As the service asks it. */
  static final PointRead MAPPED =
      new PointRead(
          "mapped",
          "SELECT id, full_name, email, balance_cents, created_at FROM customers WHERE id = %s",
          CUSTOMERS);

  /** As a person would write the same on new. */
  static final PointRead BY_HAND =
      new PointRead(
          "by hand",
          "SELECT p.id, p.given_name || coalesce(' ' || p.family_name, '') AS full_name, c.email,"
              + " (p.balance * 100)::bigint AS balance_cents, p.created_at"
              + " FROM people p LEFT JOIN contacts c ON c.person_id = p.id WHERE p.id = %s",
          CUSTOMERS);

  private final Site site;
  private final List<AutoCloseable> owned = new ArrayList<>();
  private boolean closed;

  private Arena(Site site) {
    this.site = site;
  }

  static Arena open(long seed) throws SQLException {
    return filled(Site.start(), seed);
  }

  /** One whose databases take so many connections. */
  static Arena open(long seed, int maxConnections) throws SQLException {
    return filled(Site.start(maxConnections), seed);
  }

  private static Arena filled(Site site, long seed) throws SQLException {
    Arena arena = new Arena(site);
    try {
      arena.fill(seed);
      return arena;
    } catch (SQLException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private void fill(long seed) throws SQLException {
    LensFile lens = LensFile.splitCustomers();
    site.fill(new DataSet(seed, CUSTOMERS, CUSTOMERS * 2), lens);
    site.scratch().write("lens.yaml", lens.yaml());
    site.admitReader(USER);
    // Nothing may wake up in the middle of a round.
    site.old().executeIn(Site.DATABASE, "VACUUM ANALYZE");
    site.target().executeIn(Site.DATABASE, "VACUUM ANALYZE");
  }

  Endpoint old() {
    return new Endpoint(site.old().host(), site.old().port(), USER, Site.DATABASE);
  }

  Endpoint target() {
    return new Endpoint(site.target().host(), site.target().port(), USER, Site.DATABASE);
  }

  /** A sidecar with the demo's migration in RAMP. */
  Contender sidecar(String name, int percent) {
    Path config =
        site.scratch()
            .write(
                "sidecar-" + percent + ".yaml",
                SidecarYaml.alone(site, "lens.yaml", "RAMP", percent));
    SidecarProcess sidecar = SidecarProcess.start(config);
    owned.add(sidecar);
    return new Contender(
        name,
        new Endpoint(sidecar.host(), sidecar.port(), USER, Site.DATABASE),
        OptionalLong.of(sidecar.pid()));
  }

  /** A sidecar that has only just been started, and listens before long. */
  Endpoint launchSidecar() {
    int port = ChildProgram.freePort();
    Path config =
        site.scratch()
            .write("sidecar-starting.yaml", SidecarYaml.alone(site, port, "lens.yaml", "RAMP", 50));
    owned.add(SidecarProcess.launch(config));
    return new Endpoint("127.0.0.1", port, USER, Site.DATABASE);
  }

  /**
   * A proxy that answers.
   *
   * @throws IOException with what it printed, when it does not
   */
  Contender proxy(Proxy proxy, Path program) throws IOException {
    Proxy.Running running = proxy.start(program, site.scratch(), old());
    owned.add(running.program());
    try {
      Startup.awaitAnswer(running.endpoint(), UNMAPPED, running.program()::alive);
    } catch (IOException e) {
      throw new IOException(
          proxy.label() + ": " + e.getMessage() + "\n" + running.program().printed(), e);
    }
    return new Contender(
        proxy.label(), running.endpoint(), OptionalLong.of(running.program().pid()));
  }

  /** Ends what was started last. */
  void endLast() {
    close(owned.removeLast());
  }

  /** Binds the databases, everything started here and this JVM to these processors. */
  void pin(String processors) {
    ProcessFigures.pin(site.old().pid(), processors);
    ProcessFigures.pin(site.target().pid(), processors);
    ProcessFigures.pin(ProcessHandle.current().pid(), processors);
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      System.err.println("could not be ended in order: " + e.getMessage());
    }
  }

  /** May come twice: at the end, and from the hook that ends an interrupted run. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      owned.reversed().forEach(Arena::close);
      site.close();
    }
  }
}
