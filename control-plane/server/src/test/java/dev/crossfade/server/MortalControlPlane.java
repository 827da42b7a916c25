package dev.crossfade.server;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.Database;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A control plane that is gone, as by kill -9, once a move has done a certain step.
 *
 * <pre>
 * MortalControlPlane STEP JDBC-URL USER DATABASES-FILE      CROSSFADE_DB_PASSWORD=...
 * </pre>
 */
final class MortalControlPlane {
  private static final int KILLED = 137;

  private MortalControlPlane() {}

  public static void main(String[] arguments) throws Exception {
    MoveStep last = MoveStep.valueOf(arguments[0]);
    Storage storage =
        new Storage.External(
            new Database.Login(arguments[1], arguments[2], System.getenv("CROSSFADE_DB_PASSWORD")));
    ControlPlane controlPlane =
        ControlPlane.start(
            new ControlPlaneSettings(
                "127.0.0.1", 0, storage, new DatabasesFile(Path.of(arguments[3]), Map.of())),
            new LensFileCheck(),
            step -> {
              if (step == last) {
                Runtime.getRuntime().halt(KILLED);
              }
            });
    System.out.println("control plane ready on 127.0.0.1:" + controlPlane.port());
    new CountDownLatch(1).await();
  }
}
