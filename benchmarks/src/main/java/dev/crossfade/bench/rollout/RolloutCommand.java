package dev.crossfade.bench.rollout;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.bench.rollout.replay.Turn;
import dev.crossfade.bench.rollout.workload.InventoryWorkload;
import dev.crossfade.bench.rollout.workload.PgbenchScript;
import dev.crossfade.bench.rollout.workload.Recording;
import dev.crossfade.bench.rollout.workload.Workload;
import dev.crossfade.bench.rollout.workload.WorkloadException;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.net.tls.TlsException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crossfade bench rollout}. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says, before reads are moved, whether new can take them: replays a workload against old,"
          + " against new through the lens, and in between, and compares times, plans and"
          + " headroom.",
      "It starts sidecars of its own; what the service's sidecars do is left alone. Only reads are"
          + " sent, unless --writes is given.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:go",
      "1:no go",
      "2:a wrong option or file",
      "3:a database or the control plane cannot be used"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench rollout --migration split-customers --old postgresql://app@db-old/shop \\",
      "    --new postgresql://app@db-new/shop --rate 200 --sessions 16 --out report --submit",
      "  crossfade bench rollout --migration split-customers --old URL --new URL -f checkout.sql",
      "  crossfade bench rollout --demo --out report",
      "  crossfade bench rollout --demo --drop-index"
    })
public final class RolloutCommand implements Callable<Integer> {
  private static final int NO_GO = 1;
  private static final int USAGE = 2;
  private static final int UNREACHABLE = 3;
  private static final int DEMO_CUSTOMERS = 100_000;
  private static final int DEMO_ORDERS = 200_000;
  private static final long FILE_MAX_BYTES = 64L << 20;

  @Option(names = "--migration", paramLabel = "NAME", description = "Which migration.")
  private String migration = "";

  @Mixin private final Places places = new Places();

  @Mixin private final Effort effort = new Effort();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description =
          "Replay this script of pgbench. Default: the inventory of the migration, with values"
              + " that are sampled from old.")
  private @Nullable Path script;

  @Option(
      names = {"-D", "--define"},
      paramLabel = "NAME=VALUE",
      description = "A variable of the script, such as scale=10.")
  private Map<String, Long> defined = new HashMap<>();

  @Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "Replay what was recorded: lines of JSON, or a log of PostgreSQL in CSV.")
  private @Nullable Path recording;

  @Option(
      names = "--writes",
      description =
          "Also replay statements that write. They change data on both sides: for copies only.")
  private boolean writes;

  @Option(names = "--out", paramLabel = "DIR", description = "Write rollout.html, .json and .md.")
  private @Nullable Path out;

  @Option(names = "--submit", description = "Give the verdict to the control plane as evidence.")
  private boolean submit;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the evidence.")
  private String reason = "";

  @Option(names = "--demo", description = "On the demo's databases and migration.")
  private boolean demo;

  @Option(
      names = "--drop-index",
      description = "With --demo: new lacks an index that old has, which is to be found.")
  private boolean dropIndex;

  @Override
  public Integer call() {
    try {
      effort.check();
      return demo ? onDemo() : onMigration();
    } catch (WorkloadException | IllegalArgumentException | TlsException e) {
      System.err.println("bench rollout: " + e.getMessage());
      return USAGE;
    } catch (StatusRuntimeException e) {
      String said = e.getStatus().getDescription();
      System.err.println(
          "bench rollout: the control plane: " + (said == null ? e.getStatus().getCode() : said));
      return UNREACHABLE;
    } catch (SQLException | IOException | IllegalStateException e) {
      System.err.println("bench rollout: " + e.getMessage());
      return UNREACHABLE;
    }
  }

  private int onDemo() throws SQLException, WorkloadException, IOException, TlsException {
    System.out.println("starting two servers with the demo's data");
    try (DemoScene scene = DemoScene.start(DEMO_CUSTOMERS, DEMO_ORDERS, effort.seed())) {
      if (dropIndex) {
        scene.dropIndex();
      }
      Workload workload =
          PgbenchScript.parse(
              "demo.sql", DemoScene.script(), scene.variables(), false, effort.seed());
      return measured(scene.subject(), workload);
    }
  }

  private int onMigration() throws SQLException, WorkloadException, IOException, TlsException {
    if (migration.isEmpty()) {
      throw new WorkloadException("--migration NAME is missing, or --demo");
    }
    try (Catalogued catalog = places.catalog(migration)) {
      Migration now = catalog.now();
      if (now.getStage().compareTo(Stage.STAGE_LIVE) >= 0) {
        throw new WorkloadException(
            "migration '" + migration + "' has moved its authority: its reads are on new already");
      }
      Subject subject = new Subject(migration, now.getYaml(), places.old(), places.target());
      return measured(subject, workload(catalog, subject));
    }
  }

  private Workload workload(Catalogued catalog, Subject subject)
      throws WorkloadException, IOException, SQLException {
    if (script != null && recording != null) {
      throw new WorkloadException("-f and --recording are two workloads: give one");
    }
    if (script != null) {
      return PgbenchScript.parse(
          script.toString(), text(script), new HashMap<>(defined), writes, effort.seed());
    }
    if (recording != null) {
      return Recording.parse(recording.toString(), text(recording), writes);
    }
    DatabaseUrl old = subject.old();
    try (Connection connection = DriverManager.getConnection(old.jdbc(), old.properties())) {
      return InventoryWorkload.of(catalog.inventory(), connection, effort.seed());
    }
  }

  private static String text(Path file) throws IOException, WorkloadException {
    if (!Files.isReadable(file)) {
      throw new WorkloadException("there is no file " + file + " that may be read");
    }
    if (Files.size(file) > FILE_MAX_BYTES) {
      throw new WorkloadException(
          file + " has more than " + (FILE_MAX_BYTES >> 20) + " MiB, the most that is read");
    }
    return Files.readString(file);
  }

  private int measured(Subject subject, Workload workload)
      throws SQLException, IOException, TlsException {
    Settings settings = effort.settings();
    Measurement measurement;
    try (RolloutRun run = new RolloutRun(subject, workload, settings, System.out::println)) {
      measurement = run.measure();
    }
    BenchmarkVerdict verdict =
        VerdictMaker.make(subject, workload, settings, measurement, circumstances());
    Map<String, Histogram> ways = new LinkedHashMap<>();
    int statements = workload.statements().size();
    for (String way : measurement.ways().keySet()) {
      Turn whole = measurement.whole(way, statements);
      ways.put(way, whole.transactions());
    }
    RolloutReport report = new RolloutReport(verdict, ways);
    System.out.println();
    System.out.println(report.markdown());
    write(report);
    if (submit) {
      try (Catalogued catalog = places.catalog(subject.migration())) {
        System.out.println(catalog.submit(verdict, reason));
      }
    }
    return report.isGo() ? 0 : NO_GO;
  }

  private List<String> circumstances() throws IOException {
    List<String> lines = new ArrayList<>(Machine.described());
    String how = demo ? " --demo" : " --migration " + migration;
    lines.add("by `crossfade bench rollout" + how + (dropIndex ? " --drop-index" : "") + "`");
    return lines;
  }

  private void write(RolloutReport report) throws IOException {
    Path folder = out;
    if (folder == null) {
      return;
    }
    Results.in(folder)
        .page("rollout.html", report.html())
        .page("rollout.md", "# Before a rollout\n\n" + report.markdown())
        .page("rollout.json", JsonFormat.printer().print(report.verdict()) + "\n");
    System.out.println("written to " + folder.resolve("rollout.html") + ", .json and .md");
  }
}
