package dev.crossfade.bench.rollout;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.inspect.database.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;

/** The demo's databases and migration, to try the benchmark on. */
final class DemoScene implements AutoCloseable {
  private static final String SCRIPT = "/rollout/demo.sql";
  private static final int CONNECTIONS = 400;

  private final Site site;
  private final int customers;
  private final int orders;
  private final LensFile lens = LensFile.splitCustomers();

  private DemoScene(Site site, int customers, int orders) {
    this.site = site;
    this.customers = customers;
    this.orders = orders;
  }

  /** Starts two servers and fills them. */
  static DemoScene start(int customers, int orders, long seed) throws SQLException {
    DemoScene scene = new DemoScene(Site.start(CONNECTIONS), customers, orders);
    try {
      scene.site.fill(new DataSet(seed, customers, orders), scene.lens);
      return scene;
    } catch (SQLException | RuntimeException e) {
      scene.close();
      throw e;
    }
  }

  Site site() {
    return site;
  }

  /** New loses an index that old has: what the benchmark is to find. */
  void dropIndex() throws SQLException {
    site.target().executeIn(Site.DATABASE, "DROP INDEX purchases_buyer");
  }

  /** Puts it back. */
  void mend() throws SQLException {
    site.target()
        .executeIn(
            Site.DATABASE,
            "CREATE INDEX IF NOT EXISTS purchases_buyer ON purchases (buyer_id)",
            "ANALYZE");
  }

  Subject subject() {
    return new Subject(
        lens.name(),
        lens.yaml(),
        url(site.old().host(), site.old().port()),
        url(site.target().host(), site.target().port()));
  }

  private static DatabaseUrl url(String host, int port) {
    Site.Login login = Site.SIDECAR;
    return DatabaseUrl.parse(
        "postgresql://" + login.user() + "@" + host + ":" + port + "/" + Site.DATABASE,
        login.password(),
        login.user());
  }

  /** A pgbench script for its tables. */
  static String script() {
    try (InputStream stream = DemoScene.class.getResourceAsStream(SCRIPT)) {
      if (stream == null) {
        throw new IllegalStateException(SCRIPT + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the script's variables are about. */
  Map<String, Number> variables() {
    return Map.of("customers", (long) customers, "orders", (long) orders);
  }

  @Override
  public void close() {
    site.close();
  }
}
