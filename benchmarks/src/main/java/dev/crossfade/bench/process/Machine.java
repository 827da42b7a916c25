package dev.crossfade.bench.process;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where and when something was measured. */
public final class Machine {
  /** Asked for before anything is bound: afterwards the JVM counts only what it is bound to. */
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private static final Path LOAD = Path.of("/proc/loadavg");

  private Machine() {}

  public static int processors() {
    return PROCESSORS;
  }

  /** A sentence each: the machine, the JVM, and what else went on. */
  public static List<String> described() throws IOException {
    return List.of(
        LocalDate.now(ZoneOffset.UTC) + "; " + name(),
        "Java %s for the sidecar (-Xmx64m) and the load generator".formatted(Runtime.version()),
        "load average when it ended: " + Files.readString(LOAD).strip());
  }

  /**
   * The same in one line, with the version of the servers that the benchmarks start. Asked for when
   * the measuring has ended: the load is of the minutes before.
   */
  public static String inOneLine() throws IOException {
    String load = Files.readString(LOAD);
    return "%s; %s; Java %s; %s; load %s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            name(),
            Runtime.version(),
            postgresql(),
            String.join(" ", Arrays.asList(load.split(" ")).subList(0, 3)));
  }

  /** The version of the servers that the benchmarks start. */
  public static String postgresql() throws IOException {
    return ChildProgram.firstLine(
            List.of(EmbeddedServer.program("postgres").toString(), "--version"))
        .map(line -> line.replaceFirst("postgres \\((.*)\\)", "$1"))
        .orElse("PostgreSQL of a version that it does not tell");
  }

  private static String name() throws IOException {
    return kind() + " " + System.getProperty("os.version");
  }

  /** Its cores, their kind, and the system: what figures depend on most. */
  public static String kind() throws IOException {
    return "%d cores: %s; %s".formatted(PROCESSORS, processor(), System.getProperty("os.name"));
  }

  private static String processor() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      Optional<String> model = lines.filter(line -> line.startsWith("model name")).findFirst();
      return model.map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
    }
  }
}
