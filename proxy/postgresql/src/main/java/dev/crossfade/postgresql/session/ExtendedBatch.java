package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.inventory.Tally;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.session.ExchangePlan.Forward;
import dev.crossfade.postgresql.session.Naming.Closed;
import dev.crossfade.postgresql.session.Naming.Parsed;
import dev.crossfade.postgresql.session.StatementReader.Statement;
import dev.crossfade.postgresql.wire.FrontendType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An extended batch on its way through the planner: what its frames prepare, bind and execute, and
 * whether it is one read that either side could answer.
 */
final class ExtendedBatch {
  private final Planner planner;
  private final SessionRouter router;
  private final StatementReader reader;
  private final SessionState state;
  private final Batch batch;
  private Naming @Nullable [] namings;
  private int namingCount;
  private final List<byte[]> controls = new ArrayList<>();
  private int parses;
  private int binds;
  private int executes;
  private boolean closesStatement;
  private boolean closesPortal;
  private String portal = "";
  private int bindFrame = -1;
  private int parseFrame = -1;
  private boolean writes;
  private boolean routable = true;
  private boolean executesOther;
  private boolean remembered;
  private @Nullable PreparedStatement bound;
  private @Nullable PreparedStatement missing;
  private @Nullable SessionEffect effect;
  private @Nullable Tally tally;

  ExtendedBatch(Planner planner, Batch batch) {
    this.planner = planner;
    this.router = planner.router();
    this.reader = planner.reader();
    this.state = planner.session().state();
    this.batch = batch;
  }

  ExchangePlan plan() {
    ExchangePlan plan = routed();
    return plan instanceof Forward forward && router.comparesReads()
        ? ComparableReads.mark(planner, this, forward)
        : plan;
  }

  Batch batch() {
    return batch;
  }

  int executes() {
    return executes;
  }

  /** What its last Bind frame is about. */
  @Nullable PreparedStatement bound() {
    return bound;
  }

  int bindFrame() {
    return bindFrame;
  }

  /** Whether it binds and executes one statement, and no other. */
  boolean isOfOne() {
    return binds == 1 && executes == 1 && parses <= 1 && !executesOther;
  }

  private ExchangePlan routed() {
    read();
    planner.says(said());
    if (executes == 2 && effect instanceof SessionEffect.BeginReadOnly) {
      ExchangePlan apart = opening();
      if (apart != null) {
        return apart;
      }
    }
    PreparedStatement statement = bound;
    if (statement == null || !isMapped(statement)) {
      return forward(
          parses > 0 && executes == 0 ? RouteReason.METADATA : RouteReason.UNMAPPED, false);
    }
    if (executes == 0) {
      return forward(RouteReason.METADATA, false);
    }
    if (binds != 1 || executes != 1 || parses > 1) {
      return forward(RouteReason.MULTIPLE_STATEMENTS, false);
    }
    if (!routable
        || parseFrame > bindFrame
        || closesStatement
        || !portal.isEmpty() && !closesPortal
        || parseFrame >= 0 && !statement.name().isEmpty()) {
      return forward(RouteReason.METADATA, false);
    }
    return read(statement);
  }

  private boolean isMapped(PreparedStatement statement) {
    return statement.isMapped(
        router.generation(), () -> reader.read(statement.sql()).isPlainRead());
  }

  /** What it is to its transaction. */
  Said said() {
    return binds == 0 && executes == 0
        ? Said.NOTHING
        : new Said(controls, controls.size() < binds || binds == 0, writes);
  }

  /**
   * Drivers send BEGIN READ ONLY together with the first statement of the transaction: when that is
   * a read for new, the two part.
   */
  private @Nullable ExchangePlan opening() {
    int begin = firstExecute() + 1;
    if (state.transaction() != TransactionSide.NONE || begin == 0) {
      return null;
    }
    ExtendedBatch first = new ExtendedBatch(planner, batch.frames(0, begin));
    first.read();
    if (first.binds != 1 || !(first.effect instanceof SessionEffect.BeginReadOnly)) {
      return null;
    }
    ExchangePlan rest = new ExtendedBatch(planner, batch.frames(begin, batch.count())).plan();
    return switch (rest) {
      case ExchangePlan.Wait wait -> wait;
      case ExchangePlan.Read ignored -> first.asOpening(begin);
      default -> null;
    };
  }

