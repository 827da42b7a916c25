package dev.crossfade.sidecar.config;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
import dev.crossfade.core.secret.SecretSource;
import dev.crossfade.net.secret.LocalSecrets;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.session.SessionLimits;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.sidecar.config.SidecarConfig.Address;
import dev.crossfade.sidecar.config.SidecarConfig.Limits;
import dev.crossfade.sidecar.config.SidecarConfig.Listen;
import dev.crossfade.sidecar.config.SidecarConfig.LocalMigration;
import dev.crossfade.sidecar.config.SidecarConfig.Login;
import dev.crossfade.sidecar.config.SidecarConfig.MirrorLogins;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.SecretNode;
import dev.crossfade.sql.yaml.YamlNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the configuration file. Every mistake in it is reported at once, each with its line and
 * path.
 */
public final class ConfigFile {
  private static final ReadShare USUAL_PARITY = new ReadShare(1_000);
  private static final ReadShare USUAL_CONTROL = new ReadShare(1_000);
  private static final Duration USUAL_DEADLINE = Duration.ofSeconds(1);
  private static final Duration SHORTEST_DEADLINE = Duration.ofMillis(100);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final YamlNode root;
  private static final Set<String> HTTP = Set.of("http", "https");

  private final String source;
  private final Map<String, String> environment;

  private ConfigFile(YamlNode root, String source, Map<String, String> environment) {
    this.root = root;
    this.source = source;
    this.environment = environment;
  }

  /**
   * @param source the file's name; relative paths in it are relative to its folder
   * @param environment may carry the secrets: CROSSFADE_OLD_PASSWORD, CROSSFADE_NEW_PASSWORD,
   *     CROSSFADE_MIRROR_OLD_PASSWORD, CROSSFADE_MIRROR_NEW_PASSWORD
   * @throws InvalidFileException with everything that is wrong
   */
  public static SidecarConfig parse(String yaml, String source, Map<String, String> environment)
      throws InvalidFileException {
    return new ConfigFile(YamlNode.parse(yaml, source), source, environment).read();
  }

  private SidecarConfig read() throws InvalidFileException {
    root.allowKeys(
        "service",
        "instance",
        "listen",
        "admin",
        "old",
        "new",
        "controlPlane",
        "stateDirectory",
        "migrations",
        "mirror",
        "parity",
        "shadow",
        "commands",
        "upgrade",
        "otel",
        "limits");
    String service = root.requiredString("service");
    Path folder =
        Optional.ofNullable(Path.of(source).toAbsolutePath().getParent()).orElse(Path.of("."));
    Optional<SidecarConfig.Upgrade> upgrade = upgrade(root.child("upgrade"), folder);
    String instance = instance(upgrade.isPresent());
    Listen listen = TransportNodes.listen(root.requiredChild("listen"), folder, environment);
    Address admin = address(root.child("admin"), "127.0.0.1", 0);
    Server old = server(root.requiredChild("old"), folder, "CROSSFADE_OLD_PASSWORD");
    Server target = server(root.requiredChild("new"), folder, "CROSSFADE_NEW_PASSWORD");
    YamlNode control = root.child("controlPlane");
    SecretSource secrets = new LocalSecrets(folder, environment);
    Optional<SidecarConfig.ControlPlane> controlPlane =
        control.isPresent()
            ? Optional.of(TransportNodes.controlPlane(control, folder, secrets))
            : Optional.empty();
    Path state = folder.resolve(root.optionalString("stateDirectory", "crossfade-state"));
    List<LocalMigration> migrations = migrations(folder);
    if (controlPlane.isEmpty() && !root.child("migrations").isPresent()) {
      root.report(
          "nothing says which migrations there are; name a controlPlane, or list files under"
              + " migrations");
    }
    Optional<MirrorLogins> mirror = mirror(root.child("mirror"), folder);
    Optional<Parity.Settings> parity = parity(root.child("parity"), mirror.isPresent());
    Optional<Shadow.Settings> shadow = shadow(root.child("shadow"), mirror.isPresent());
    YamlNode commands = root.child("commands");
    commands.allowKeys("enabled");
    boolean commandsEnabled = commands.bool("enabled", false);
    Optional<URI> otel = otel(root.child("otel"));
    Limits limits = limits(root.child("limits"));
    root.finish();
    return new SidecarConfig(
        source,
        service,
        instance,
        listen,
        admin,
        old,
        target,
        controlPlane,
        state,
        migrations,
        mirror,
        parity,
        shadow,
        commandsEnabled,
        upgrade,
        otel,
        limits);
  }

