package dev.crossfade.bench.demo;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.load.AnswerBook;
import dev.crossfade.bench.load.Load;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Packaged;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Part of the build: lets the packaged commands play a small demo, so that their JVMs learn which
 * classes are needed and which methods are hot, and keeps that as start-up caches beside the
 * packages.
 *
 * <p>A build without the caches is whole, only slower to start; so a failure is told and no more.
 * An image without them is not: told so by a second argument, it fails. The control plane then
 * keeps its state in a server beside it, for its image has none.
 */
public final class TrainingRun {
  private static final int CUSTOMERS = 2_000;
  private static final int CLIENTS = 4;
  private static final long SEED = 1;
  private static final String STATE = "control_plane";

  /** The sidecar begins with it: what only that takes is to be learnt, too. */
  private static final String FILE = "split-customers.yaml";

  private static final long ENOUGH_READS = 4_000;
  private static final Duration BOUND = Duration.ofSeconds(60);

  private TrainingRun() {}

  /** Where the control plane of this training keeps its state. */
  private enum Store {
    EMBEDDED,
    BESIDE
  }

  /**
   * @param arguments the repository's folder, and {@code images} where images are built
   */
  public static void main(String[] arguments) {
    Logger.getLogger("").setLevel(Level.OFF);
    System.setProperty("logback.configurationFile", "demo/logback.xml");
    Path home = Path.of(arguments[0]).toAbsolutePath().normalize();
    boolean images = arguments.length > 1 && arguments[1].equals("images");
    try {
      for (Packaged command : Packaged.values()) {
        Files.deleteIfExists(command.cache(home));
      }
      train(home, images ? Store.BESIDE : Store.EMBEDDED);
      System.out.println("start-up caches are written");
    } catch (IOException
        | SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | RuntimeException e) {
      System.err.println("warning: no start-up caches, commands will start slower: " + e);
      System.exit(images ? 1 : 0);
    }
    System.exit(0);
  }

  private static void train(Path home, Store store)
      throws IOException,
          SQLException,
          CatalogTooLargeException,
          InvalidFileException,
          NotMirroredException {
    DataSet data = new DataSet(SEED, CUSTOMERS, CUSTOMERS);
    LensFile lens = LensFile.splitCustomers();
    try (Site site = Site.start()) {
      site.fill(data, lens);
      // What mirrors and compares takes five megabytes of the cache, which an image has no room
      // for.
      boolean mirrors = store == Store.EMBEDDED;
      if (mirrors) {
        Sides.capture(lens.yaml(), Site.DATABASE, site.old(), site.target());
      }
      AnswerBook book =
          AnswerBook.ask(Site.appUrl(site.old().host(), site.old().port()), data, SEED, 10);
      Path folder = site.scratch().directory();
      site.scratch().write(FILE, lens.yaml());
      try (ControlPlaneProcess control =
              controlPlane(trained(Packaged.CONTROL_PLANE, home, folder), site, store);
          SidecarProcess sidecar =
              SidecarProcess.start(
                  trained(Packaged.SIDECAR, home, folder),
                  site.scratch()
                      .write(
                          "sidecar.yaml",
                          SidecarYaml.beginningWith(site, FILE, control.port())
                              + (mirrors ? SidecarYaml.MIRROR : "")))) {
        serve(sidecar, control, lens, book);
        try (ChildJvm ctl =
            trained(Packaged.CTL, home, folder)
                .arguments("--control-plane", "127.0.0.1:" + control.port(), "list")
                .readyWithin(BOUND)
                .start()) {
          ctl.awaitExit(BOUND);
        }
        end(sidecar.process());
        end(control.process());
      }
      for (Packaged command : Packaged.values()) {
        Files.move(written(command, folder), command.cache(home));
      }
    }
  }

  private static ControlPlaneProcess controlPlane(ChildJvm.Builder jvm, Site site, Store store)
      throws SQLException {
    ControlPlaneProcess.Listening anywhere = ControlPlaneProcess.Listening.ANYWHERE;
    return switch (store) {
      case EMBEDDED ->
          ControlPlaneProcess.start(
              jvm, site.scratch().directory().resolve("control-plane"), anywhere);
      case BESIDE -> {
        site.old().createDatabase(STATE);
        yield ControlPlaneProcess.start(
            jvm,
            anywhere,
            "--jdbc-url",
            "jdbc:postgresql://%s:%d/%s".formatted(site.old().host(), site.old().port(), STATE),
            "--db-user",
            EmbeddedServer.SUPERUSER);
      }
    };
  }

  private static ChildJvm.Builder trained(Packaged command, Path home, Path folder) {
    return command.jvmInTraining(home, written(command, folder));
  }

  private static Path written(Packaged command, Path folder) {
    return folder.resolve(command + ".aot");
  }

  private static void serve(
      SidecarProcess sidecar, ControlPlaneProcess control, LensFile lens, AnswerBook book) {
    try (Catalog catalog = new Catalog("127.0.0.1", control.port(), lens.name());
        Load load =
            Load.start(
                new Load.Target(Site.appUrl(sidecar.host(), sidecar.port()), book),
                CLIENTS,
                SEED)) {
      catalog.apply(lens.yaml(), FILE);
      catalog.stage(Stage.STAGE_DUAL_WRITE);
      catalog.stage(Stage.STAGE_SHADOW);
      catalog.stage(Stage.STAGE_RAMP);
      catalog.reads(50);
      Await.until(
          "enough reads on both sides",
          BOUND,
          () ->
              sidecar.scrape().sum("crossfade_answer_seconds_count", Map.of("side", "new"))
                  > ENOUGH_READS);
      if (!load.tally().counts().flawless()) {
        throw new IllegalStateException("wrong answers: " + load.tally().messages());
      }
    }
  }

  /** A JVM writes its cache while it ends. */
  private static void end(ChildJvm command) {
    command.terminate();
    command.awaitExit(BOUND);
  }
}
