package dev.crossfade.postgresql.session;

import static java.util.Objects.requireNonNull;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.command.Command;
import dev.crossfade.postgresql.command.CommandReader;
import dev.crossfade.postgresql.command.Insight;
import dev.crossfade.postgresql.session.ExchangePlan.Forward;
import dev.crossfade.postgresql.session.ExchangePlan.Local;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one session that the sidecar answers itself. They are answered only while old
 * owes nothing, and nothing follows them until they are, so that replies keep their order.
 *
 * <pre>
 * commands alone        -> answer, ReadyForQuery with old's last status
 * .. in a failed transaction -> old refuses a statement in their place
 * old's frames first    -> those, Close of no statement, Flush -> old
 *                          CloseComplete <- old;  answer;  Sync -> old;  ReadyForQuery <- old
 * one that is mistaken  -> error; in a transaction old fails a statement, too
 * commands, then Flush  -> answer; what follows up to Sync is a batch of its own
 * </pre>
 */
final class LocalCommands {
  private static final long POLL_MILLIS = 3;

  /** No statement of a client has this name, and none ever comes to be by it. */
  private static final byte[] NOBODY =
      "crossfade: a place in the stream".getBytes(StandardCharsets.US_ASCII);

  /** Refused by old in a transaction that has failed, as any other would be. */
  private static final byte[] ANY = "SHOW crossfade.command".getBytes(StandardCharsets.US_ASCII);

  /** Refused always. */
  private static final byte[] FAILING =
      "a Crossfade command of this transaction has failed".getBytes(StandardCharsets.US_ASCII);

  private final ClientSession session;
  private final Planner planner;
  private final Insight insight;
  private final LocalStatements known;

  /** Null while nothing is being answered. */
  private @Nullable LocalAnswer answering;

  /** Old's part of the batch at hand; null when it has none. */
  private @Nullable Exchange shared;

  private boolean awaitsOld;

  /** An answer without a ReadyForQuery is all that the batch at hand has so far. */
  private boolean open;

  /** After a mistake, whatever comes before Sync is not answered. */
  private boolean skipping;

  private boolean polling;
  private boolean starting;

  LocalCommands(ClientSession session, Planner planner, Insight insight) {
    this.session = session;
    this.planner = planner;
    this.insight = insight;
    this.known = new LocalStatements(session.state(), session.context().statementBudget());
  }

  /** Whether a batch is being answered, and what follows has to wait. */
  boolean isAnswering() {
    return answering != null;
  }

  /** What the client has prepared of them. */
  LocalStatements known() {
    return known;
  }

  Insight insight() {
    return insight;
  }

  /** Null when the batch is none of the sidecar's. */
  @Nullable ExchangePlan plan(Batch batch) {
    if (skipping) {
      return new Local(batch.count(), batch.type(batch.count() - 1) != FrontendType.SYNC);
    }
    int prefix = batch.isSimple() ? ofQuery(batch) : ofExtended(batch);
    if (prefix < 0) {
      return null;
    }
    return session.oldSide().isIdle() ? new Local(prefix, false) : Planner.WAIT;
  }

  /**
   * Frames whose batch has not ended. Null when they are not all the sidecar's, or in a transaction
   * that has failed: then they are old's as they came.
   */
  @Nullable ExchangePlan planOpen(Batch batch, byte nextType) {
    if (skipping) {
      if (batch.count() == 0) {
        throw new ProtocolViolation("a message over the limit follows a mistake");
      }
      return new Local(batch.count(), true);
    }
    if (nextType != FrontendType.FLUSH || batch.count() == 0 || ofExtended(batch) != 0) {
      return null;
    }
    if (!session.oldSide().isIdle()) {
      return Planner.WAIT;
    }
    return session.state().status() == 'E' ? null : new Local(0, true);
  }

  private int ofQuery(Batch batch) {
    known.closed(true, "");
    int start = batch.frameStart(0) + 5;
    return isCommand(batch, 0, start) ? 0 : -1;
  }

  private int ofExtended(Batch batch) {
    if (known.isEmpty() && !mayPrepare(batch)) {
      return -1;
    }
    if (session.oldSide().isIdle() && session.state().status() == 'I') {
      known.transactionEnded();
    }
    LocalNames names = known.names();
    int first = names.first(batch, frame -> isParseOfCommand(batch, frame));
    if (first >= 0 && first < batch.count()) {
      return first;
    }
    // Old's altogether: what it gives other meanings to is the sidecar's no longer.
    known.retain(names);
    return -1;
  }

