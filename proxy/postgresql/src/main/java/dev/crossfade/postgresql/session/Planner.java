package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.ReadRequest;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.Router;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.session.ExchangePlan.Forward;
import dev.crossfade.postgresql.session.ExchangePlan.Parsed;
import dev.crossfade.postgresql.session.StatementReader.Statement;
import dev.crossfade.postgresql.wire.FrontendType;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a statement batch: classify, route, translate, in this order, once. The
 * only caller of the three.
 *
 * <p>Whatever it does not know goes to the authority as it came.
 */
final class Planner {
  private static final Forward UNMAPPED = Forward.plain(RouteReason.UNMAPPED, "");
  private static final ExchangePlan WAIT = new ExchangePlan.Wait();

  private final ClientSession session;
  private final StatementReader reader;
  private final String sessionKey;
  private final String user;
  private final boolean inScope;

  /**
   * The random bits of the batch at hand: a batch that waits keeps them, or the share would be
   * wrong.
   */
  private int random = ThreadLocalRandom.current().nextInt();

  Planner(ClientSession session) {
    this.session = session;
    this.reader = new StatementReader(session.context().routing());
    this.sessionKey = Long.toHexString(ThreadLocalRandom.current().nextLong()) + session.id();
    this.user = session.startup().user();
    this.inScope =
        session.startup().database().equals(session.context().servers().oldDatabase())
            && !session.startup().parameters().containsKey("search_path")
            && !session.startup().parameters().getOrDefault("options", "").contains("search_path");
  }

  /** Whether any read of this session could go to new now. */
  boolean mayReadNew() {
    return inScope
        && session.context().routing().lenses() != null
        && session.context().routing().flags().migrations().values().stream()
            .anyMatch(flags -> flags.effectiveReads().buckets() > 0);
  }

  /** A read went to new and its client has the answer. */
  void readOnNew(ExchangePlan.Read plan) {
    PreparedStatement statement = plan.statement();
    if (statement == null) {
      session.state().closed("");
    } else if (plan.parseFrame() >= 0) {
      session.state().prepared("", statement);
    }
  }

  ExchangePlan plan(Batch batch) {
    ExchangePlan plan = batch.isSimple() ? simple(batch) : new ExtendedBatch(batch).plan();
    if (plan != WAIT) {
      random = ThreadLocalRandom.current().nextInt();
    }
    return plan;
  }

  /** The part of an extended batch that is there before a Flush, or before it became too large. */
  Forward planOpen(Batch batch, RouteReason reason) {
    ExtendedBatch extended = new ExtendedBatch(batch);
    extended.read();
    return extended.forward(reason, true);
  }

  /** A later frame of an open batch. */
  void frameOfOpen(Batch batch, byte type, Exchange exchange) {
    if (type == FrontendType.PARSE) {
      exchange.parsing(batch.count() == 0 ? new Parsed("", null) : parse(batch, 0));
    } else if (type == FrontendType.CLOSE && batch.count() > 0) {
      close(batch, 0);
    }
  }

  private ExchangePlan simple(Batch batch) {
    int sqlStart = batch.frameStart(0) + 5;
    int sqlEnd = batch.stringEnd(0, sqlStart);
    if (sqlEnd < 0) {
      // No text: the server says so.
      return UNMAPPED;
    }
    Statement statement = reader.read(batch.bytes(), sqlStart, sqlEnd);
    if (session.state().hasStatements()) {
      // A simple Query ends the unnamed statement.
      session.state().closed("");
    }
    if (!statement.isMapped()) {
      return statement.effect() == null
          ? UNMAPPED
          : new Forward(RouteReason.UNMAPPED, "", null, null, statement.effect());
    }
    Lenses lenses = session.context().routing().lenses();
    if (lenses == null || !statement.isPlainRead()) {
      return notRead(statement);
    }
    PlanState found = reader.find(lenses, new int[0]);
    if (!(found instanceof PlanState.Ready(ReadPlan plan))) {
      return unplanned(found, statement);
    }
    RouteDecision decision = decide(plan, plan.pin() == null ? null : reader.entityKey(plan.pin()));
    Forward forward =
        new Forward(decision.reason(), migration(plan), null, null, statement.effect());
    if (decision.side() == Side.OLD) {
      return forward;
    }
    if (!session.oldSide().isIdle()) {
      return WAIT;
    }
    return new ExchangePlan.Read(plan, reader.translate(plan), null, -1, forward);
  }

