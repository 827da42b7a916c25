package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.command.Insight;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.session.ExchangePlan.Comparable;
import dev.crossfade.postgresql.session.ExchangePlan.Forward;
import dev.crossfade.postgresql.session.Naming.Closed;
import dev.crossfade.postgresql.session.Naming.Parsed;
import dev.crossfade.postgresql.session.StatementReader.Statement;
import dev.crossfade.postgresql.wire.FrontendType;
import dev.crossfade.sql.parse.StatementKind;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a statement batch: classify, route, translate, in this order, once. The
 * only caller of the three.
 *
 * <p>Whatever it does not know goes to the authority as it came.
 */
final class Planner {
  static final Forward UNMAPPED = Forward.plain(RouteReason.UNMAPPED, "");
  static final ExchangePlan WAIT = new ExchangePlan.Wait();

  private final ClientSession session;
  private final StatementReader reader;
  private final SessionRouter router;
  private final StatementTallies tallies;
  private final MovedPlanner moved;
  private Said said = Said.SOMETHING;

  /** Null where the sidecar is not to be asked anything. */
  private final @Nullable LocalCommands commands;

  Planner(ClientSession session) {
    this.session = session;
    this.reader = new StatementReader(session.context().routing());
    this.router = new SessionRouter(session);
    this.tallies = new StatementTallies(session, reader, router);
    this.moved = new MovedPlanner(this, session.moved());
    Insight insight = session.context().insight();
    this.commands = insight == null ? null : new LocalCommands(session, this, insight);
  }

  @Nullable LocalCommands commands() {
    return commands;
  }

  boolean isAnswering() {
    return commands != null && commands.isAnswering();
  }

  void close() {
    if (commands != null) {
      commands.close();
    }
  }

  ClientSession session() {
    return session;
  }

  StatementReader reader() {
    return reader;
  }

  SessionRouter router() {
    return router;
  }

  StatementTallies tallies() {
    return tallies;
  }

  /** What the batch that was planned last is to its transaction. */
  Said said() {
    return said;
  }

  void says(Said what) {
    said = what;
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
    return Tracing.traced(session.context().traces(), batch, planned(batch));
  }

  private ExchangePlan planned(Batch batch) {
    ExchangePlan local = commands == null ? null : commands.plan(batch);
    if (local != null) {
      return local;
    }
    said = Said.SOMETHING;
    router.beginBatch();
    ExchangePlan elsewhere = moved.plan(batch);
    if (elsewhere != null) {
      return elsewhere;
    }
    ExchangePlan plan = batch.isSimple() ? simple(batch) : new ExtendedBatch(this, batch).plan();
    // The rest of an opened transaction is decided as it was when the two were parted.
    if (plan != WAIT && !(plan instanceof ExchangePlan.Opening)) {
      router.nextBatch();
    }
    return plan;
  }

  /** The part of an extended batch that is there before a Flush, or before it became too large. */
  Forward planOpen(Batch batch, RouteReason reason) {
    ExtendedBatch extended = new ExtendedBatch(this, batch);
    extended.needUnnamed();
    extended.read();
    return extended.forward(reason, true);
  }

  /** A later frame of an open batch; the batch is empty when the frame is over the limit. */
  void frameOfOpen(Batch batch, byte type, Exchange exchange) {
    switch (type) {
      case FrontendType.PARSE ->
          exchange.naming(batch.count() == 0 ? new Parsed("", null) : parse(batch, 0));
      case FrontendType.BIND -> bindOfOpen(batch, exchange);
      case FrontendType.EXECUTE -> exchange.executed();
      case FrontendType.CLOSE ->
          exchange.naming(batch.count() == 0 ? new Closed(null) : Closed.of(batch, 0));
      default -> {
        // Nothing else concerns statements.
      }
    }
  }

