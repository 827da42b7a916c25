package dev.crossfade.cli;

import com.google.protobuf.ListValue;
import com.google.protobuf.Value;
import dev.crossfade.mirror.Repair;
import dev.crossfade.mirror.Verify;
import dev.crossfade.sql.image.SyncPlan;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl mirror verify FILE --old URL --new URL}. */
@Command(
    name = "verify",
    description = {
      "Compares all of new with what old comes to, while everybody writes: both servers hash ranges"
          + " of entities.",
      "An entity has drifted when it differs although it did not change and nothing about it is"
          + " on its way. Ends with 4 when one has.",
      "Give a role that may read the mapped tables of both and the schema crossfade of old; with"
          + " --repair also write those of new."
    },
    footer =
        "  crossfade ctl mirror verify split-customers.yaml --old postgresql://mirror@old:5432/shop"
            + " --new postgresql://mirror@new:5432/shop")
final class MirrorVerifyCommand extends MirrorLocalCommand {
  private static final int MOST_REMEMBERED = 100_000;
  private static final int MOST_SHOWN = 50;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Entities in a query. Default: ${DEFAULT-VALUE}")
  private int chunk = 10_000;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "So many chunks side by side, 1 to 16, each over two connections. Default:"
              + " ${DEFAULT-VALUE}")
  private int workers = 2;

  @Option(names = "--repair", description = "Make what has drifted equal to old.")
  private boolean repair;

  @Override
  int on(Target target, Output output, PrintWriter err) throws SQLException, UsageException {
    if (chunk < 1 || chunk > 1_000_000) {
      throw new UsageException("--chunk: 1 to 1,000,000 entities");
    }
    if (workers < 1 || workers > Verify.WORKERS_MAX) {
      throw new UsageException("--workers: 1 to " + Verify.WORKERS_MAX);
    }
    boolean terminal = System.console() != null && System.console().isTerminal();
    Found found = new Found(new CheckProgress(terminal ? err : null, System::nanoTime));
    new Verify(target.up(), target.old(), target.next(), new Verify.Settings(chunk, workers))
        .run(found);
    found.line.end();
    long repaired = 0;
    if (repair) {
      for (Map.Entry<SyncPlan, List<List<String>>> group : found.keys.entrySet()) {
        Map<List<String>, SQLException> failed =
            new Repair(target.old(), target.next()).run(group.getKey(), group.getValue());
        failed.forEach(
            (key, why) ->
                err.println(group.getKey().group() + " " + key + ": " + why.getMessage()));
        repaired += group.getValue().size() - failed.size();
      }
    }
    report(found, repaired, output);
    return found.drifted == repaired && found.restless == 0 ? 0 : CtlMain.EXIT_FINDINGS;
  }

  private void report(Found found, long repaired, Output output) {
    List<String> shown = new ArrayList<>();
    found.keys.forEach(
        (plan, keys) ->
            keys.forEach(key -> shown.add(plan.group() + " " + String.join(", ", key))));
    List<String> first = shown.subList(0, Math.min(shown.size(), MOST_SHOWN));
    StringBuilder text = new StringBuilder();
    first.forEach(line -> text.append("drift: ").append(line).append('\n'));
    text.append("%,d rows compared; %d entities have drifted".formatted(found.rows, found.drifted));
    text.append(repair ? ", %d of them repaired".formatted(repaired) : "");
    text.append(
        found.restless > 0
            ? "; %d were never at rest and could not be told".formatted(found.restless)
            : "");
    print(
        output,
        text.toString(),
        Map.of(
            "rows",
            number(found.rows),
            "drifted",
            number(found.drifted),
            "repaired",
            number(repaired),
            "restless",
            number(found.restless),
            "keys",
            Value.newBuilder()
                .setListValue(
                    ListValue.newBuilder()
                        .addAllValues(first.stream().map(MirrorLocalCommand::text).toList()))
                .build()));
  }

  /** What was found, a bounded part of it by key. */
  private static final class Found implements Verify.Findings {
    final CheckProgress line;
    final Map<SyncPlan, List<List<String>>> keys = new HashMap<>();
    long rows;
    long drifted;
    long restless;

    Found(CheckProgress line) {
      this.line = line;
    }

    @Override
    public void compared(String group, long compared) {
      rows += compared;
      line.at("verify " + group, rows, 0);
    }

    @Override
    public void drift(SyncPlan plan, List<String> key) {
      if (++drifted <= MOST_REMEMBERED) {
        keys.computeIfAbsent(plan, none -> new ArrayList<>()).add(key);
      }
    }

    @Override
    public void restless(SyncPlan plan, List<String> key) {
      restless++;
    }
  }
}
