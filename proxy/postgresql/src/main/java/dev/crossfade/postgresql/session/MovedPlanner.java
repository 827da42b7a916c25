package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.postgresql.plan.Moved;
import dev.crossfade.postgresql.session.MovedContents.Control;
import dev.crossfade.postgresql.session.Naming.Closed;
import dev.crossfade.postgresql.wire.FrontendType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which batches are new's because new is the authority of what they concern. A transaction
 * may read on both sides, and write on one.
 */
final class MovedPlanner {
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Planner planner;
  private final ClientSession session;
  private final MovedSide side;

  /** What was found in a batch. */
  private static final class Found {
    private final MovedContents contents = new MovedContents();
    private final Map<String, Integer> parsed = new HashMap<>();
    private final Set<String> bound = new HashSet<>();
    private final Set<PreparedStatement> uses = new LinkedHashSet<>();
    private int executes;
    private boolean forgotten;
  }

  MovedPlanner(Planner planner, MovedSide side) {
    this.planner = planner;
    this.session = planner.session();
    this.side = side;
  }

  /** Null: it is decided as if nothing had moved. */
  @Nullable ExchangePlan plan(Batch batch) {
    Moved moved = session.context().routing().moved();
    if (moved == null && !side.transaction().isOpen()
        || !planner.router().isOfOldDatabase()
        || session.shaped() != null) {
      return null;
    }
    Found found = batch.isSimple() ? simple(batch, moved) : extended(batch, moved);
    ExchangePlan plan = decide(batch, found);
    return plan instanceof ExchangePlan.Refused && !session.oldSide().isIdle()
        ? Planner.WAIT
        : plan;
  }

  private @Nullable ExchangePlan decide(Batch batch, Found found) {
    MovedContents contents = found.contents;
    boolean inTransaction = side.transaction().isOpen();
    Control only = contents.only();
    boolean oldHasFailed = session.state().status() == 'E';
    if (inTransaction && only == Control.END) {
      boolean first = side.transaction().hasWritten() || side.transaction().hasFailed();
      return first && !oldHasFailed ? moved(batch, found, true) : null;
    }
    if (inTransaction && only == Control.WITHIN) {
      boolean back = contents.rollsBack();
      if (side.transaction().hasFailed() && !back) {
        return moved(batch, found, false);
      }
      if (back || !oldHasFailed) {
        contents.controls().forEach(side::copy);
        side.transaction().follows();
      }
      return null;
    }
    if (inTransaction && side.transaction().hasFailed()) {
      return moved(batch, found, false);
    }
    if (found.forgotten) {
      // Old would answer with what has been true before the authority moved.
      return refused(
          "a prepared statement was one too many to be remembered, so it is not known whether new"
              + " has the authority of its tables: close others, or all, and prepare it again");
    }
    if (!contents.isMoved()) {
      return contents.hasOthers() ? others(contents) : null;
    }
    if (session.state().status() == 'E' && session.oldSide().isIdle()) {
      return null;
    }
    return concerned(batch, found);
  }

  /** Statements that are old's. */
  private @Nullable ExchangePlan others(MovedContents contents) {
    return contents.othersWrite() && side.transaction().hasWritten()
        ? refused(
            "the transaction has changed tables that new has the authority of, and would now change"
                + " others, which are on old: it cannot be committed on both")
        : null;
  }

  private ExchangePlan concerned(Batch batch, Found found) {
    MovedContents contents = found.contents;
    if (contents.first() == Control.BEGIN && found.executes > 1 && !contents.hasOthers()) {
      int end = firstExecute(batch) + 1;
      ExtendedBatch opening = new ExtendedBatch(planner, batch.frames(0, end));
      opening.read();
      return opening.asOpening(end);
    }
    if (!session.oldSide().isIdle()) {
      return Planner.WAIT;
    }
    if (contents.hasOthers() || contents.hasControls()) {
      return refused(
          "statements that new has the authority of are sent together with others, in one message"
              + " or up to one Sync: send them apart");
    }
    if (contents.isMixed()) {
      return refused(
          "the statement is about tables of two migrations, and new has the authority of one only");
    }
    String kept = kept();
    if (kept != null) {
      return refused(kept);
    }
    if (contents.writes() && session.state().log().hasWritten()) {
      return refused(
          "the transaction has changed tables that are on old, and would now change others, which"
              + " new has the authority of: it cannot be committed on both");
    }
    return permitted(contents, () -> moved(batch, found, false));
  }

  /** New is used with the sidecar's own credentials: old says what its user may do. */
  private ExchangePlan permitted(MovedContents contents, Supplier<ExchangePlan> then) {
    if (contents.tables().isEmpty() || contents.migration().isEmpty()) {
      return then.get();
    }
    ReadPermission.Answer answer =
        session
            .context()
            .permission()
            .mayDo(
                session.startup().user(),
                contents.migration(),
                contents.tables(),
                contents.privileges());
    return switch (answer) {
      case ALLOWED -> then.get();
      case DENIED ->
          new ExchangePlan.Refused(
              new Fault(
                  Fault.Kind.NOT_PERMITTED,
                  "permission denied for tables that new has the authority of, as old says: "
                      + String.join(", ", contents.tables())));
      case UNKNOWN -> {
        session.later(LOOK_AGAIN_NANOS, session::resume);
        yield Planner.WAIT;
      }
    };
  }