  /** The first frames of a batch go apart. */
  ExchangePlan.Opening asOpening(int frames) {
    planner.says(said());
    return new ExchangePlan.Opening(frames, forward(RouteReason.UNMAPPED, false));
  }

  int firstExecute() {
    for (int frame = 0; frame < batch.count(); frame++) {
      if (batch.type(frame) == FrontendType.EXECUTE) {
        return frame;
      }
    }
    return -1;
  }

  private ExchangePlan read(PreparedStatement statement) {
    if (planner.session().shaped() != null) {
      return forward(RouteReason.NEW_SHAPE, false);
    }
    Lenses lenses = router.lenses();
    if (lenses == null) {
      return forward(RouteReason.STAGE, false);
    }
    ReadPlan plan = statement.plan(lenses.generation());
    if (plan == null) {
      Statement text = reader.read(statement.sql());
      PlanState found = reader.find(lenses, statement.parameterTypes());
      if (!(found instanceof PlanState.Ready(ReadPlan ready))) {
        Forward refusal = planner.unplanned(found, text);
        return forward(refusal.reason(), false).concerning(refusal.migration(), refusal.effect());
      }
      plan = ready;
      statement.plan(lenses.generation(), ready, reader.translate(ready));
    }
    if (BindParameter.mayMeanMoment(batch, bindFrame, plan.parametersAsSeen())) {
      return forward(RouteReason.NOT_TRANSLATABLE, false)
          .concerning(Planner.migration(plan), effect);
    }
    String entity = entityKey(plan, statement);
    RouteDecision decision = router.decide(plan, entity);
    Forward forward =
        forward(decision.reason(), false)
            .concerning(Planner.migration(plan), effect)
            .reading(plan.onlyEntity(entity));
    if (decision.side() == Side.OLD) {
      return router.comparesReads()
          ? forward.comparable(ExchangePlan.Comparable.of(plan, statement))
          : forward;
    }
    if (!planner.session().oldSide().isIdle()) {
      return Planner.WAIT;
    }
    return new ExchangePlan.Read(plan, null, statement, parseFrame, forward);
  }

  private @Nullable String entityKey(ReadPlan plan, PreparedStatement statement) {
    if (plan.pin() == null) {
      return null;
    }
    if (plan.pin().parameter() > 0) {
      return BindParameter.text(batch, bindFrame, plan.pin().parameter(), plan.parametersAsSeen());
    }
    reader.read(statement.sql());
    return reader.entityKey(plan.pin());
  }

  void read() {
    boolean interesting =
        state.hasStatements() || planner.session().oldSide().inFlight().hasPending();
    for (int frame = 0; frame < batch.count(); frame++) {
      switch (batch.type(frame)) {
        case FrontendType.PARSE -> {
          parsed(frame);
          interesting = interesting || remembered;
        }
        case FrontendType.BIND -> {
          binds++;
          if (interesting) {
            bind(frame);
          }
        }
        case FrontendType.EXECUTE -> {
          executes++;
          if (interesting) {
            execute(frame);
          }
        }
        case FrontendType.DESCRIBE -> {
          if (interesting) {
            describe(frame);
          }
        }
        case FrontendType.CLOSE -> {
          closed(frame);
        }
        default -> {
          // Sync and FunctionCall name no statement.
        }
      }
    }
  }

  private void parsed(int frame) {
    Parsed parsed = planner.parse(batch, frame);
    add(parsed);
    parses++;
    parseFrame = frame;
    remembered |= parsed.statement() != null || state.statement(parsed.name()) != null;
  }

  private void closed(int frame) {
    Closed closed = Closed.of(batch, frame);
    String name = closed.name();
    if (name == null) {
      // Of a portal: when the read is over, it leaves nothing behind on either side.
      int start = batch.frameStart(frame) + 6;
      routable &= executes == 1 && isPortal(start, batch.stringEnd(frame, start));
      closesPortal = true;
    } else {
      closesStatement = true;
      remembered |=
          state.statement(name) != null
              || planner.session().oldSide().inFlight().pending(name) != null;
    }
    add(closed);
  }

  /** Whether these bytes are the name of the portal that was bound. */
  private boolean isPortal(int start, int end) {
    return end - start == portal.length()
        && (portal.isEmpty() || batch.name(start, end).equals(portal));
  }

