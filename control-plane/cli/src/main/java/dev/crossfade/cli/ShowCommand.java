package dev.crossfade.cli;

import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.LensEvidence;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Move;
import dev.crossfade.api.v1.MoveState;
import dev.crossfade.api.v1.Sidecar;
import dev.crossfade.api.v1.Stage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl show [NAME]}. */
@Command(
    name = "show",
    aliases = "get",
    description = "Shows one migration with its latest changes.",
    footer = "  crossfade ctl show split-customers --history 50")
final class ShowCommand extends CtlCommand {
  private static final int NOTICES_MAX = 20;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--history",
      paramLabel = "N",
      description = "How many changes to show, 0 to 1000. Default: 10")
  private int history = 10;

  @Option(names = "--file", description = "Print the migration file and nothing else.")
  private boolean fileOnly;

  @Override
  void on(Connection connection) throws UsageException {
    GetRequest request =
        GetRequest.newBuilder()
            .setName(connection.nameOrOnly(name))
            .setHistoryLimit(history)
            .build();
    GetResponse response = connection.migrations().get(request);
    if (fileOnly) {
      connection.print(response.getMigration().getYaml().stripTrailing());
    } else if (connection.isJson()) {
      connection.printJson(response);
    } else {
      printForPeople(connection, response);
    }
  }

  private static void printLens(Connection connection, GetResponse response) {
    LensEvidence evidence = response.getLensEvidence();
    connection.print(
        "lens          "
            + (response.hasLensEvidence() ? Show.lens(evidence) : "not checked on data"));
    for (String finding : evidence.getFindingsList()) {
      connection.print("lens loses    " + finding);
    }
    for (String example : evidence.getExamplesList()) {
      connection.print("such as       " + example);
    }
  }

  /** What a way back would lose, where there is one that can. */
  private static void printLoss(Connection connection, GetResponse response) {
    Stage stage = response.getMigration().getStage();
    if (stage == Stage.STAGE_LIVE || stage == Stage.STAGE_RAMPDOWN) {
      connection.print(
          "back loses    "
              + (response.hasRollbackLoss()
                  ? Show.rollbackLoss(response.getRollbackLoss())
                  : "not known yet"));
      meter(connection, response.getMigration().getName())
          .ifPresent(why -> connection.print("back loses    " + why));
    }
    for (String example : response.getRollbackLoss().getExamplesList()) {
      connection.print("back loses    " + example);
    }
  }

  /** Why that is not counted at the moment, where the job that counts it does not run. */
  private static Optional<String> meter(Connection connection, String migration) {
    return connection
        .jobs()
        .listJobs(ListJobsRequest.newBuilder().setMigration(migration).build())
        .getJobsList()
        .stream()
        .filter(job -> job.getKind() == JobKind.JOB_KIND_ROLLBACK_LOSS)
        .findFirst()
        .flatMap(ShowCommand::rest);
  }

  private static Optional<String> rest(Job job) {
    return switch (job.getState()) {
      case JOB_STATE_PAUSED ->
          Optional.of(
              "that is not counted any more: job %d is paused, 'ctl job resume %d' lets it go on"
                  .formatted(job.getId(), job.getId()));
      case JOB_STATE_QUEUED ->
          Optional.of(
              "that is not counted at the moment: job %d %s"
                  .formatted(job.getId(), job.getWaits()));
      default -> Optional.empty();
    };
  }

  /** What sidecars say of it now. */
  private static void printNotices(Connection connection, String migration) {
    ListSidecarsResponse response =
        connection.sidecars().listSidecars(ListSidecarsRequest.getDefaultInstance());
    response.getSidecarsList().stream()
        .filter(Sidecar::getConnected)
        .flatMap(
            sidecar ->
                sidecar.getNoticesList().stream()
                    .filter(notice -> notice.getMigration().equals(migration))
                    .map(notice -> Show.notice(sidecar, notice)))
        .limit(NOTICES_MAX)
        .forEach(notice -> connection.print("notice        " + notice));
  }

  private static void printForPeople(Connection connection, GetResponse response) {
    Migration migration = response.getMigration();
    connection.print("name          " + migration.getName());
    connection.print("stage         " + Show.stage(migration.getStage()));
    connection.print(
        "reads on new  "
            + Show.percent(migration.getReadBuckets())
            + " asked, "
            + Show.percent(migration.getEffectiveReadBuckets())
            + " in force, sticky by "
            + Show.stickiness(migration.getStickiness()));
    FlagText.lines(response).forEach(connection::print);
    connection.print("consistency   " + Show.consistency(migration.getConsistency()));
    if (migration.hasMove()) {
      connection.print("on its way    " + MoveProgress.line(migration.getMove()));
    }
    if (response.getLastMove().getState() == MoveState.MOVE_STATE_FAILED) {
      Move failed = response.getLastMove();
      connection.print(
          "failed        " + Show.time(failed.getEndedAt()) + " " + failed.getOutcome());
    }
    connection.print("version       " + migration.getVersion());
    connection.print(
        "file          "
            + migration.getSource()
            + ", "
            + migration.getYaml().lines().count()
            + " lines");
    connection.print(
        "catalogs      "
            + (migration.hasCatalogCheck()
                ? Show.check(migration.getCatalogCheck())
                : "not compared"));
    connection.print(
        "verified      "
            + (response.hasVerification()
                ? Show.verification(response.getVerification())
                : "not yet"));
    for (String example : response.getVerification().getExamplesList()) {
      connection.print("drifted       " + example);
    }
    printLens(connection, response);
    printLoss(connection, response);
    printNotices(connection, migration.getName());
    connection.print("created       " + Show.time(migration.getCreatedAt()));
    connection.print("changed       " + Show.time(migration.getUpdatedAt()));
    if (response.getHistoryCount() > 0) {
      Table table = new Table("VERSION", "AT", "WHO", "WHAT", "FROM", "TO", "WHY");
      for (Change change : response.getHistoryList()) {
        table.row(
            String.valueOf(change.getVersion()),
            Show.time(change.getAt()),
            change.getActor(),
            Show.kind(change.getKind()) + (change.getAcceptsLoss() ? ", accepts loss" : ""),
            change.hasFrom() ? Show.position(change.getFrom()) : "-",
            Show.position(change.getTo()),
            change.getReason().replace('\n', ' '));
      }
      connection.print("");
      connection.print(table.toString());
    }
  }
}
