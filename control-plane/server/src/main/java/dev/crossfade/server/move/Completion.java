package dev.crossfade.server.move;

import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.mirror.Capture;
import dev.crossfade.sql.capture.ArchiveScript;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.capture.InPlaceScript;
import java.sql.SQLException;

/**
 * Leaves only new: old's tables become read-only first, then capture goes, from new and from old.
 * So there is no moment at which old takes a write. Each part may be repeated, and after the first
 * there is no way back.
 */
final class Completion {
  private Completion() {}

  static void run(MoveTarget target, MoveSteps steps) throws SQLException {
    steps.done(MoveStep.READY);
    Capture old = new Capture(target.endpoint(Side.OLD), Capture.Patience.USUAL);
    Capture next = new Capture(target.endpoint(Side.NEW), Capture.Patience.USUAL);
    if (target.together()) {
      // Or whoever writes new would write the archive as well. Its fence keeps others out of old.
      next.remove(InPlaceScript.remove(target.down()));
    }
    old.archive(ArchiveScript.create(target.up().getFirst().migration(), target.oldTables()));
    steps.done(MoveStep.ARCHIVED);
    if (target.together()) {
      old.remove(InPlaceScript.remove(target.up()));
      old.remove(InPlaceScript.forget(target.up()));
    } else {
      next.remove(CaptureScript.remove(target.down()));
      old.remove(CaptureScript.remove(target.up()));
    }
    steps.done(MoveStep.REMOVED);
  }
}
