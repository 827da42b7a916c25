package dev.crossfade.cli;

import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.api.v1.WatchRequest;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl watch [NAME]}. */
@Command(
    name = "watch",
    description =
        "Shows the state and then every change, until Ctrl-C. With -o json: one object per line.",
    footer = "  crossfade ctl watch split-customers")
final class WatchCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; without it all are watched.")
  private @Nullable String name;

  @Override
  void on(Connection connection) {
    WatchRequest request = WatchRequest.newBuilder().setName(name == null ? "" : name).build();
    Iterator<WatchEvent> events = connection.endless().watch(request);
    while (events.hasNext()) {
      WatchEvent event = events.next();
      if (connection.isJson()) {
        connection.printJsonLine(event);
      } else {
        connection.print(event.hasChange() ? change(event) : current(event));
      }
    }
  }

  private static String current(WatchEvent event) {
    Migration migration = event.getMigration();
    return Show.time(migration.getUpdatedAt())
        + "  v"
        + migration.getVersion()
        + "  "
        + migration.getName()
        + "  is in "
        + Show.stage(migration.getStage())
        + " with "
        + Show.percent(migration.getReadBuckets())
        + " of reads asked for new, "
        + Show.percent(migration.getEffectiveReadBuckets())
        + " in force";
  }

  private static String change(WatchEvent event) {
    Change change = event.getChange();
    String from = change.hasFrom() ? Show.position(change.getFrom()) + " -> " : "";
    String why = change.getReason().isEmpty() ? "" : ": " + change.getReason().replace('\n', ' ');
    return Show.time(change.getAt())
        + "  v"
        + change.getVersion()
        + "  "
        + change.getMigration()
        + "  "
        + Show.kind(change.getKind())
        + " "
        + from
        + Show.position(change.getTo())
        + " by "
        + change.getActor()
        + why;
  }
}