  /** Why what this session means cannot be told to new; null when it can. */
  private @Nullable String kept() {
    if (!StartupScope.isUsual(session.startup().parameters())) {
      return "the session began with settings that new cannot follow";
    }
    if (session.state().settings().isPinned()) {
      return "the session has state that new cannot follow";
    }
    return session.state().log().isFull()
        ? "the transaction has too many savepoints and settings"
        : null;
  }

  private static ExchangePlan refused(String why) {
    return new ExchangePlan.Refused(new Fault(Fault.Kind.NOT_CARRIED_OUT, why));
  }

  private ExchangePlan moved(Batch batch, Found found, boolean ends) {
    if (!session.oldSide().isIdle()) {
      return Planner.WAIT;
    }
    List<Naming> namings = new ArrayList<>();
    if (batch.isSimple()) {
      session.state().closed("");
    }
    for (int frame = 0; frame < batch.count(); frame++) {
      switch (batch.type(frame)) {
        case FrontendType.PARSE -> namings.add(planner.parse(batch, frame));
        case FrontendType.CLOSE -> namings.add(Closed.of(batch, frame));
        default -> {
          // The others name nothing.
        }
      }
    }
    return new ExchangePlan.Moved(
        found.contents.migration(),
        found.contents.writes(),
        ends,
        List.copyOf(found.uses),
        namings,
        found.contents.makes(),
        planner.router().comparesReads() && !found.contents.writes()
            ? ComparableReads.moved(planner, batch)
            : null,
        null);
  }

  private Found simple(Batch batch, @Nullable Moved moved) {
    Found found = new Found();
    int start = batch.frameStart(0) + 5;
    int end = batch.stringEnd(0, start);
    if (end >= 0) {
      planner.reader().read(batch.bytes(), start, end);
      found.contents.add(planner.reader(), moved, side::knows);
    }
    return found;
  }

  private Found extended(Batch batch, @Nullable Moved moved) {
    Found found = new Found();
    for (int frame = 0; frame < batch.count(); frame++) {
      switch (batch.type(frame)) {
        case FrontendType.PARSE -> {
          int start = batch.frameStart(frame) + 5;
          int end = batch.stringEnd(frame, start);
          if (end >= 0) {
            found.parsed.put(batch.name(start, end), frame);
          }
        }
        case FrontendType.BIND -> bind(batch, frame, found, moved);
        case FrontendType.EXECUTE -> execute(batch, frame, found);
        case FrontendType.FUNCTION_CALL -> found.contents.addOther();
        default -> {
          // Nothing is run by the others.
        }
      }
    }
    return found;
  }

  private void bind(Batch batch, int frame, Found found, @Nullable Moved moved) {
    int start = batch.frameStart(frame) + 5;
    int portalEnd = batch.stringEnd(frame, start);
    int nameEnd = portalEnd < 0 ? -1 : batch.stringEnd(frame, portalEnd + 1);
    if (nameEnd < 0) {
      found.contents.addOther();
      return;
    }
    found.bound.add(batch.name(start, portalEnd));
    String name = batch.name(portalEnd + 1, nameEnd);
    Integer parse = found.parsed.get(name);
    if (parse == null) {
      PreparedStatement statement = named(name);
      if (statement == null) {
        found.forgotten |=
            moved != null && session.state().mayHaveForgottenMapped(planner.router().generation());
        found.contents.addOther();
        return;
      }
      found.uses.add(statement);
      planner.reader().read(statement.sql());
    } else {
      int nameOfParse = batch.stringEnd(parse, batch.frameStart(parse) + 5);
      int sqlEnd = batch.stringEnd(parse, nameOfParse + 1);
      if (sqlEnd < 0) {
        found.contents.addOther();
        return;
      }
      planner.reader().read(batch.bytes(), nameOfParse + 1, sqlEnd);
    }
    found.contents.add(planner.reader(), moved, side::knows);
  }

  private @Nullable PreparedStatement named(String name) {
    Naming pending = session.oldSide().inFlight().pending(name);
    return pending == null ? session.state().statement(name) : pending.statement();
  }

  private void execute(Batch batch, int frame, Found found) {
    found.executes++;
    int start = batch.frameStart(frame) + 5;
    int end = batch.stringEnd(frame, start);
    String portal = end < 0 ? "" : batch.name(start, end);
    if (found.bound.contains(portal)) {
      return;
    }
    if (side.hasPortal(portal)) {
      found.contents.goesOn();
    } else {
      found.contents.addOther();
    }
  }

  private static int firstExecute(Batch batch) {
    int frame = 0;
    while (frame < batch.count() - 1 && batch.type(frame) != FrontendType.EXECUTE) {
      frame++;
    }
    return frame;
  }
}
