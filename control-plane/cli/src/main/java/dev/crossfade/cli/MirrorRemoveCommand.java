package dev.crossfade.cli;

import dev.crossfade.mirror.Capture;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.capture.InPlaceScript;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ctl mirror remove FILE --old URL --new URL}. */
@Command(
    name = "remove",
    description = {
      "Takes away from both databases what install has made for this migration: triggers, functions"
          + " and what is left in the log.",
      "From then on new goes stale: set the migration to OFF before."
    },
    footer =
        "  crossfade ctl mirror remove split-customers.yaml --old postgresql://owner@old:5432/shop"
            + " --new postgresql://owner@new:5432/shop")
final class MirrorRemoveCommand extends MirrorLocalCommand {
  @Override
  int on(Target target, Output output, PrintWriter err) throws SQLException {
    Capture old = new Capture(target.old(), Capture.Patience.USUAL);
    if (target.isOneDatabase()) {
      old.remove(InPlaceScript.remove(target.up()));
      old.remove(InPlaceScript.remove(target.down()));
      old.remove(InPlaceScript.forget(target.up()));
    } else {
      old.remove(CaptureScript.remove(target.up()));
      new Capture(target.next(), Capture.Patience.USUAL)
          .remove(CaptureScript.remove(target.down()));
    }
    print(
        output,
        "old no longer logs the changes of " + target.migration(),
        Map.of("migration", text(target.migration())));
    return 0;
  }
}
