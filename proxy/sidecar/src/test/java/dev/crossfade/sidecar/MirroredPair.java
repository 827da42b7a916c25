package dev.crossfade.sidecar;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.mirror.Capture;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Flip;
import dev.crossfade.mirror.FlipException;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A {@link Pair} whose changes are logged, and sidecars that carry them. */
final class MirroredPair implements AutoCloseable {
  /** What is asked here is not how long writers wait. */
  private static final Flip.Settings PATIENT =
      new Flip.Settings(Flip.Settings.USUAL.calm(), Duration.ofSeconds(10));

  static final String MIRROR =
      "mirror: {old: {user: app, password: \"%1$s\"}, new: {user: app, password: \"%1$s\"}}"
          .formatted(Pair.PASSWORD);

  final Pair sides = new Pair();
  private final List<SyncPlan> up;
  private final List<SyncPlan> down;

  MirroredPair() throws Exception {
    this(Pair.LENS);
  }

  /**
   * @param file of the same tables
   */
  MirroredPair(String file) throws Exception {
    sides.lens = file;
    Catalog old = catalog(sides.old, "shop");
    Catalog target = catalog(sides.target, "shop2");
    CompiledLens lens =
        LensCompiler.compile(MigrationFile.parse(file, "split-customers"), old, target);
    up = SyncPlan.of(lens, Side.OLD, target);
    down = SyncPlan.of(lens, Side.NEW, old);
    install();
    for (String[] side : new String[][] {{"old", "shop"}, {"new", "shop2"}}) {
      (side[0].equals("old") ? sides.old : sides.target)
          .executeIn(
              side[1],
              "GRANT USAGE ON SCHEMA crossfade TO app",
              "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossfade TO app",
              "GRANT SELECT ON ALL SEQUENCES IN SCHEMA crossfade TO app");
    }
  }

  void install() throws SQLException {
    new Capture(superuser(sides.old, "shop"), Capture.Patience.USUAL)
        .install(CaptureScript.install(up, Side.OLD));
    new Capture(superuser(sides.target, "shop2"), Capture.Patience.USUAL)
        .install(CaptureScript.install(down, Side.OLD));
  }

  /** Moves the authority; no sidecar is told. */
  Flip.Outcome flip(Side target) throws FlipException {
    Mirror.Link up = link(Side.OLD);
    Mirror.Link down = link(Side.NEW);
    return target == Side.NEW
        ? new Flip(up, down, PATIENT, step -> {}).run()
        : new Flip(down, up, PATIENT, step -> {}).run();
  }

  private Mirror.Link link(Side authority) {
    Endpoint old = superuser(sides.old, "shop");
    Endpoint target = superuser(sides.target, "shop2");
    return authority == Side.OLD
        ? new Mirror.Link(up, CaptureScript.install(up, Side.OLD), old, target)
        : new Mirror.Link(down, CaptureScript.install(down, Side.OLD), target, old);
  }

  private static Endpoint superuser(EmbeddedServer server, String database) {
    return new Endpoint(server.jdbcUrl(database, EmbeddedServer.SUPERUSER), new Properties());
  }

  static Catalog catalog(EmbeddedServer server, String database) throws Exception {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      return CatalogQueries.<SQLException>read(
          sql -> {
            List<List<@Nullable String>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
              while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                  row.add(result.getString(i));
                }
                rows.add(row);
              }
            }
            return rows;
          });
    }
  }

  Sidecar sidecar(String reads, String stickiness) throws Exception {
    return sides.sidecar("RAMP", reads, stickiness, MIRROR);
  }

  /** Until it is rolled back and closed, new can be read, but nothing arrives there. */
  Connection holdUp() throws SQLException {
    Connection connection = sides.target.connect("shop2");
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE people IN EXCLUSIVE MODE");
    }
    return connection;
  }

  @Override
  public void close() throws Exception {
    sides.close();
  }
}
