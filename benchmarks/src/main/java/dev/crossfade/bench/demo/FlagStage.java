package dev.crossfade.bench.demo;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.unleash.UnleashAdmin;
import dev.crossfade.testkit.unleash.UnleashServer;
import java.nio.file.Path;
import java.time.Duration;

/** The demo's Unleash server with the one flag that decides the share of reads. */
final class FlagStage implements AutoCloseable {
  private static final String FLAG = "split-customers-reads";
  private static final String KILL = "split-customers-kill";
  private static final String TOKEN_VARIABLE = "CROSSFADE_UNLEASH_TOKEN";
  private static final int BUCKETS_PER_PERCENT = 1000;
  private static final Duration FOLLOWED = Duration.ofSeconds(30);

  private final UnleashServer server;

  private FlagStage(UnleashServer server) {
    this.server = server;
  }

  /** Starts it with the flag on for nobody and the kill switch off. */
  static FlagStage start() {
    FlagStage stage = new FlagStage(UnleashServer.start());
    try {
      UnleashAdmin admin = stage.server.admin();
      admin.create(FLAG);
      stage.rollout(0);
      admin.on(FLAG);
      admin.create(KILL);
      admin.strategy(KILL, "{\"name\": \"default\"}");
      return stage;
    } catch (RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  /** The migration, following the flag. */
  static String yaml(LensFile lens) {
    return lens.yaml()
        .replaceFirst(
            "(?m)^spec:\\n",
            "spec:\n  flag: {unleash: %s, environment: development, kill: %s}\n"
                .formatted(FLAG, KILL));
  }

  /** A control plane that asks this server every second. */
  ControlPlaneProcess controlPlane(
      ChildJvm.Builder jvm, Path directory, Scratch scratch, ControlPlaneProcess.Listening at) {
    Path file =
        scratch.write(
            "unleash.yaml",
            """
            url: %s
            token: env:%s
            environment: development
            pollInterval: 1s
            """
                .formatted(server.api(), TOKEN_VARIABLE));
    return ControlPlaneProcess.start(
        jvm.environment(TOKEN_VARIABLE, UnleashServer.CLIENT_TOKEN),
        at,
        "--data-dir",
        directory.toString(),
        "--unleash",
        file.toString());
  }

  /**
   * Changes the flag's strategy as people do, and returns the catalog's version once the migration
   * has followed.
   */
  long reads(Catalog catalog, int percent) {
    rollout(percent);
    Await.until(
        "the migration to follow the flag to " + percent + " %",
        FOLLOWED,
        () -> catalog.now().getReadBuckets() == percent * BUCKETS_PER_PERCENT);
    return catalog.now().getVersion();
  }

  private void rollout(int percent) {
    server.admin().rollout(FLAG, Integer.toString(percent), "random", FLAG);
  }

  /** Where people change it. */
  String invitation() {
    return "Unleash              %s/projects/default/features/%s  (log in: %s / %s)"
        .formatted(server.address(), FLAG, UnleashServer.USER, UnleashServer.PASSWORD);
  }

  @Override
  public void close() {
    server.close();
  }
}
