package dev.crossfade.bench.process;

import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command as the build packages it: its jars, the options of its JVM and its start-up cache, so
 * that what is shown and measured is what the launcher starts.
 *
 * <p>Classes are named by text: the class path of another JVM must not need them in this one.
 */
public enum Packaged {
  SIDECAR("proxy/sidecar", "dev.crossfade.sidecar", "SidecarMain"),
  CONTROL_PLANE("control-plane/server", "dev.crossfade.server", "ControlPlaneMain"),
  CTL("control-plane/cli", "dev.crossfade.cli", "CtlMain");

  /** The repository's folder; the launcher sets it. */
  private static final String HOME = "crossfade.home";

  private final String module;
  private final String packageName;
  private final String main;

  Packaged(String module, String packageName, String main) {
    this.module = module;
    this.packageName = packageName;
    this.main = main;
  }

  /**
   * A JVM that runs the packaged command; one with this JVM's own class path when the launcher did
   * not start this one.
   */
  public ChildJvm.Builder jvm() {
    ChildJvm.Builder builder = options();
    Optional<Path> home = Optional.ofNullable(System.getProperty(HOME)).map(Path::of);
    if (home.isPresent()) {
      packaged(builder, home.get());
      Path cache = cache(home.get());
      if (Files.exists(cache)) {
        builder.jvmArguments("-XX:AOTCache=" + cache);
      }
    }
    return builder;
  }

  /**
   * A JVM that writes a start-up cache to this file while it ends: of classes, not of how often
   * methods ran, for with such counts the compiler would compete with the start for the processor.
   */
  public ChildJvm.Builder jvmInTraining(Path home, Path written) {
    return packaged(options(), home)
        .jvmArguments(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:-AOTRecordTraining",
            "-XX:AOTCacheOutput=" + written);
  }

  /** Where the start-up cache is, or would be. */
  public Path cache(Path home) {
    return target(home).resolve("startup.aot");
  }

  private Path target(Path home) {
    return home.resolve(module).resolve("target");
  }

  private ChildJvm.Builder options() {
    String resource = "/" + packageName.replace('.', '/') + "/jvm.options";
    try (InputStream stream = Packaged.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return ChildJvm.of(packageName + "." + main)
          .jvmArguments(
              text.lines()
                  .filter(line -> !line.startsWith("#") && !line.isBlank())
                  .toArray(String[]::new))
          // As in the launcher.
          .environment("MALLOC_ARENA_MAX", "1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ChildJvm.Builder packaged(ChildJvm.Builder builder, Path home) {
    builder.classPath(classPath(home));
    Path libraries = target(home).resolve("native");
    return Files.isDirectory(libraries)
        ? builder.jvmArguments("-Djava.library.path=" + libraries)
        : builder;
  }

  /** As the launcher writes it; a start-up cache counts for exactly this one. */
  private String classPath(Path home) {
    Path target = target(home);
    return Stream.concat(jars(target).stream(), jars(target.resolve("lib")).stream())
        .collect(Collectors.joining(":"));
  }

  private static List<String> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
