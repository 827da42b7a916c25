package dev.crossfade.cli;

import dev.crossfade.mirror.Backfill;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl mirror backfill FILE --old URL --new URL}. */
@Command(
    name = "backfill",
    description = {
      "Carries what old had before its changes were logged, chunk by chunk in the order of the"
          + " keys.",
      "Goes on where an earlier one has stopped. Waits while the mirror is behind. Ends with 4 when"
          + " some entities can not be carried as they are.",
      "Give a role that may read the mapped tables of old and write those of new, and the schema"
          + " crossfade of both."
    },
    footer =
        "  crossfade ctl mirror backfill split-customers.yaml --old"
            + " postgresql://mirror@old:5432/shop --new postgresql://mirror@new:5432/shop")
final class MirrorBackfillCommand extends MirrorLocalCommand {
  @Option(
      names = "--chunk",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Entities in a transaction. Default: ${DEFAULT-VALUE}")
  private int chunk = 1_000;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "So many chunks side by side, 1 to 16, each over two connections. Default:"
              + " ${DEFAULT-VALUE}")
  private int workers = 2;

  @Option(names = "--again", description = "Begin at the beginning.")
  private boolean again;

  @Override
  int on(Target target, Output output, PrintWriter err) throws SQLException, UsageException {
    if (chunk < 1 || chunk > 2_000) {
      throw new UsageException("--chunk: 1 to 2,000 entities");
    }
    if (workers < 1 || workers > Backfill.WORKERS_MAX) {
      throw new UsageException("--workers: 1 to " + Backfill.WORKERS_MAX);
    }
    boolean terminal = System.console() != null && System.console().isTerminal();
    Told told = new Told(err, new CheckProgress(terminal ? err : null, System::nanoTime));
    new Backfill(
            target.up(),
            target.old(),
            target.next(),
            new Backfill.Settings(chunk, Backfill.Settings.USUAL.mostPending(), workers))
        .run(again, told);
    told.line.end();
    print(
        output,
        "%,d entities carried, %d of them can not be".formatted(told.entities, told.failed),
        Map.of("entities", number(told.entities), "failed", number(told.failed)));
    return told.failed == 0 ? 0 : CtlMain.EXIT_FINDINGS;
  }

  /** What it says while it goes on. */
  private static final class Told implements Backfill.Progress {
    private static final int MOST_SHOWN = 20;

    final CheckProgress line;
    private final PrintWriter err;
    private Backfill.Position last = new Backfill.Position("", null, List.of(), 0, 0);
    long entities;
    long failed;

    Told(PrintWriter err, CheckProgress line) {
      this.err = err;
      this.line = line;
    }

    @Override
    public boolean reached(Backfill.Position position) {
      boolean goesOn = position.table().equals(last.table());
      entities += position.entities() - (goesOn ? last.entities() : 0);
      last = position;
      line.at("backfill " + position.table(), position.entities(), 0);
      return true;
    }

    @Override
    public boolean waits(long pending) {
      line.at("waits for the mirror: " + pending + " changes are on their way", 0, 0);
      return true;
    }

    @Override
    public void failed(String table, List<String> key, SQLException why) {
      if (++failed <= MOST_SHOWN) {
        err.println(table + " " + key + " (" + why.getSQLState() + "): " + why.getMessage());
      }
    }
  }
}