  /** A statement that names a mapped table and is no plain read. */
  private Forward notRead(Statement statement) {
    if (reader.mayWrite()) {
      reader.migrationsNamed().forEach(session.context().routing()::wrote);
    }
    RouteReason reason =
        statement.count() > 1 ? RouteReason.MULTIPLE_STATEMENTS : RouteReason.NOT_A_READ;
    return new Forward(reason, firstNamed(), null, null, statement.effect());
  }

  private Forward unplanned(PlanState state, Statement statement) {
    return switch (state) {
      case PlanState.Pending ignored ->
          new Forward(RouteReason.PLAN_PENDING, firstNamed(), null, null, statement.effect());
      case PlanState.Refused refused -> {
        if (refused.consequence() != PlanState.Consequence.NONE) {
          reader.migrationsNamed().forEach(session.context().routing()::wrote);
        }
        SessionEffect effect =
            refused.consequence() == PlanState.Consequence.MAY_SHADOW
                ? new SessionEffect.Pin()
                : statement.effect();
        yield new Forward(refused.reason(), firstNamed(), null, null, effect);
      }
      case PlanState.Ready ignored ->
          throw new IllegalStateException("a plan that is ready is no refusal");
    };
  }

  private String firstNamed() {
    return reader.migrationsNamed().stream().findFirst().orElse("");
  }

  private static String migration(ReadPlan plan) {
    return plan.migrations().iterator().next();
  }

  /** Routes a read; the conditions of this session first, then the flags. */
  private RouteDecision decide(ReadPlan plan, @Nullable String entity) {
    if (!inScope) {
      return old(RouteReason.SESSION_SCOPE);
    }
    if (session.state().settings().isPinned()) {
      return old(RouteReason.SESSION_STATE);
    }
    if (plan.isGivenUp()) {
      return old(RouteReason.NOT_TRANSLATABLE);
    }
    ProxyContext context = session.context();
    TransactionSide transaction =
        session.oldSide().isIdle() ? session.state().transaction() : TransactionSide.NONE;
    RouteDecision decision =
        Router.decide(
            new ReadRequest(
                context.routing().flags(),
                plan.migrations(),
                transaction,
                new ReadRequest.Caller(sessionKey, user, entity, random),
                new ReadRequest.Conditions(
                    context.circuit().isOpen(), context.routing().unmirrored())));
    return decision.side() == Side.OLD ? decision : permitted(plan, decision);
  }

  private RouteDecision permitted(ReadPlan plan, RouteDecision decision) {
    for (String migration : plan.migrations()) {
      switch (session.context().permission().mayRead(user, migration)) {
        case ALLOWED -> {}
        case DENIED -> {
          return old(RouteReason.PRIVILEGES);
        }
        case UNKNOWN -> {
          return old(RouteReason.PLAN_PENDING);
        }
      }
    }
    return decision;
  }

  private static RouteDecision old(RouteReason reason) {
    return new RouteDecision(Side.OLD, reason);
  }

  /** What a Parse frame prepares, as far as it matters later. */
  private Parsed parse(Batch batch, int frame) {
    int nameStart = batch.frameStart(frame) + 5;
    int nameEnd = batch.stringEnd(frame, nameStart);
    int sqlEnd = nameEnd < 0 ? -1 : batch.stringEnd(frame, nameEnd + 1);
    if (sqlEnd < 0) {
      return new Parsed("", null);
    }
    Statement statement = reader.read(batch.bytes(), nameEnd + 1, sqlEnd);
    String name = batch.string(nameStart, nameEnd);
    if (!statement.isMapped() && statement.effect() == null) {
      return new Parsed(name, null);
    }
    SessionEffect effect = statement.effect();
    if (statement.isMapped() && reader.mayWrite()) {
      reader.migrationsNamed().forEach(session.context().routing()::wrote);
    }
    return new Parsed(
        name,
        new PreparedStatement(
            name,
            reader.copyOfText(),
            types(batch, frame, sqlEnd + 1),
            statement.isPlainRead(),
            effect));
  }

