package dev.crossfade.sidecar.mirror;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.Login;
import dev.crossfade.sidecar.config.SidecarConfig.MirrorLogins;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import dev.crossfade.sidecar.config.SidecarConfig.ServerTls;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the changes of migrations from the authority to the other side, from DUAL_WRITE to
 * RAMPDOWN. One caller at a time.
 */
public final class Mirrors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

  private final Endpoint old;
  private final Endpoint target;
  private final SidecarMetrics metrics;
  private final Routing routing;
  private final Map<String, Running> running = new HashMap<>();
  private @Nullable Catalog ofOld;
  private @Nullable Catalog ofNew;

  private record Running(CompiledLens lens, Side authority, Mirror mirror) {}

  private Mirrors(Endpoint old, Endpoint target, SidecarMetrics metrics, Routing routing) {
    this.old = old;
    this.target = target;
    this.metrics = metrics;
    this.routing = routing;
  }

  /** Null when the sidecar was given no logins for it. */
  public static @Nullable Mirrors of(
      SidecarConfig config, SidecarMetrics metrics, Routing routing) {
    MirrorLogins logins = config.mirror().orElse(null);
    return logins == null
        ? null
        : new Mirrors(
            endpoint(config.old(), logins.old()),
            endpoint(config.target(), logins.target()),
            metrics,
            routing);
  }

  private static Endpoint endpoint(Server server, Login login) {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    if (!login.password().isEmpty()) {
      properties.setProperty("password", login.password());
    }
    ServerTls tls = server.tls();
    String mode = tls.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    properties.setProperty("sslmode", mode);
    tls.ca()
        .ifPresentOrElse(
            ca -> properties.setProperty("sslrootcert", ca.toString()),
            () -> {
              if (mode.startsWith("verify")) {
                properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
              }
            });
    String jdbc = "jdbc:postgresql://" + server.address() + '/' + server.database();
    return new Endpoint(jdbc, properties);
  }

  /** Old, as the mirror logs in there. */
  Endpoint old() {
    return old;
  }

  /** With which the lenses have been compiled. */
  public void catalogs(Catalog old, Catalog target) {
    ofOld = old;
    ofNew = target;
  }

  /** Some authority is the other side's now. */
  public void turn() {
    List.copyOf(running.values()).forEach(mirror -> run(mirror.lens()));
  }

  /**
   * Starts what is missing, before anything is routed by the snapshot.
   *
   * @param files in force, by their migrations
   * @param inForce their lenses
   */
  public void begin(
      ControlSnapshot snapshot, Map<String, String> files, Map<String, CompiledLens> inForce) {
    for (MigrationEntry entry : snapshot.migrations()) {
      CompiledLens lens = inForce.get(entry.name());
      // Where the file is not in force yet, what is running goes on.
      if (lens != null
          && isMirrored(entry.flags().stage())
          && entry.yaml().equals(files.get(entry.name()))) {
        run(lens);
        proveAndLook(entry.flags());
      }
    }
  }

  /** Who is to know how far the mirror is behind has to look more often than that. */
  private void proveAndLook(MigrationFlags flags) {
    Running mirror = running.get(flags.migration());
    if (mirror != null) {
      mirror.mirror().prove();
      look(mirror.mirror(), flags.consistency().freshness());
    }
  }

  private static void look(Mirror mirror, ReadFreshness freshness) {
    mirror.lookEvery(
        freshness.kind() == ReadFreshness.Kind.BOUNDED
            ? freshness.bound().dividedBy(2)
            : Mirror.LONGEST_IDLE);
  }

  /** Stops what is no longer asked for, once the snapshot is routed by. */
  public void end(ControlSnapshot snapshot) {
    Set<String> wanted = new HashSet<>();
    for (MigrationEntry entry : snapshot.migrations()) {
      if (isMirrored(entry.flags().stage())) {
        wanted.add(entry.name());
      }
    }
    for (String migration : List.copyOf(running.keySet())) {
      if (!wanted.contains(migration)) {
        stop(migration);
      }
    }
  }

  private static boolean isMirrored(Stage stage) {
    return switch (stage) {
      case DUAL_WRITE, SHADOW, RAMP, LIVE, RAMPDOWN -> true;
      case OFF, COMPLETE -> false;
    };
  }

  private void run(CompiledLens lens) {
    String migration = lens.migration();
    Running before = running.get(migration);
    Side authority = routing.authority(migration);
    Catalog receiving = authority == Side.OLD ? ofNew : ofOld;
    if (receiving == null
        || before != null && before.lens().equals(lens) && before.authority() == authority) {
      return;
    }
    try {
      List<SyncPlan> plans = SyncPlan.of(lens, authority, receiving);
      if (plans.isEmpty()) {
        throw new NotMirroredException("it fills no table of the other side");
      }
      Mirror mirror =
          Mirror.start(
              new Mirror.Link(
                  plans,
                  CaptureScript.install(plans, authority),
                  authority == Side.OLD ? old : target,
                  authority == Side.OLD ? target : old),
              Mirror.Settings.USUAL,
              metrics.mirror(migration));
      look(mirror, routing.flags().freshness(migration));
      running.put(migration, new Running(lens, authority, mirror));
      watermarks(authority).put(migration, mirror.watermark());
      watermarks(authority.other()).remove(migration);
      if (before != null) {
        before.mirror().stop();
      }
    } catch (NotMirroredException e) {
      stop(migration);
      LOG.atWarn()
          .addKeyValue("migration", migration)
          .addKeyValue("reason", e.getMessage())
          .log("its changes cannot be carried to the other side");
    }
  }

  private Map<String, Watermark> watermarks(Side authority) {
    return authority == Side.OLD ? routing.watermarks() : routing.watermarksOfNew();
  }

  private void stop(String migration) {
    Running stopped = running.remove(migration);
    if (stopped != null) {
      routing.watermarks().remove(migration);
      routing.watermarksOfNew().remove(migration);
      stopped.mirror().stop();
      metrics.mirror(migration).stopped();
    }
  }

  @Override
  public void close() {
    running.values().forEach(mirror -> mirror.mirror().stop());
    running.values().forEach(mirror -> mirror.mirror().close());
    running.clear();
    routing.watermarks().clear();
    routing.watermarksOfNew().clear();
  }
}
