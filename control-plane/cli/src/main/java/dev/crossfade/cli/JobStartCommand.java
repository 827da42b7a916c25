package dev.crossfade.cli;

import com.google.protobuf.Duration;
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
          + " sides, repair also makes equal what has drifted."
    },
    footer = {
      "  crossfade ctl job start backfill split-customers",
      "  crossfade ctl job start verify split-customers --chunk 20000 --reason nightly"
    })
final class JobStartCommand extends CtlCommand {
  private static final long MIB = 1L << 20;

  @Parameters(index = "0", paramLabel = "KIND", description = "backfill, verify or repair.")
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
      names = "--most-pending",
      paramLabel = "N",
      description = "backfill waits while more changes wait to be carried. Default: 5000")
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

  @Option(names = "--again", description = "backfill: begin at the beginning.")
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
    JobText.changed(connection, connection.jobs().startJob(request.build()));
  }

  private JobKind kind() throws UsageException {
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "backfill" -> JobKind.JOB_KIND_BACKFILL;
      case "verify" -> JobKind.JOB_KIND_VERIFY;
      case "repair" -> JobKind.JOB_KIND_REPAIR;
      default ->
          throw new UsageException("'" + kind + "' is no job: write backfill, verify or repair");
    };
  }

  private JobSettings settings() {
    JobSettings.Builder settings = JobSettings.newBuilder().setAgain(again);
    if (chunk != null) {
      settings.setChunk(chunk);
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
    return settings.build();
  }
}
