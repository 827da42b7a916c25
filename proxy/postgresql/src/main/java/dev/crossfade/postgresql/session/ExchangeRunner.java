package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Executes exchange plans: to old with accounting, to new with old as the fallback. Replies reach
 * the client in the order of its requests because a batch goes to new only while old owes nothing,
 * and nothing follows it until it is answered.
 */
final class ExchangeRunner {
  private final ClientSession session;
  private final NewSide newSide;
  private final Planner planner;
  private final OldErrands errands;

  /** The read on new, and what is needed to ask old instead. */
  private ExchangePlan.@Nullable Read reading;

  private @Nullable ByteBuf original;
  private boolean originalExtended;
  private int parseStart;
  private int parseEnd;
  private long readStart;
  private boolean cancelled;

  ExchangeRunner(ClientSession session, NewSide newSide) {
    this.session = session;
    this.newSide = newSide;
    this.planner = new Planner(session);
    this.errands = new OldErrands(session);
  }

  OldErrands errands() {
    return errands;
  }

  /** Null where the sidecar is not to be asked anything. */
  @Nullable LocalCommands commands() {
    return planner.commands();
  }

  /** Whether what comes next has to wait for the end of what is under way. */
  boolean isBusy() {
    return reading != null
        || session.oldSide().isOpening()
        || planner.isAnswering()
        || session.moved().isBusy();
  }

  /** Whether old is to answer some batch before it is sent another. */
  boolean isFull() {
    return session.oldSide().capture().isWaiting()
        || session.oldSide().inFlight().size() >= session.context().limits().pipelined();
  }

  /** Whether old may wait for this batch to end the one before: it is the Sync after copy data. */
  boolean mayEndCopy(Batch batch) {
    Exchange last = session.oldSide().inFlight().last();
    return batch.isOnlySync()
        && last != null
        && (last.hasCopyEnded() || session.oldSide().isCopyIn());
  }

  LargeText largeText() {
    return planner.largeText();
  }

  /** Whether a batch waits for new. */
  boolean isReading() {
    return reading != null || session.moved().isRunning();
  }

  /** When it began, as of {@link System#nanoTime}. */
  long readStart() {
    return readStart;
  }

  /** Whether the client wants it to end. */
  boolean isCancelled() {
    return cancelled;
  }

  /** In no transaction, with nothing in flight. */
  boolean isQuiet() {
    return !isBusy()
        && session.oldSide().isLoggedIn()
        && session.oldSide().isIdle()
        && session.state().transaction() == TransactionSide.NONE;
  }

  void loggedIn() {
    if (planner.router().mayReadNew()) {
      newSide.connect();
    }
  }

  /** Old has answered a batch: when its transaction is over, new's is too. */
  void oldTurned() {
    TransactionSide transaction = session.state().transaction();
    if (transaction == TransactionSide.NONE
        || transaction == TransactionSide.READ_ONLY_OLD
        || transaction == TransactionSide.AUTHORITY) {
      newSide.endTransaction();
    }
    if (transaction == TransactionSide.NONE && !session.moved().isRunning()) {
      session.moved().endTransaction();
    }
  }

  ExchangePlan plan(Batch batch) {
    return planner.plan(batch);
  }

  /**
   * A Sync that the server answers for an earlier batch, because copy-in mode ate that one's own.
   */
  boolean endsCopy(Batch batch) {
    if (batch.type(batch.count() - 1) != FrontendType.SYNC) {
      return false;
    }
    if (session.oldSide().isCopyIn()) {
      return true;
    }
    Exchange last = session.oldSide().inFlight().last();
    return last != null && last.takesSync();
  }

  /** Accounts a batch to old; the caller passes its bytes on. */
  void forward(Batch batch, ExchangePlan.Forward plan) {
    Exchange exchange = account(!batch.isSimple(), plan, System.nanoTime());
    exchange.says(planner.said());
    ReadSampling.onOld(session, plan, batch);
    if (planner.router().hasWritten()) {
      exchange.fenced();
      // DO and CALL may have committed some of their work before the fence refuses the rest.
      if (session.oldSide().watchesNone() && !(plan.effect() instanceof SessionEffect.Pin)) {
        session.oldSide().watch(exchange, batch.retained());
      }
    }
    if (batch.isOnlySync()) {
      exchange.onlySync();
    }
  }

