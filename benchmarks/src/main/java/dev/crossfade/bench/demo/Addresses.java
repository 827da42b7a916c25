package dev.crossfade.bench.demo;

import org.jspecify.annotations.Nullable;

/**
 * Where everything of a demo is.
 *
 * @param flag null without Unleash
 */
record Addresses(
    Site site, SidecarProcess sidecar, ControlPlaneProcess controlPlane, @Nullable FlagStage flag) {
  void print(Screen screen, String migration) {
    screen.line("");
    screen.line("Left running until Ctrl-C, the load too:");
    screen.line(
        "  through the sidecar  PGPASSWORD=\"%s\" %s",
        Site.APP.password(), psql(sidecar.host(), sidecar.port(), Site.APP.user()));
    screen.line(
        "  old itself           %s", psql(site.old().host(), site.old().port(), "postgres"));
    screen.line(
        "  new itself           %s", psql(site.target().host(), site.target().port(), "postgres"));
    screen.line("  console              %s", controlPlane.console());
    screen.line("  metrics              curl -s %s", sidecar.metrics());
    if (flag != null) {
      screen.line("  %s", flag.invitation());
    }
    screen.line(
        "  control              ./crossfade ctl --control-plane 127.0.0.1:%d %s",
        controlPlane.port(), flag == null ? "reads " + migration + " 25%" : "show " + migration);
  }

  private static String psql(String host, int port, String user) {
    return "psql -h %s -p %d -U %s %s".formatted(host, port, user, Site.DATABASE);
  }
}
