package dev.crossfade.bench.journey;

import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.journey.Traffic.Customer;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlane;
import dev.crossfade.server.ControlPlaneSettings;
import dev.crossfade.server.StartException;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.flags.UnleashSettings;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.Database;
import dev.crossfade.sidecar.SidecarMain;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.unleash.UnleashServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a journey needs and nobody has to type: two PostgreSQL servers, of which old has customers
 * and new is empty, a control plane, a sidecar in a JVM of its own, and the files that people have
 * written.
 */
public final class JourneySite implements AutoCloseable {
  /** The migration's name. */
  public static final String MIGRATION = "split-customers";

  /** Stages, shares and guards of a journey that the control plane makes by itself. */
  public static final String ROLLOUT =
      """
      rollout:
        rollback: SHADOW
        guards:
          errors: {max: 2%}
          mismatches: {max: 2%}
          lag: {max: 5s, for: 30s}
          deadLetters: {max: 0, for: 5s}
        steps:
          - {stage: DUAL_WRITE, job: backfill}
          - {stage: SHADOW, job: verify}
          - {name: lens, stage: SHADOW, job: lens-check}
          - {stage: RAMP, reads: 25%, guards: {coverage: {min: 100%}}}
          - {stage: RAMP, reads: 75%}
          - {stage: LIVE, confirm: true, hold: 2s, guards: {mismatches: {max: 2%, dryRun: true}}}
          - {stage: RAMPDOWN, confirm: true}
          - {stage: COMPLETE}
      """;

