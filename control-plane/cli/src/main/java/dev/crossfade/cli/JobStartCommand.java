package dev.crossfade.cli;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.Ddl;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.StartJobRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl job start KIND [MIGRATION]}. */
@Command(
    name = "start",
    description = {
      "Queues a job and ends at once; 'ctl job watch' follows it.",
      "backfill carries what old had before its changes were logged, verify compares all of both"
          + " sides, repair also makes equal what has drifted, apply runs a file of statements on"
          + " one, lens-check checks on every row of old that the lens gives it back, rollback-loss"
          + " counts what a way back would lose (the control plane starts it by itself)."
    },
    footer = {
      "  crossfade ctl job start backfill split-customers",
      "  crossfade ctl job start verify split-customers --chunk 20000 --reason nightly",
      "  crossfade ctl job start verify split-customers --continuous",
      "  crossfade ctl job start lens-check split-customers",
      "  crossfade ctl job start apply split-customers --file expand.sql --side new"
    })
final class JobStartCommand extends CtlCommand {
  private static final long MIB = 1L << 20;

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "backfill, verify, repair, apply, lens-check or rollback-loss.")
  private String kind = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MIGRATION",
      description = "May be left out when there is only one.")
  private @Nullable String migration;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "Entities in a chunk. Default: 1000 for backfill, else 10000")
  private @Nullable Integer chunk;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "backfill, verify and repair work on so many chunks side by side, 1 to 16. Default: 2,"
              + " with --continuous 1")
  private @Nullable Integer workers;

  @Option(
      names = "--most-pending",
      paramLabel = "N",
      description =
          "backfill and verify --continuous wait while more changes wait to be carried. Default:"
              + " 5000")
  private @Nullable Integer mostPending;

  @Option(
      names = "--most-lag",
      paramLabel = "SECONDS",
      description =
          "backfill and repair wait while a replica of either database is further behind."
              + " Default: 10")
  private @Nullable Integer mostLag;

  @Option(
      names = "--most-lag-mib",
      paramLabel = "N",
      description = "The same in MiB of WAL. Default: 256")
  private @Nullable Integer mostLagMib;

  @Option(
      names = "--continuous",
      description = "verify: pass after pass, until the job is cancelled.")
  private boolean continuous;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "verify and repair compare so many rows in a second at most; 0 is as fast as they can."
              + " Default: 10000 for --continuous, else 0")
  private @Nullable Integer rate;

  @Option(
      names = "--slowdown",
      paramLabel = "N",
      description =
          "Go slower while reads of old take more than N times as long as usual. Default: 3")
  private @Nullable Double slowdown;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "apply: the statements; - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--side",
      paramLabel = "SIDE",
      description = "apply: where they are run, old or new. Default: new")
  private @Nullable String side;

  @Option(
      names = "--again",
      description = "backfill: begin at the beginning. apply: run again what was run before.")
  private boolean again;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    StartJobRequest.Builder request =
        StartJobRequest.newBuilder()
            .setKind(kind())
            .setSettings(settings())
            .setNote(change.note(main()));
    request.setMigration(connection.nameOrOnly(migration));
    if (request.getKind() == JobKind.JOB_KIND_APPLY) {
      request.setDdl(ddl());
    } else if (file != null || side != null) {
      throw new UsageException("--file and --side are for apply only");
    }
    JobText.changed(connection, connection.jobs().startJob(request.build()));
  }

  private JobKind kind() throws UsageException {
    String wanted = kind.toLowerCase(Locale.ROOT);
    if (continuous && !wanted.equals("verify")) {
      throw new UsageException("--continuous is for verify only");
    }
    return switch (wanted) {
      case "backfill" -> JobKind.JOB_KIND_BACKFILL;
      case "verify" -> continuous ? JobKind.JOB_KIND_CONTINUOUS_VERIFY : JobKind.JOB_KIND_VERIFY;
      case "repair" -> JobKind.JOB_KIND_REPAIR;
      case "apply" -> JobKind.JOB_KIND_APPLY;
      case "lens-check" -> JobKind.JOB_KIND_LENS_CHECK;
      case "rollback-loss" -> JobKind.JOB_KIND_ROLLBACK_LOSS;
      default ->
          throw new UsageException(
              "'"
                  + kind
                  + "' is no job: write backfill, verify, repair, apply, lens-check or"
                  + " rollback-loss");
    };
  }

  private Ddl ddl() throws UsageException {
    if (file == null) {
      throw new UsageException("apply needs --file");
    }
    String where = side == null ? "new" : side.toLowerCase(Locale.ROOT);
    if (!where.equals("old") && !where.equals("new")) {
      throw new UsageException("'" + side + "' is no side: write old or new");
    }
    FileText text = FileText.read(file);
    return Ddl.newBuilder()
        .setText(text.yaml())
        .setSource(text.source())
        .setOnOld(where.equals("old"))
        .build();
  }

  private JobSettings settings() {
    JobSettings.Builder settings = JobSettings.newBuilder().setAgain(again);
    if (chunk != null) {
      settings.setChunk(chunk);
    }
    if (workers != null) {
      settings.setWorkers(workers);
    }
    if (mostPending != null) {
      settings.setMostPending(mostPending);
    }
    if (mostLag != null) {
      settings.setMostReplicationLag(Duration.newBuilder().setSeconds(mostLag));
    }
    if (mostLagMib != null) {
      settings.setMostReplicationBytes(mostLagMib * MIB);
    }
    if (rate != null) {
      settings.setRowsPerSecond(rate);
    }
    if (slowdown != null) {
      settings.setSlowdown(slowdown);
    }
    return settings.build();
  }
}