  private static boolean mayPrepare(Batch batch) {
    for (int frame = 0; frame < batch.count(); frame++) {
      if (batch.type(frame) == FrontendType.PARSE) {
        int nameEnd = batch.stringEnd(frame, batch.frameStart(frame) + 5);
        if (nameEnd >= 0
            && CommandReader.mayBe(batch.bytes(), nameEnd + 1, batch.frameEnd(frame))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isParseOfCommand(Batch batch, int frame) {
    int textStart = batch.stringEnd(frame, batch.frameStart(frame) + 5) + 1;
    return textStart > 0 && isCommand(batch, frame, textStart);
  }

  private boolean isCommand(Batch batch, int frame, int start) {
    if (!CommandReader.mayBe(batch.bytes(), start, batch.frameEnd(frame))) {
      return false;
    }
    int end = batch.stringEnd(frame, start);
    if (end < 0) {
      return false;
    }
    planner.reader().read(batch.bytes(), start, end);
    return CommandReader.read(planner.reader().tokens()) != null;
  }

  /** Reads a text that is known to be a command. */
  LocalStatement read(Batch batch, int start, int end, int[] types) {
    planner.reader().read(batch.bytes(), start, end);
    Command command = requireNonNull(CommandReader.read(planner.reader().tokens()));
    return LocalStatement.of(
        planner.reader().copyOfText(), planner.reader().tokens(), command, types);
  }

  /** Answers a batch, or begins to. */
  void run(Batch batch, Local plan) {
    if (skipping && plan.open()) {
      return;
    }
    Batch own = copy(batch);
    TransactionSide transaction = session.state().transaction();
    open = plan.open();
    boolean ofOld = !skipping && plan.prefix() > 0;
    if (ofOld) {
      Forward forward = forwardPrefix(own, plan.prefix());
      boolean readOnly = forward.effect() instanceof SessionEffect.BeginReadOnly;
      transaction = readOnly ? TransactionSide.READ_ONLY_UNDECIDED : TransactionSide.AUTHORITY;
    } else if (!skipping && session.state().status() == 'E' && !onlyCloses(own)) {
      refuseOnOld(own.isSimple());
      return;
    }
    answering = new LocalAnswer(this, planner, own, plan.prefix(), transaction);
    if (!ofOld) {
      starting = true;
      proceed();
      starting = false;
    }
  }

  /** The batch itself is gone with the input before all is answered. */
  private static Batch copy(Batch batch) {
    Batch copy = new Batch();
    int start = batch.start();
    copy.begin(Unpooled.copiedBuffer(batch.bytes().slice(start, batch.end() - start)), 0);
    for (int frame = 0; frame < batch.count(); frame++) {
      copy.add(batch.type(frame), batch.frameEnd(frame) - start);
    }
    return copy;
  }

  private static boolean onlyCloses(Batch batch) {
    for (int frame = 0; frame < batch.count(); frame++) {
      if (batch.type(frame) != FrontendType.CLOSE && batch.type(frame) != FrontendType.SYNC) {
        return false;
      }
    }
    return true;
  }

  /** Old's own words for a transaction that has failed. */
  private void refuseOnOld(boolean simple) {
    ByteBuf out = session.old().alloc().buffer();
    if (simple) {
      Frames.query(out, ANY);
    } else {
      Frames.parse(out, NOBODY, ANY, new int[0]);
      Frames.sync(out);
    }
    session.oldSide().inFlight().sent(new Exchange(System.nanoTime(), !simple, Planner.UNMAPPED));
    session.toOld(out);
  }

  /** Old answers its frames first, then that it closed nothing: so far its replies have come. */
  private Forward forwardPrefix(Batch batch, int frames) {
    Batch prefix = batch.frames(0, frames);
    int closes = 0;
    for (int frame = 0; frame < frames; frame++) {
      closes += batch.type(frame) == FrontendType.CLOSE ? 1 : 0;
    }
    Forward forward = planner.planOpen(prefix, RouteReason.METADATA);
    Exchange exchange = session.runner().account(true, forward, System.nanoTime());
    exchange.pausesAfter(closes + 1);
    shared = exchange;
    awaitsOld = true;
    ByteBuf out = session.old().alloc().buffer();
    out.writeBytes(batch.bytes(), 0, prefix.end());
    Frames.closeStatement(out, NOBODY);
    Frames.flush(out);
    session.toOld(out);
    return forward;
  }

  /** Old has answered its part of the batch, or has failed in it. */
  void oldPaused() {
    LocalAnswer answer = answering;
    Exchange exchange = shared;
    if (answer == null || exchange == null || !awaitsOld) {
      return;
    }
    awaitsOld = false;
    if (exchange.failed()) {
      answer.out().release();
      endOnOld(false);
    } else {
      proceed();
    }
    session.flush();
  }

  /** Looks again before long at what an answer waits for. */
  void proceedSoon() {
    if (!polling) {
      polling = true;
      var ignored =
          session
              .client()
              .eventLoop()
              .schedule(
                  () -> {
                    polling = false;
                    proceed();
                    session.flush();
                  },
                  POLL_MILLIS,
                  TimeUnit.MILLISECONDS);
    }
  }

  /** Goes on with the answer at hand. */
  void proceed() {
    LocalAnswer answer = answering;
    if (answer == null || awaitsOld || !answer.proceed()) {
      return;
    }
    if (open) {
      skipping = answer.hasFailed();
      session.toClient(answer.out());
      ended();
      return;
    }
    byte status = session.state().status();
    boolean failed = skipping || answer.hasFailed();
    skipping = false;
    boolean onOld = shared != null || failed && status != 'I';
    if (!onOld) {
      Frames.readyForQuery(answer.out(), status);
    }
    session.toClient(answer.out());
    if (onOld) {
      endOnOld(failed);
    } else {
      ended();
    }
  }

  /** The ReadyForQuery is old's: it has a part in the batch, or a transaction to fail. */
  private void endOnOld(boolean fails) {
    Exchange exchange = shared;
    if (exchange == null) {
      exchange = new Exchange(System.nanoTime(), true, Planner.UNMAPPED);
      session.oldSide().inFlight().sent(exchange);
    }
    ByteBuf out = session.old().alloc().buffer();
    if (fails) {
      exchange.silence();
      Frames.parse(out, NOBODY, FAILING, new int[0]);
    }
    Frames.sync(out);
    session.toOld(out);
    ended();
  }

  private void ended() {
    answering = null;
    shared = null;
    if (!starting) {
      session.resume();
    }
  }

  void close() {
    known.close();
    if (answering != null) {
      answering.out().release();
      answering = null;
    }
  }
}
