package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.session.ExchangePlan.Forward;
import dev.crossfade.postgresql.session.ExchangePlan.Parsed;
import dev.crossfade.postgresql.session.StatementReader.Statement;
import dev.crossfade.postgresql.wire.FrontendType;
import java.util.Arrays;
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
  private Parsed @Nullable [] parses;
  private int parseCount;
  private int binds;
  private int executes;
  private int closes;
  private int bindFrame = -1;
  private int parseFrame = -1;
  private boolean routable = true;
  private boolean remembered;
  private @Nullable PreparedStatement bound;
  private @Nullable PreparedStatement missing;
  private @Nullable SessionEffect effect;

  ExtendedBatch(Planner planner, Batch batch) {
    this.planner = planner;
    this.router = planner.router();
    this.reader = planner.reader();
    this.state = planner.session().state();
    this.batch = batch;
  }

  ExchangePlan plan() {
    read();
    if (executes == 2 && effect instanceof SessionEffect.BeginReadOnly) {
      ExchangePlan apart = opening();
      if (apart != null) {
        return apart;
      }
    }
    PreparedStatement statement = bound;
    if (statement == null || !statement.isMapped()) {
      return forward(
          parseCount > 0 && executes == 0 ? RouteReason.METADATA : RouteReason.UNMAPPED, false);
    }
    if (executes == 0) {
      return forward(RouteReason.METADATA, false);
    }
    if (binds != 1 || executes != 1 || parseCount > 1) {
      return forward(RouteReason.MULTIPLE_STATEMENTS, false);
    }
    if (!routable
        || parseFrame > bindFrame
        || closes > 0
        || parseFrame >= 0 && !statement.name().isEmpty()) {
      return forward(RouteReason.METADATA, false);
    }
    return read(statement);
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
      case ExchangePlan.Read ignored ->
          new ExchangePlan.Opening(begin, first.forward(RouteReason.UNMAPPED, false));
      default -> null;
    };
  }

  private int firstExecute() {
    for (int frame = 0; frame < batch.count(); frame++) {
      if (batch.type(frame) == FrontendType.EXECUTE) {
        return frame;
      }
    }
    return -1;
  }

  private ExchangePlan read(PreparedStatement statement) {
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
    if (BindParameter.mayMeanMoment(batch, bindFrame, plan.description().parameterTypes())) {
      return forward(RouteReason.NOT_TRANSLATABLE, false)
          .concerning(Planner.migration(plan), effect);
    }
    RouteDecision decision = router.decide(plan, entityKey(plan, statement));
    Forward forward = forward(decision.reason(), false).concerning(Planner.migration(plan), effect);
    if (decision.side() == Side.OLD) {
      return forward;
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
      return BindParameter.text(
          batch, bindFrame, plan.pin().parameter(), plan.description().parameterTypes());
    }
    reader.read(statement.sql());
    return reader.entityKey(plan.pin());
  }

  void read() {
    boolean interesting = state.hasStatements() || planner.session().oldSide().hasPending();
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
          closes++;
          if (interesting) {
            closed(planner.close(batch, frame));
          }
        }
        default -> {
          // Sync and FunctionCall name no statement.
        }
      }
    }
  }

  private void parsed(int frame) {
    Parsed parsed = planner.parse(batch, frame);
    if (parses == null) {
      parses = new Parsed[batch.count()];
    }
    parses[parseCount++] = parsed;
    parseFrame = frame;
    remembered |= parsed.statement() != null || state.statement(parsed.name()) != null;
  }

  /** What this batch prepares and closes is not remembered when its ParseComplete comes. */
  private void closed(@Nullable String name) {
    for (int i = 0; i < parseCount && parses != null; i++) {
      if (parses[i].name().equals(name)) {
        parses[i] = new Parsed(parses[i].name(), null);
      }
    }
  }

  private void bind(int frame) {
    int portalStart = batch.frameStart(frame) + 5;
    int portalEnd = batch.stringEnd(frame, portalStart);
    int nameEnd = portalEnd < 0 ? -1 : batch.stringEnd(frame, portalEnd + 1);
    if (nameEnd < 0) {
      routable = false;
      return;
    }
    routable &= portalEnd == portalStart && executes == 0;
    bindFrame = frame;
    PreparedStatement statement = named(batch.name(portalEnd + 1, nameEnd));
    planner.bound(statement);
    if (statement != null) {
      bound = statement;
      if (statement.effect() != null) {
        effect = effect == null ? statement.effect() : new SessionEffect.Pin();
      }
    }
  }

  /** What a name means at this point of the batch. */
  private @Nullable PreparedStatement named(String name) {
    for (int i = parseCount - 1; i >= 0 && parses != null; i--) {
      if (parses[i].name().equals(name)) {
        return parses[i].statement();
      }
    }
    Parsed pending = planner.session().oldSide().pending(name);
    if (pending != null) {
      return pending.statement();
    }
    PreparedStatement statement = state.statement(name);
    if (statement != null && !statement.isOnOld()) {
      missing = statement;
    }
    return statement;
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
    routable &= portalEnd == portalStart && (whole || state.transaction() == TransactionSide.NONE);
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
      routable &= end == kind + 1;
    }
  }

  Forward forward(RouteReason reason, boolean always) {
    SessionEffect whole = effect;
    if (executes > 1 && effect instanceof SessionEffect.BeginReadOnly) {
      whole = new SessionEffect.BeginPinned();
    }
    boolean remember = parses != null && (remembered || always);
    if (!remember && missing == null && whole == null && reason == RouteReason.UNMAPPED) {
      return Planner.UNMAPPED;
    }
    Parsed[] kept = remember && parses != null ? Arrays.copyOf(parses, parseCount) : null;
    if (executes == 0 && whole != null) {
      // Executed by frames that follow, if any.
      whole = always ? new SessionEffect.Pin() : null;
    }
    return new Forward(reason, "", kept, missing, whole);
  }
}
