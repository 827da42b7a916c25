package dev.crossfade.bench.demo;

import dev.crossfade.testkit.postgres.EmbeddedServer;

/**
 * The sidecar's configuration file for a {@link Site}. Passwords are not in it: they come from the
 * environment.
 */
public final class SidecarYaml {
  /** One that carries writes, too, as who may do everything. */
  static final String MIRROR =
      "mirror: {old: {user: %1$s}, new: {user: %1$s}}%n".formatted(EmbeddedServer.SUPERUSER);

  private SidecarYaml() {}

  /** A sidecar that follows a control plane. */
  public static String following(Site site, int controlPlanePort) {
    return servers(site, 0)
        + "controlPlane: {host: 127.0.0.1, port: %d}%n".formatted(controlPlanePort);
  }

  /** One that begins with a migration file and goes on with what a control plane says. */
  static String beginningWith(Site site, String file, int controlPlanePort) {
    return following(site, controlPlanePort) + migration(file, "DUAL_WRITE", 0);
  }

  /**
   * A sidecar that lives by one migration file.
   *
   * @param stage the name of a stage
   * @param percent of the reads, each deciding for itself
   */
  public static String alone(Site site, String file, String stage, int percent) {
    return alone(site, 0, file, stage, percent);
  }

  /**
   * @param port to listen on, 0 for any
   */
  public static String alone(Site site, int port, String file, String stage, int percent) {
    return servers(site, port) + migration(file, stage, percent);
  }

  private static String migration(String file, String stage, int percent) {
    return "migrations: [{file: %s, stage: %s, reads: %d%%, stickiness: random}]%n"
        .formatted(file, stage, percent);
  }

  private static String servers(Site site, int port) {
    return """
    service: shop
    instance: demo-1
    listen: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: 0}
    old: %s
    new: %s
    stateDirectory: sidecar-state
    """
        .formatted(port, server(site.old()), server(site.target()));
  }

  private static String server(EmbeddedServer server) {
    return "{host: %s, port: %d, database: %s, user: %s}"
        .formatted(server.host(), server.port(), Site.DATABASE, Site.SIDECAR.user());
  }
}