  private void bindOfOpen(Batch batch, Exchange exchange) {
    int portalEnd = batch.count() == 0 ? -1 : batch.stringEnd(0, batch.frameStart(0) + 5);
    int nameEnd = portalEnd < 0 ? -1 : batch.stringEnd(0, portalEnd + 1);
    if (nameEnd < 0) {
      // Whichever it is.
      session.state().statements().forEach(statement -> bindOfOpen(statement, exchange));
      return;
    }
    String name = batch.name(portalEnd + 1, nameEnd);
    Naming pending = session.oldSide().inFlight().pending(name);
    PreparedStatement statement =
        pending == null ? session.state().statement(name) : pending.statement();
    bindOfOpen(statement, exchange);
    if (pending != null) {
      boundInstead(name, statement).forEach(other -> bindOfOpen(other, exchange));
    }
  }

  private void bindOfOpen(@Nullable PreparedStatement statement, Exchange exchange) {
    bound(statement);
    if (statement != null && statement.effect() != null) {
      exchange.bound(statement.effect());
    }
    exchange.tally(tallies.of(statement));
  }

  /**
   * A statement is bound, so it may be executed: if it may write, new may be stale from then on.
   *
   * @param statement null when it is not one that is remembered
   */
  void bound(@Nullable PreparedStatement statement) {
    Lenses lenses = router.lenses();
    if (lenses == null) {
      return;
    }
    if (statement == null) {
      if (session.state().forgotWriter()) {
        lenses.namesByMigration().keySet().forEach(router::wrote);
      }
    } else if (statement.isWriter()) {
      statement
          .migrations(
              lenses.generation(),
              () -> {
                reader.read(statement.sql());
                return reader.migrationsNamed();
              })
          .forEach(router::wrote);
    }
  }

  /**
   * What a bound name stands for if batches under way fail before they get to what they make of it.
   *
   * @param expected what it stands for if none fails
   */
  Set<PreparedStatement> boundInstead(String name, @Nullable PreparedStatement expected) {
    Set<PreparedStatement> others = new LinkedHashSet<>();
    PreparedStatement present = session.state().statement(name);
    if (present != null) {
      others.add(present);
    }
    session
        .oldSide()
        .inFlight()
        .forEachPending(
            naming -> {
              if (name.equals(naming.name()) && naming.statement() != null) {
                others.add(naming.statement());
              }
            });
    others.remove(expected);
    return others;
  }

  /** A Query frame inside an extended batch that has not ended, or one over the limit. */
  Forward planQuery(Batch batch, RouteReason reason) {
    if (batch.count() == 0) {
      return Forward.plain(reason, "");
    }
    int sqlStart = batch.frameStart(0) + 5;
    int sqlEnd = batch.stringEnd(0, sqlStart);
    if (sqlEnd < 0) {
      return Forward.plain(reason, "");
    }
    Statement statement = reader.read(batch.bytes(), sqlStart, sqlEnd);
    writes(statement);
    return new Forward(reason, "", null, null, statement.effect(), tallies.of(statement));
  }

  /** The text of a frame over the limit: what its words could mean at worst. */
  LargeText largeText() {
    return new LargeText(router.lenses(), router::wrote, session.state().settings());
  }

