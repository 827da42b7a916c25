package dev.crossfade.bench.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a compiler does not see: the house rules that are read from the source text. */
final class TidyTest {
  private static final int MOST_LINES = 400;

  /** The words are put together here, so that this file keeps the rule too. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled");

  private static final Pattern SLEEP = Pattern.compile("\\bThread\\s*\\.\\s*sl" + "eep\\b");
  private static final Pattern CONSOLE = Pattern.compile("\\bSystem\\s*\\.\\s*(out|err)\\b");
  private static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
  private static final List<Source> SOURCES = sources();

  /** One Java file of ours, its path relative to the repository. */
  private record Source(String path, String text) {
    boolean isMain() {
      return path.contains("/src/main/");
    }

    boolean isIn(String part) {
      return path.contains(part);
    }

    long lines() {
      return text.lines().count();
    }

    String folder() {
      return path.substring(0, path.lastIndexOf('/'));
    }
  }

  @Test
  void theSourcesOfAllModulesAreSeen() {
    assertThat(SOURCES)
        .extracting(Source::path)
        .anyMatch(path -> path.startsWith("proxy/core/"))
        .anyMatch(path -> path.startsWith("control-plane/server/"))
        .anyMatch(path -> path.startsWith("benchmarks/"));
  }

  @Test
  void nothingIsLeftUnfinished() {
    assertThat(paths(source -> UNFINISHED.matcher(source.text()).find())).isEmpty();
  }

  @Test
  void testsAwaitConditionsAndNeverSleep() {
    assertThat(
            paths(
                source ->
                    (!source.isMain() || source.isIn("proxy/testkit/"))
                        && SLEEP.matcher(source.text()).find()))
        .isEmpty();
  }

  @Test
  void onlyProgramsWriteToTheConsole() {
    assertThat(
            paths(
                source ->
                    source.isMain()
                        && !source.path().endsWith("Main.java")
                        && !source.isIn("control-plane/cli/")
                        && !source.isIn("benchmarks/")
                        && CONSOLE.matcher(source.text()).find()))
        .isEmpty();
  }

  @Test
  void noFileIsTooLongToRead() {
    assertThat(paths(source -> source.lines() > MOST_LINES)).isEmpty();
  }

  @Test
  void everyPackageSaysWhatLivesThereAndIsNullMarked() {
    Set<String> described =
        Set.copyOf(
            SOURCES.stream()
                .filter(source -> source.path().endsWith("/package-info.java"))
                .filter(source -> source.text().contains("/**"))
                .filter(source -> source.text().contains("\n@NullMarked\n"))
                .map(Source::folder)
                .toList());
    assertThat(
            SOURCES.stream()
                .map(Source::folder)
                .distinct()
                .filter(folder -> !described.contains(folder))
                .filter(folder -> !described.contains(folder.replace("/src/test/", "/src/main/"))))
        .isEmpty();
  }

  private static List<String> paths(Predicate<Source> wanted) {
    return SOURCES.stream().filter(wanted).map(Source::path).toList();
  }

  private static List<Source> sources() {
    return Stream.of("proxy", "control-plane", "benchmarks", "docker")
        .flatMap(module -> javaFiles(ROOT.resolve(module)).stream())
        .map(file -> new Source(ROOT.relativize(file).toString().replace('\\', '/'), read(file)))
        .filter(source -> source.isIn("/src/") && !source.isIn("/target/"))
        .toList();
  }

  private static List<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