  /** The first frames of a batch have been passed on; they are one by themselves. */
  void opening(ExchangePlan.Opening plan) {
    Exchange exchange = account(true, plan.forward(), System.nanoTime());
    exchange.opening();
    exchange.says(planner.said());
    ByteBuf sync = session.old().alloc().buffer(8);
    Frames.sync(sync);
    session.toOld(sync);
  }

  Exchange account(boolean extended, ExchangePlan.Forward plan, long startNanos) {
    session.oldSide().sends();
    session.context().meters().routed(plan.migration(), Side.OLD, plan.reason());
    if (plan.isUnmapped()) {
      session.context().meters().inventory().unmapped();
    }
    PreparedStatement missing = plan.missing();
    if (missing != null) {
      errands.prepare(missing);
    }
    session.state().freshness().goesToOld(plan.reason(), plan.entity());
    Exchange exchange = new Exchange(startNanos, extended, plan);
    session.oldSide().inFlight().sent(exchange);
    return exchange;
  }

  /**
   * An extended batch whose end is not here, or one over the limit.
   *
   * @param nextType of the frame behind the ones in the batch
   * @return whether frames up to Sync belong to it
   */
  boolean open(Batch batch, byte nextType) {
    boolean simple =
        batch.count() == 0
            && (nextType == FrontendType.QUERY || nextType == FrontendType.FUNCTION_CALL);
    RouteReason reason =
        nextType == FrontendType.FLUSH ? RouteReason.METADATA : RouteReason.BATCH_TOO_LARGE;
    ExchangePlan.Forward plan =
        simple ? planner.planQuery(batch, reason) : planner.planOpen(batch, reason);
    account(!simple, plan, System.nanoTime());
    return !simple;
  }

  /** A frame of an open batch, about to be passed on. */
  void frameOfOpen(Batch batch, byte type) {
    Exchange exchange = session.oldSide().inFlight().last();
    if (type == FrontendType.QUERY || type == FrontendType.FUNCTION_CALL) {
      account(false, planner.planQuery(batch, RouteReason.METADATA), System.nanoTime());
    } else if (exchange != null) {
      planner.frameOfOpen(batch, type, exchange);
    }
  }

  /** A frame outside every batch, about to be passed on to old. */
  void loneFrame(byte type) {
    if (type == FrontendType.COPY_DONE || type == FrontendType.COPY_FAIL) {
      session.oldSide().copyInEnded();
    } else if (type == FrontendType.TERMINATE) {
      newSide.goodbye();
    }
  }

  /** Sends a batch to new. Until it is answered {@link #isBusy}. */
  void read(Batch batch, ExchangePlan.Read plan) {
    reading = plan;
    cancelled = false;
    readStart = System.nanoTime();
    original = batch.retained();
    originalExtended = !batch.isSimple();
    parseStart = plan.parseFrame() < 0 ? -1 : batch.frameStart(plan.parseFrame()) - batch.start();
    parseEnd = plan.parseFrame() < 0 ? -1 : batch.frameEnd(plan.parseFrame()) - batch.start();
    if (newSide.isReady()) {
      send(plan, original);
    } else if (!newSide.connect()) {
      newFailed(RouteReason.NEW_UNAVAILABLE, SessionMeters.FallbackCause.CONNECTION);
    }
  }

  /** New is ready for a batch that has waited for the connection. */
  void newReady() {
    if (reading != null && original != null) {
      send(reading, original);
      session.flush();
    }
  }

  private void send(ExchangePlan.Read plan, ByteBuf batch) {
    newSide.send(plan, batch, parseStart, parseEnd);
    session.state().readOnNew();
  }

  private static String first(ExchangePlan.Read plan) {
    return plan.plan().migrations().iterator().next();
  }

  /** New has answered the whole batch and the client has it. */
  void newAnswered() {
    ExchangePlan.Read plan = reading;
    if (plan == null) {
      return;
    }
    long now = System.nanoTime();
    plan.fallback().answered(Side.NEW, now - readStart, now);
    session.context().meters().routed(first(plan), Side.NEW, RouteReason.IN_SHARE);
    session.proxyTime().answered();
    session.context().meters().answered(first(plan), Side.NEW, true, now - readStart);
    session.context().circuit().succeeded();
    plan.plan().succeededOnNew();
    planner.readOnNew(plan);
    endRead();
    session.resume();
  }