  /** What the statement at hand may write, at once or by one that it executes. */
  private void writes(Statement statement) {
    if (statement.isMapped() && reader.mayWrite()) {
      List<String> written = reader.migrationsWritten();
      written.forEach(router::wrote);
      if (reader.prepares()) {
        session.state().preparedInSql(written);
      }
    }
    if (reader.isBlock()) {
      // Its body is a string: whichever words it holds.
      byte[] text = reader.copyOfText();
      LargeText words = largeText();
      words.feed(Unpooled.wrappedBuffer(text), 0, text.length);
      words.end();
    }
    if (reader.executes()) {
      session.state().writersInSql().forEach(router::wrote);
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
    writes(statement);
    said = saidBy(statement);
    if (!statement.isMapped()) {
      return statement.effect() == null
          ? UNMAPPED
          : new Forward(RouteReason.UNMAPPED, "", null, null, statement.effect());
    }
    if (session.shaped() != null) {
      return new Forward(RouteReason.NEW_SHAPE, firstNamed(), null, null, statement.effect());
    }
    Lenses lenses = router.lenses();
    if (lenses == null || !statement.isPlainRead()) {
      return notRead(statement);
    }
    PlanState found = reader.find(lenses, new int[0]);
    if (!(found instanceof PlanState.Ready(ReadPlan plan))) {
      return unplanned(found, statement).counted(tallies.of(statement));
    }
    String entity = plan.pin() == null ? null : reader.entityKey(plan.pin());
    RouteDecision decision = router.decide(plan, entity);
    Forward forward =
        new Forward(
            decision.reason(),
            migration(plan),
            null,
            null,
            statement.effect(),
            tallies.of(statement),
            plan.onlyEntity(entity));
    if (decision.side() == Side.OLD) {
      return router.comparesReads() ? forward.comparable(Comparable.of(plan, null)) : forward;
    }
    if (!session.oldSide().isIdle()) {
      return WAIT;
    }
    return new ExchangePlan.Read(plan, reader.translate(plan), null, -1, forward);
  }

  private Said saidBy(Statement statement) {
    if (statement.count() == 1 && !MovedContents.isControl(statement.kind())) {
      boolean writes =
          reader.mayWrite()
              || reader.executes()
              || reader.isBlock()
              || statement.kind() == StatementKind.DDL;
      return writes ? Said.SOMETHING : Said.READING;
    }
    MovedContents contents = new MovedContents();
    contents.add(reader, null, name -> false);
    return new Said(contents.controls(), contents.hasOthers(), contents.othersWrite());
  }

  /** A statement that names a mapped table and is no plain read. */
  private Forward notRead(Statement statement) {
    RouteReason reason =
        statement.count() > 1 ? RouteReason.MULTIPLE_STATEMENTS : RouteReason.NOT_A_READ;
    return new Forward(reason, firstNamed(), null, null, statement.effect(), tallies.of(statement));
  }

  Forward unplanned(PlanState state, Statement statement) {
    return switch (state) {
      case PlanState.Pending ignored ->
          new Forward(RouteReason.PLAN_PENDING, firstNamed(), null, null, statement.effect());
      case PlanState.Refused refused ->
          ofAuthority(refused.reason(), refused.consequence(), statement);
      case PlanState.Movable movable ->
          ofAuthority(movable.reason(), movable.consequence(), statement);
      case PlanState.Ready _, PlanState.Written _ ->
          throw new IllegalStateException("a plan that is ready is no refusal");
    };
  }

  private Forward ofAuthority(
      RouteReason reason, PlanState.Consequence consequence, Statement statement) {
    if (consequence != PlanState.Consequence.NONE) {
      reader.migrationsNamed().forEach(router::wrote);
    }
    SessionEffect effect =
        consequence == PlanState.Consequence.MAY_SHADOW
            ? new SessionEffect.Pin()
            : statement.effect();
    return new Forward(reason, firstNamed(), null, null, effect);
  }

  private String firstNamed() {
    return reader.migrationsNamed().stream().findFirst().orElse("");
  }

  static String migration(ReadPlan plan) {
    return plan.migrations().iterator().next();
  }

  /** What a Parse frame prepares, as far as it matters later. */
  Parsed parse(Batch batch, int frame) {
    int nameStart = batch.frameStart(frame) + 5;
    int nameEnd = batch.stringEnd(frame, nameStart);
    int sqlEnd = nameEnd < 0 ? -1 : batch.stringEnd(frame, nameEnd + 1);
    if (sqlEnd < 0) {
      return new Parsed("", null);
    }
    Statement statement = reader.read(batch.bytes(), nameEnd + 1, sqlEnd);
    String name = batch.name(nameStart, nameEnd);
    boolean writer = reader.mayWrite() || reader.executes();
    boolean control = router.lenses() != null && MovedContents.isControl(statement.kind());
    // A named one may outlive the moment at which a migration of its tables becomes known.
    boolean lasts = !name.isEmpty() && statement.kind() != StatementKind.EMPTY;
    if (!statement.isMapped() && statement.effect() == null && !writer && !control && !lasts) {
      return new Parsed(name, null);
    }
    SessionEffect effect = statement.effect();
    writes(statement);
    return new Parsed(
        name,
        new PreparedStatement(
                name,
                reader.copyOfText(),
                batch.types(frame, sqlEnd + 1),
                statement.isPlainRead(),
                writer,
                effect)
            .asOf(router.generation())
            .control(control));
  }
}