  private static int[] types(Batch batch, int frame, int at) {
    if (batch.frameEnd(frame) - at < 2) {
      return new int[0];
    }
    int count = batch.bytes().getUnsignedShort(at);
    if (batch.frameEnd(frame) - at - 2 < 4 * count) {
      return new int[0];
    }
    int[] types = new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = batch.bytes().getInt(at + 2 + 4 * i);
    }
    return types;
  }

  private void close(Batch batch, int frame) {
    int kind = batch.frameStart(frame) + 5;
    int end = batch.stringEnd(frame, kind + 1);
    if (end > 0 && batch.bytes().getByte(kind) == 'S') {
      session.state().closed(batch.string(kind + 1, end));
    }
  }

  /** An extended batch on its way through the planner. */
  private final class ExtendedBatch {
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

    ExtendedBatch(Batch batch) {
      this.batch = batch;
    }

    ExchangePlan plan() {
      read();
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
      if (!routable || closes > 0 || parseFrame >= 0 && !statement.name().isEmpty()) {
        return forward(RouteReason.METADATA, false);
      }
      return read(statement);
    }

    private ExchangePlan read(PreparedStatement statement) {
      Lenses lenses = session.context().routing().lenses();
      if (lenses == null) {
        return forward(RouteReason.STAGE, false);
      }
      ReadPlan plan = statement.plan(lenses.generation());
      if (plan == null) {
        Statement text = reader.read(statement.sql());
        PlanState found = reader.find(lenses, statement.parameterTypes());
        if (!(found instanceof PlanState.Ready(ReadPlan ready))) {
          Forward refusal = unplanned(found, text);
          return forward(refusal.reason(), false).concerning(refusal.migration(), refusal.effect());
        }
        plan = ready;
        statement.plan(lenses.generation(), ready, reader.translate(ready));
      }
      RouteDecision decision = decide(plan, entityKey(plan, statement));
      Forward forward = forward(decision.reason(), false).concerning(migration(plan), effect);
      if (decision.side() == Side.OLD) {
        return forward;
      }
      if (!session.oldSide().isIdle()) {
        return WAIT;
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
      boolean interesting = session.state().hasStatements();
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
              Planner.this.close(batch, frame);
            }
          }
          default -> {
            // Sync and FunctionCall name no statement.
          }
        }
      }
    }

    private void parsed(int frame) {
      Parsed parsed = parse(batch, frame);
      if (parses == null) {
        parses = new Parsed[batch.count()];
      }
      parses[parseCount++] = parsed;
      parseFrame = frame;
      remembered |= parsed.statement() != null || session.state().statement(parsed.name()) != null;
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
      PreparedStatement statement = named(batch.string(portalEnd + 1, nameEnd));
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
      PreparedStatement statement = session.state().statement(name);
      if (statement != null && !statement.isOnOld()) {
        missing = statement;
      }
      return statement;
    }

    private void execute(int frame) {
      int portalStart = batch.frameStart(frame) + 5;
      int portalEnd = batch.stringEnd(frame, portalStart);
      boolean complete = portalEnd > 0 && batch.frameEnd(frame) - portalEnd == 5;
      boolean whole = complete && batch.bytes().getInt(portalEnd + 1) == 0;
      routable &=
          portalEnd == portalStart
              && (whole || session.state().transaction() == TransactionSide.NONE);
    }

    private void describe(int frame) {
      int kind = batch.frameStart(frame) + 5;
      int end = batch.stringEnd(frame, kind + 1);
      if (end < 0) {
        routable = false;
      } else if (batch.bytes().getByte(kind) == 'S') {
        PreparedStatement statement = named(batch.string(kind + 1, end));
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
        return UNMAPPED;
      }
      Parsed[] kept = remember && parses != null ? Arrays.copyOf(parses, parseCount) : null;
      return new Forward(reason, "", kept, missing, executes == 0 ? null : whole);
    }
  }
}