  /**
   * New did not answer and the client has seen nothing of it: old is asked, as if new had never
   * been.
   */
  void newFailed(RouteReason reason, SessionMeters.FallbackCause cause) {
    ExchangePlan.Read plan = reading;
    ByteBuf batch = original;
    if (plan == null || batch == null || session.isClosed()) {
      return;
    }
    forgetOnNew(plan);
    if (cancelled) {
      answer(new Fault(Fault.Kind.CANCELLED, "canceling statement due to user request"));
      return;
    }
    session.context().meters().fellBack(cause);
    newSide.countFailure(plan, cause, false);
    switch (cause) {
      case SQL_ERROR, UNEXPECTED_REPLY -> plan.plan().failedOnNew();
      case CONNECTION, TIMEOUT -> session.context().circuit().failed();
      case SESSION -> {} // Nobody else's concern.
    }
    account(originalExtended, plan.fallback().because(reason, first(plan)), readStart);
    session.toOld(batch.retain());
    endRead();
    session.resume();
  }

  /**
   * New failed after the client had seen rows: the only honest answer is an error.
   *
   * @param betweenFrames false when the client has part of a frame, so that no error can follow it
   */
  void newFailedMidway(boolean betweenFrames) {
    session.context().circuit().failed();
    newSide.countFailure(reading, SessionMeters.FallbackCause.CONNECTION, true);
    if (!betweenFrames) {
      endRead();
      session.closeNow();
      return;
    }
    answer(
        new Fault(
            Fault.Kind.NEW_FAILED_MIDWAY,
            "the connection to the server was lost while it sent rows"));
  }

  /** What was asked ends with this error, and the client is told so. */
  void answer(Fault fault) {
    ByteBuf error = session.client().alloc().buffer();
    Faults.write(error, fault);
    boolean inTransaction = session.state().transaction() != TransactionSide.NONE;
    if (!inTransaction) {
      Frames.readyForQuery(error, (byte) 'I');
    }
    session.toClient(error);
    ended(inTransaction);
  }

  /**
   * New has answered with an error, which the client has; of a transaction its ReadyForQuery is
   * still to come.
   */
  void newErrored() {
    ExchangePlan.Read plan = reading;
    if (plan != null) {
      newSide.countFailure(plan, SessionMeters.FallbackCause.SQL_ERROR, true);
      session.context().meters().routed(first(plan), Side.NEW, RouteReason.IN_SHARE);
      forgetOnNew(plan);
      ended(session.state().transaction() != TransactionSide.NONE);
    }
  }

  private void ended(boolean inTransaction) {
    endRead();
    if (inTransaction) {
      errands.failTransaction();
    }
    session.resume();
  }

  private static void forgetOnNew(ExchangePlan.Read plan) {
    if (plan.statement() != null) {
      plan.statement().onNew(0);
    }
  }

  /** Ends a read of which the client has seen nothing; false when there is none. */
  boolean abandonUnseen() {
    if (reading == null || newSide.hasPassedRows()) {
      return false;
    }
    newSide.close();
    endRead();
    return true;
  }

  private void endRead() {
    reading = null;
    if (original != null) {
      original.release();
      original = null;
    }
    session.readEnded();
  }

  /** Whether what runs now runs on new, where it is then cancelled. */
  boolean cancelOnNew(Runnable done) {
    if (reading == null) {
      return session.moved().cancel(done);
    }
    cancelled = true;
    if (!newSide.isReady()) {
      answer(new Fault(Fault.Kind.CANCELLED, "canceling statement due to user request"));
      done.run();
    } else if (!newSide.cancel(done)) {
      done.run();
    }
    return true;
  }

  void flushNew() {
    newSide.flush();
  }

  void updateNewReading(boolean clientTakes) {
    newSide.updateReading(clientTakes);
  }

  void close() {
    newSide.close();
    planner.close();
    endRead();
  }
}