  /** Of processes that are there at the same time, the control plane knows each by a name. */
  private String instance(boolean upgraded) {
    String name = root.optionalString("instance", environment.getOrDefault("HOSTNAME", "sidecar"));
    return upgraded ? name + '~' + ProcessName.get() : name;
  }

  private static Optional<SidecarConfig.Upgrade> upgrade(YamlNode node, Path folder) {
    node.allowKeys("socket", "linger");
    return node.isPresent()
        ? Optional.of(
            new SidecarConfig.Upgrade(
                folder.resolve(node.requiredString("socket")),
                node.duration("linger", Duration.ZERO, DAY, HOUR)))
        : Optional.empty();
  }

  private static Address address(YamlNode node, String host, int leastPort) {
    node.allowKeys("host", "port");
    return TransportNodes.address(node, host, leastPort);
  }

  private Server server(YamlNode node, Path folder, String passwordVariable) {
    node.allowKeys("host", "port", "tls", "database", "user", "password");
    String host = node.optionalString("host", "127.0.0.1");
    int port = node.integer("port", 1, TransportNodes.PORT_MAX, 5432);
    String database = node.isPresent() ? node.requiredString("database") : "";
    String user = node.isPresent() ? node.requiredString("user") : "";
    String password = password(node, folder, passwordVariable);
    SidecarConfig.ServerTls tls = TransportNodes.serverTls(node.child("tls"), folder);
    return new Server(new Address(host, port), tls, database, user, password);
  }

  /** The environment's word comes before the file's. */
  private String password(YamlNode node, Path folder, String variable) {
    String given = environment.get(variable);
    return given == null
        ? SecretNode.password(node, new LocalSecrets(folder, environment)).orElse("")
        : given;
  }

  private Optional<MirrorLogins> mirror(YamlNode node, Path folder) {
    node.allowKeys("old", "new");
    return node.isPresent()
        ? Optional.of(
            new MirrorLogins(
                login(node.requiredChild("old"), folder, "CROSSFADE_MIRROR_OLD_PASSWORD"),
                login(node.requiredChild("new"), folder, "CROSSFADE_MIRROR_NEW_PASSWORD")))
        : Optional.empty();
  }

  private static Optional<Parity.Settings> parity(YamlNode node, boolean mirrored) {
    node.allowKeys("share", "perSecond");
    if (node.isPresent() && !mirrored) {
      node.report(
          "writes are tried on new with the mirror's login, and what is under way is known to the"
              + " mirror alone; name its logins under mirror");
    }
    ReadShare share = share(node, "share", USUAL_PARITY);
    int perSecond = node.integer("perSecond", 0, 1_000, 10);
    return mirrored && share.buckets() > 0 && perSecond > 0
        ? Optional.of(new Parity.Settings(share, perSecond))
        : Optional.empty();
  }

  /**
   * Without a mirror it takes long to know that a difference is one: only who asks for it has it.
   */
  private static Optional<Shadow.Settings> shadow(YamlNode node, boolean mirrored) {
    node.allowKeys("share", "perSecond", "connections", "deadline", "control");
    ReadShare share = share(node, "share", ReadShare.ALL);
    int perSecond = node.integer("perSecond", 0, 1_000_000, 100);
    int connections = node.integer("connections", 1, 64, 4);
    Duration deadline = node.duration("deadline", SHORTEST_DEADLINE, MINUTE, USUAL_DEADLINE);
    ReadShare control = share(node, "control", USUAL_CONTROL);
    return (mirrored || node.isPresent()) && share.buckets() > 0 && perSecond > 0
        ? Optional.of(new Shadow.Settings(share, perSecond, connections, deadline, control))
        : Optional.empty();
  }

