package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.FrontendType;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which frames of an extended batch concern commands of the sidecar's own: those that prepare one,
 * and those that name a statement or portal made of one.
 */
final class LocalNames {
  private final Set<String> statements;
  private final Set<String> portals;

  LocalNames(Set<String> statements, Set<String> portals) {
    this.statements = new HashSet<>(statements);
    this.portals = new HashSet<>(portals);
  }

  Set<String> statements() {
    return statements;
  }

  Set<String> portals() {
    return portals;
  }

  /**
   * The first frame that is the sidecar's, when all that follow are, too; the count of frames when
   * none is; -1 when frames of old follow it.
   *
   * @param isCommand whether the Parse frame of this index prepares a command
   */
  int first(Batch batch, IntPredicate isCommand) {
    int first = batch.count();
    for (int frame = 0; frame < batch.count(); frame++) {
      boolean local = take(batch, frame, isCommand);
      if (local && first == batch.count()) {
        first = frame;
      }
      if (!local && first < frame && batch.type(frame) != FrontendType.SYNC) {
        return -1;
      }
    }
    return first;
  }

  /** Follows one frame; true when it is the sidecar's. */
  private boolean take(Batch batch, int frame, IntPredicate isCommand) {
    int body = batch.frameStart(frame) + 5;
    return switch (batch.type(frame)) {
      case FrontendType.PARSE ->
          isCommand.test(frame)
              ? is(statements, string(batch, frame, body))
              : isNot(statements, string(batch, frame, body));
      case FrontendType.BIND -> {
        String portal = string(batch, frame, body);
        int nameStart = batch.stringEnd(frame, body) + 1;
        yield statements.contains(string(batch, frame, nameStart))
            ? is(portals, portal)
            : isNot(portals, portal);
      }
      case FrontendType.DESCRIBE ->
          kind(batch, frame, body).contains(string(batch, frame, body + 1));
      case FrontendType.CLOSE -> kind(batch, frame, body).remove(string(batch, frame, body + 1));
      case FrontendType.EXECUTE -> portals.contains(string(batch, frame, body));
      default -> false;
    };
  }

  private Set<String> kind(Batch batch, int frame, int at) {
    boolean there = at < batch.frameEnd(frame);
    return there && batch.bytes().getByte(at) == 'S' ? statements : portals;
  }

  private static boolean is(Set<String> names, String name) {
    names.add(name);
    return true;
  }

  private static boolean isNot(Set<String> names, String name) {
    names.remove(name);
    return false;
  }

  /** The name that starts here; one that cannot be when there is none. */
  static String string(Batch batch, int frame, int from) {
    int end = from <= 0 ? -1 : batch.stringEnd(frame, from);
    return end < 0 ? "\0" : batch.name(from, end);
  }
}