  private static final String LENS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers, owner: accounts, rationale: "one table per concern", risk: medium}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: |
              SELECT p.id, p.given_name || ' ' || p.family_name AS full_name, c.email,
                     (p.balance * 100)::bigint AS balance_cents
              FROM people p LEFT JOIN contacts c ON c.person_id = p.id
        new:
          people:
            entity: [id]
            up: |
              SELECT id, split_part(full_name, ' ', 1) AS given_name, split_part(full_name, ' ', 2) AS family_name,
                     balance_cents / 100.0 AS balance FROM customers
          contacts:
            entity: [person_id]
            up: SELECT id AS person_id, email FROM customers WHERE email IS NOT NULL
      """;

  private static final String EXPAND =
      """
      CREATE TABLE people (id bigint PRIMARY KEY, given_name text NOT NULL, family_name text NOT NULL,
        balance numeric NOT NULL);
      CREATE TABLE contacts (person_id bigint PRIMARY KEY, email text NOT NULL);
      CREATE INDEX CONCURRENTLY contacts_email ON contacts (email);
      """;

  /** What somebody brings to new one day: every third balance is refused. */
  private static final String REGRESSION =
      """
      CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (NEW.balance * 100)::bigint %% 3 = 0 THEN
          RAISE EXCEPTION 'the balance of person %% is not plausible', NEW.id USING ERRCODE = '%s';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER check_balance BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION check_balance();
      """
          .formatted(Traffic.INJECTED);

  private static final String MENDING =
      "DROP TRIGGER check_balance ON people;\nDROP FUNCTION check_balance();\n";

  private static final String DATABASE = "shop";
  private static final String CATALOG = "catalog";
  private static final int CUSTOMERS = 400;

  private final Scratch scratch = Scratch.create("crossfade-journey-");
  private final EmbeddedServer old;
  private final EmbeddedServer next;
  private final String spec;
  private final ControlPlane controlPlane;
  private final SidecarProcess sidecar;

  private JourneySite(
      EmbeddedServer old, EmbeddedServer next, String spec, @Nullable UnleashServer unleash)
      throws StartException {
    this.old = old;
    this.next = next;
    this.spec = spec;
    Path databases =
        scratch.write(
            "databases.yaml",
            "default:\n  old: {url: '%s'}\n  new: {url: '%s'}\n".formatted(url(old), url(next)));
    controlPlane = controlPlane(next, databases, unleash);
    try {
      sidecar = sidecar();
    } catch (RuntimeException e) {
      controlPlane.close();
      throw e;
    }
  }

  /**
   * @param spec what stands in the migration's file besides its lens, such as {@link #ROLLOUT}
   */
  public static JourneySite start(String spec) throws SQLException, StartException {
    return start(spec, null);
  }

  /** One whose control plane follows the flags of this server. */
  public static JourneySite start(String spec, @Nullable UnleashServer unleash)
      throws SQLException, StartException {
    EmbeddedServer old = EmbeddedServer.builder().setting("max_connections", "200").start();
    EmbeddedServer next = EmbeddedServer.builder().setting("max_connections", "200").start();
    try {
      old.createDatabase(DATABASE);
      next.createDatabase(DATABASE);
      next.createDatabase(CATALOG);
      old.executeIn(
          DATABASE,
          "CREATE ROLE app LOGIN",
          "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text NOT NULL, email text,"
              + " balance_cents bigint NOT NULL)",
          "CREATE INDEX ON customers (email)",
          "GRANT SELECT, INSERT, UPDATE, DELETE ON customers TO app",
          """
          INSERT INTO customers SELECT i, 'Given' || i || ' Family' || i,
            CASE WHEN i %% 5 > 0 THEN 'c' || i || '@example.org' END, i * 17
          FROM generate_series(1, %d) i
          """
              .formatted(CUSTOMERS),
          "ANALYZE customers");
      return new JourneySite(old, next, spec, unleash);
    } catch (SQLException | StartException | RuntimeException e) {
      old.close();
      next.close();
      throw e;
    }
  }

  private static ControlPlane controlPlane(
      EmbeddedServer server, Path databases, @Nullable UnleashServer unleash)
      throws StartException {
    return ControlPlane.start(
        new ControlPlaneSettings(
            "127.0.0.1",
            0,
            new ControlPlaneSettings.Storage.External(
                new Database.Login(
                    "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + CATALOG,
                    EmbeddedServer.SUPERUSER,
                    "")),
            new DatabasesFile(databases, Map.of()),
            unleash == null ? null : followed(unleash),
            ControlPlaneSettings.Access.USUAL,
            new HttpSettings("127.0.0.1", 0)),
        new LensFileCheck());
  }

  private static UnleashSettings followed(UnleashServer unleash) {
    return new UnleashSettings(
        unleash.api(),
        UnleashServer.CLIENT_TOKEN,
        "development",
        null,
        new UnleashSettings.Identity("crossfade", "journey"),
        Duration.ofSeconds(1));
  }

  private SidecarProcess sidecar() {
    String side = "{host: 127.0.0.1, port: %d, database: %s, user: postgres}";
    Path config =
        scratch.write(
            "sidecar.yaml",
            """
            service: shop
            instance: pod-1
            listen: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            old: %s
            new: %s
            mirror: {old: {user: postgres}, new: {user: postgres}}
            controlPlane: {port: %d}
            stateDirectory: state
            shadow: {perSecond: 1000}
            """
                .formatted(
                    side.formatted(old.port(), DATABASE),
                    side.formatted(next.port(), DATABASE),
                    controlPlane.port()));
    return SidecarProcess.start(
        ChildJvm.of(SidecarMain.class)
            .jvmArguments("-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"),
        config);
  }

  private static String url(EmbeddedServer server) {
    return "postgresql://postgres@127.0.0.1:" + server.port() + "/" + DATABASE;
  }

  /** For {@code ctl mirror} and {@code ctl lens check}. */
  public String oldUrl() {
    return url(old);
  }

  public String newUrl() {
    return url(next);
  }

  /** The migration's file, with its rollout or its flag. */
  public String migration() {
    return scratch.write(MIGRATION + ".yaml", LENS + spec.indent(2)).toString();
  }

  /** What makes new's tables. */
  public String expansion() {
    return scratch.write("expand.sql", EXPAND).toString();
  }

  /** What makes new worse. */
  public String regression() {
    return scratch.write("check-balance.sql", REGRESSION).toString();
  }

  /** What takes that away. */
  public String mending() {
    return scratch.write("no-check-balance.sql", MENDING).toString();
  }

  /** To type at this control plane. */
  public Ctl ctl() {
    return new Ctl(controlPlane.port());
  }

  /** The address of its web console. */
  public String console() {
    return "http://127.0.0.1:" + controlPlane.consolePort();
  }

  /** Lets the service's clients begin. */
  public Traffic traffic() {
    return Traffic.start(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=app".formatted(sidecar.port(), DATABASE),
        CUSTOMERS);
  }

  /** Every customer as new has him, asked directly. */
  public TreeMap<Long, Customer> onNew() throws SQLException {
    TreeMap<Long, Customer> all = new TreeMap<>();
    try (Connection connection = next.connect(DATABASE);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT id, given_name || ' ' || family_name, email, balance * 100 FROM people LEFT"
                    + " JOIN contacts ON person_id = id")) {
      while (row.next()) {
        all.put(row.getLong(1), new Customer(row.getString(2), row.getString(3), row.getLong(4)));
      }
    }
    return all;
  }

  /** What the sidecar has printed last, for a failure. */
  public String printed() {
    return String.join("\n", sidecar.process().output());
  }

  @Override
  public void close() {
    sidecar.close();
    controlPlane.close();
    old.close();
    next.close();
    scratch.close();
  }
}