  private static Optional<URI> otel(YamlNode node) {
    node.allowKeys("endpoint");
    if (!node.isPresent()) {
      return Optional.empty();
    }
    String text = node.requiredString("endpoint");
    try {
      URI endpoint = new URI(text);
      if (endpoint.getHost() != null && HTTP.contains(String.valueOf(endpoint.getScheme()))) {
        return Optional.of(endpoint);
      }
    } catch (URISyntaxException e) {
      // The same as one of another kind.
    }
    node.child("endpoint")
        .report(
            "'" + text + "' is no address of a collector; write http://127.0.0.1:4318/v1/traces");
    return Optional.empty();
  }

  private Login login(YamlNode node, Path folder, String passwordVariable) {
    node.allowKeys("user", "password");
    return new Login(
        node.isPresent() ? node.requiredString("user") : "",
        password(node, folder, passwordVariable));
  }

  private List<LocalMigration> migrations(Path folder) {
    List<LocalMigration> migrations = new ArrayList<>();
    for (YamlNode node : root.child("migrations").items()) {
      node.allowKeys("file", "stage", "reads", "stickiness", "freshness", "ack");
      Path file = folder.resolve(node.requiredString("file"));
      Stage stage = stage(node);
      migrations.add(
          new LocalMigration(
              file,
              stage,
              share(node, "reads", ReadShare.NONE),
              stickiness(node),
              consistency(node)));
    }
    return migrations;
  }

  private static Stage stage(YamlNode node) {
    String text = node.optionalString("stage", "OFF");
    Optional<Stage> stage = Stage.parse(text);
    if (stage.isEmpty() || stage.get().compareTo(Stage.RAMP) > 0) {
      node.child("stage")
          .report(
              "'"
                  + text
                  + "' is no stage that a file can set; one of OFF, DUAL_WRITE, SHADOW, RAMP");
      return Stage.OFF;
    }
    return stage.get();
  }

  private static ReadShare share(YamlNode node, String key, ReadShare usual) {
    return parsed(node, key, ReadShare::parse, usual);
  }

  private static Consistency consistency(YamlNode node) {
    return new Consistency(
        parsed(node, "freshness", ReadFreshness::parse, Consistency.USUAL.freshness()),
        parsed(node, "ack", WriteAck::parse, Consistency.USUAL.ack()));
  }

  /** What cannot be read is reported, and is as if it were not there. */
  private static <T> T parsed(YamlNode node, String key, Function<String, T> parse, T usual) {
    if (!node.child(key).isPresent()) {
      return usual;
    }
    try {
      return parse.apply(node.optionalString(key, usual.toString()));
    } catch (IllegalArgumentException e) {
      node.child(key).report(String.valueOf(e.getMessage()));
      return usual;
    }
  }

  private static Stickiness stickiness(YamlNode node) {
    String word =
        node.oneOf("stickiness", Set.of("session", "entity", "user", "random"), "session");
    return Stickiness.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Limits limits(YamlNode node) {
    node.allowKeys(
        "sessions",
        "loops",
        "plans",
        "connectTimeout",
        "controlTimeout",
        "drain",
        "batchSize",
        "heldReplySize",
        "pipelined",
        "preparedStatements",
        "newTimeout",
        "startupTimeout",
        "ackTimeout");
    SessionLimits normal = SessionLimits.DEFAULT;
    SessionLimits session =
        new SessionLimits(
            (int) node.size("batchSize", 1024, 16 << 20, normal.batchBytes()),
            (int) node.size("heldReplySize", 0, 16 << 20, normal.heldReplyBytes()),
            node.integer("pipelined", 1, 100_000, normal.pipelined()),
            node.integer("preparedStatements", 0, 100_000, normal.statements()),
            node.duration("newTimeout", TICK, HOUR, normal.newTimeout()),
            node.duration("startupTimeout", TICK, HOUR, normal.startupTimeout()),
            node.duration("ackTimeout", TICK, HOUR, normal.ackTimeout()));
    int processors = Runtime.getRuntime().availableProcessors();
    return new Limits(
        node.integer("sessions", 1, 100_000, 10_000),
        node.integer("loops", 1, 256, Math.min(4, processors)),
        node.integer("plans", 16, 1_000_000, 4096),
        node.duration("connectTimeout", TICK, HOUR, Duration.ofSeconds(1)),
        node.duration("controlTimeout", Duration.ZERO, HOUR, Duration.ofSeconds(5)),
        node.duration("drain", Duration.ZERO, HOUR, Duration.ofSeconds(20)),
        session);
  }
}