  private void add(Naming naming) {
    if (namings == null) {
      namings = new Naming[batch.count()];
    }
    namings[namingCount++] = naming;
  }

  private void bind(int frame) {
    int portalStart = batch.frameStart(frame) + 5;
    int portalEnd = batch.stringEnd(frame, portalStart);
    int nameEnd = portalEnd < 0 ? -1 : batch.stringEnd(frame, portalEnd + 1);
    if (nameEnd < 0) {
      routable = false;
      return;
    }
    routable &= executes == 0;
    portal = portalEnd == portalStart ? "" : batch.name(portalStart, portalEnd);
    bindFrame = frame;
    String name = batch.name(portalEnd + 1, nameEnd);
    PreparedStatement statement = named(name);
    bound(statement);
    writes |= statement == null ? state.forgotWriter() : statement.isWriter();
    if (statement != null) {
      bound = statement;
      if (statement.isControl()) {
        controls.add(statement.sql());
      }
    }
    if (ofBatch(name) == null && planner.session().oldSide().inFlight().pending(name) != null) {
      planner.boundInstead(name, statement).forEach(this::bound);
    }
  }

  private void bound(@Nullable PreparedStatement statement) {
    planner.bound(statement);
    if (statement != null && statement.effect() != null) {
      effect = effect == null ? statement.effect() : new SessionEffect.Pin();
    }
  }

  /** What a name means at this point of the batch. */
  private @Nullable PreparedStatement named(String name) {
    Naming naming = ofBatch(name);
    if (naming == null) {
      naming = planner.session().oldSide().inFlight().pending(name);
    }
    if (naming != null) {
      return naming.statement();
    }
    PreparedStatement statement = state.statement(name);
    if (statement != null && !statement.isOnOld()) {
      missing = statement;
    }
    return statement;
  }

  /** What the frames so far make of a name; null: nothing. */
  private @Nullable Naming ofBatch(String name) {
    for (int i = namingCount - 1; i >= 0 && namings != null; i--) {
      if (name.equals(namings[i].name())) {
        return namings[i];
      }
    }
    return null;
  }

  /** Frames that follow may use what only new has: the unnamed statement. */
  void needUnnamed() {
    PreparedStatement statement = state.statement("");
    if (statement != null && !statement.isOnOld()) {
      missing = statement;
    }
  }

  private void execute(int frame) {
    int portalStart = batch.frameStart(frame) + 5;
    int portalEnd = batch.stringEnd(frame, portalStart);
    boolean complete = portalEnd > 0 && batch.frameEnd(frame) - portalEnd == 5;
    boolean whole = complete && batch.bytes().getInt(portalEnd + 1) == 0;
    boolean other = !isPortal(portalStart, portalEnd);
    executesOther |= other;
    routable &= !other && (whole || state.transaction() == TransactionSide.NONE);
    tally = Tally.and(tally, planner.tallies().of(bound));
  }

  private void describe(int frame) {
    int kind = batch.frameStart(frame) + 5;
    int end = batch.stringEnd(frame, kind + 1);
    if (end < 0) {
      routable = false;
    } else if (batch.bytes().getByte(kind) == 'S') {
      PreparedStatement statement = named(batch.name(kind + 1, end));
      routable &= bound == null ? parseFrame >= 0 && statement != null : statement == bound;
    } else {
      routable &= isPortal(kind + 1, end);
    }
  }

  Forward forward(RouteReason reason, boolean always) {
    SessionEffect whole = effect;
    if (executes > 1 && effect instanceof SessionEffect.BeginReadOnly) {
      whole = new SessionEffect.BeginPinned();
    }
    boolean remember = namings != null && (remembered || always);
    boolean plain = !remember && missing == null && whole == null && tally == null;
    if (plain && reason == RouteReason.UNMAPPED) {
      return Planner.UNMAPPED;
    }
    Naming[] kept = remember && namings != null ? Arrays.copyOf(namings, namingCount) : null;
    if (executes == 0 && whole != null) {
      // Executed by frames that follow, if any.
      whole = always ? new SessionEffect.Pin() : null;
    }
    return new Forward(reason, "", kept, missing, whole, tally);
  }
}
