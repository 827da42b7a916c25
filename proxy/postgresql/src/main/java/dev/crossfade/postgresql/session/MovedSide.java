package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.auth.CancelSender;
import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.shape.ShapedSession;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session's dealings with new where that is the authority: batches that concern moved tables
 * are carried out there, one at a time, in a transaction of its own that follows the client's.
 *
 * <pre>
 * client's batch -> {@link ShapedSession} -> new -> {@link MovedReplies} -> {@link ShapedSession} -> client
 * </pre>
 */
final class MovedSide {
  private static final Logger LOG = LoggerFactory.getLogger(MovedSide.class);
  private static final byte[] ROLLBACK = "ROLLBACK".getBytes(StandardCharsets.US_ASCII);

  private final ClientSession session;
  private final Retries retries;
  private final HeldReply held;
  private final MirroredAck ack;
  private final NamesOnNew names = new NamesOnNew();
  private final MovedLogin login;
  private @Nullable Opened open;
  private final MovedPrologue prologue = new MovedPrologue();
  private final MovedTransaction transaction = new MovedTransaction();
  private ExchangePlan.@Nullable Moved plan;
  private @Nullable ByteBuf original;
  private long began;
  private boolean dirty;
  private boolean closed;

  /** A connection, and what stands between it and the client. */
  private record Opened(LoggedIn login, ShapedSession shape, MovedReplies replies) {
    Channel channel() {
      return login.channel();
    }
  }

  MovedSide(ClientSession session, Retries retries) {
    this.session = session;
    this.retries = retries;
    this.held = new HeldReply(session.context().limits().heldReplyBytes());
    this.ack = new MirroredAck(session, Side.NEW);
    this.login = new MovedLogin(session, this::opened, this::lost);
  }

  /** Whether none may follow the batch at hand. */
  boolean isBusy() {
    return plan != null && !isCopyIn() || retries.isWaiting() || ack.isWaiting();
  }

  /** Whether new answers a batch, or has, and the client is still to hear of it. */
  boolean isRunning() {
    return plan != null || ack.isWaiting();
  }

  /** Whether the client's copy data is for new. */
  boolean isCopyIn() {
    return open != null && open.replies().isCopyIn();
  }

  MovedTransaction transaction() {
    return transaction;
  }

  boolean hasPortal(String name) {
    return transaction.isOpen() && open != null && open.shape().hasPortal(name);
  }

  /** Whether a cursor or a prepared statement of SQL has this name there. */
  boolean knows(String name) {
    return names.contains(name);
  }

  /** Carries out a batch. Until it is answered {@link #isBusy}. */
  void run(Batch batch, ExchangePlan.Moved moved) {
    plan = moved;
    began = System.nanoTime();
    original = batch.retained();
    if (open != null) {
      send(moved, original.retainedDuplicate());
    } else {
      login.begin();
    }
  }

  /** It may have to write there at any time. */
  void connectAhead() {
    login.beginAhead();
  }

  private void opened(LoggedIn in) {
    login.ended(!closed);
    if (closed) {
      in.channel().close();
      return;
    }
    prologue.restart();
    names.clear();
    ShapedSession shape =
        new ShapedSession(
            new MovedHost(session, this),
            session.context().routing()::oldShape,
            true,
            session.context().limits().batchBytes());
    shape.begin();
    MovedReplies replies = new MovedReplies(session, this, shape::toClient);
    open = new Opened(in, shape, replies);
    in.channel().pipeline().addLast(replies);
    if (plan != null && original != null) {
      send(plan, original.retainedDuplicate());
      session.flush();
    }
  }

  /** Sends a batch, preceded by what new lacks: settings, the transaction, prepared statements. */
  private void send(ExchangePlan.Moved moved, ByteBuf batch) {
    Opened to = opened();
    held.begin();
    List<byte[]> first = prologue.before(session.state(), to.login().statuses(), transaction);
    first.forEach(this::query);
    to.replies().expect(first.size());
    ReadSampling.onMoved(session, new ReadSampling.Place(to.channel(), to.replies()), moved, batch);
    moved.uses().forEach(used -> to.shape().knows(used.name(), used.sql(), used.parameterTypes()));
    moved.namings().forEach(this::names);
    moved.makes().forEach(names::add);
    if (moved.writes()) {
      ack.wrote(moved.migration());
    }
    to.shape().fromClient(batch);
  }

  private void query(byte[] sql) {
    ByteBuf out = session.client().alloc().buffer(sql.length + 8);
    Frames.query(out, sql);
    write(out);
  }

  private void names(Naming naming) {
    String name = naming.name();
    if (name == null) {
      return;
    }
    PreparedStatement before = session.state().statement(name);
    if (before != null) {
      session.runner().errands().deallocate(before);
    }
    session.state().prepared(name, naming.statement());
  }

  private Opened opened() {
    if (open == null) {
      throw new IllegalStateException("new is not connected");
    }
    return open;
  }

  /** Says the same to new's transaction as to old's. */
  void copy(byte[] sql) {
    query(sql);
    opened().replies().swallowReady();
  }

  /** Copy data of the client's, or its end. */
  void feed(ByteBuf bytes, boolean last) {
    Opened to = opened();
    to.shape().fromClient(bytes);
    if (last) {
      to.replies().copyInEnded();
    }
  }

  void write(ByteBuf bytes) {
    Channel channel = opened().channel();
    channel.write(bytes, channel.voidPromise());
    dirty = true;
  }

  void reply(ByteBuf bytes) {
    held.add(bytes, session::toClient);
  }

  void passOn() {
    held.release(session::toClient);
  }

  /** Whether the batch at hand can be done again without anybody noticing. */
  boolean mayRetry() {
    return plan != null && !held.isReleased() && !transaction.isTouched() && retries.isWorthwhile();
  }

  /** What new was told before the batch, it did not take: the settings, or what began it. */
  void refused(ErrorFields error) {
    session.fail(
        new Fault(
            Fault.Kind.AUTHORITY_UNAVAILABLE,
            "new, which is the authority, did not take over the session: " + error.message()));
  }

  /**
   * New has answered the batch, all but the last words of which the client may have.
   *
   * @param undone whether it has left nothing where a transaction has ended with it
   */
  void ends(byte status, boolean undone) {
    if (status == 'I' && undone) {
      ack.forget();
    } else if (status == 'I' && ack.asks()) {
      held.keepRest();
    }
  }

  /** The session ends: what is committed is said before, wherever else it has arrived. */
  void acknowledgeNow() {
    if (ack.isWaiting()) {
      passOn();
      session.flush();
    }
  }

  /**
   * New has answered the batch.
   *
   * @param status of ReadyForQuery
   * @param committed the last command tag was COMMIT
   * @param fenced why it was not done, and is to be done again; null when it was
   */
  void answered(byte status, boolean committed, @Nullable Fenced fenced) {
    ExchangePlan.Moved done = plan;
    ByteBuf batch = original;
    if (done == null || batch == null) {
      return;
    }
    original = null;
    plan = null;
    if (fenced != null) {
      held.discard();
      ack.forget();
      endTransaction();
      session.readEnded();
      retries.again(batch);
      return;
    }
    batch.release();
    retries.succeeded();
    count(done);
    transaction.answered(status, done.writes());
    boolean over = !transaction.isOpen();
    boolean ends = done.ends() && over;
    boolean waits = over && ack.asks() && ack.await(() -> finish(ends, committed));
    if (over) {
      ack.forget();
    }
    if (!waits) {
      finish(ends, committed);
    }
  }

  private void finish(boolean endsTransaction, boolean committed) {
    passOn();
    if (endsTransaction) {
      session.runner().errands().endTransaction(committed);
    }
    session.readEnded();
    session.resume();
  }

  private void count(ExchangePlan.Moved done) {
    done.count(session.context().meters(), began, opened().replies().errorClass());
    session.proxyTime().answered();
    if (done.writes()) {
      session.context().routing().wroteOnNew(done.migration());
    }
  }

  /** Old's transaction is over: so is new's, which has changed nothing. */
  void endTransaction() {
    if (transaction.isOpen() && open != null) {
      copy(ROLLBACK);
    }
    transaction.ended();
  }

  /** The connection is gone, or never came to be. */
  void lost(Channel channel, @Nullable Throwable cause) {
    if (channel != login.channel() && (open == null || channel != open.channel())) {
      return;
    }
    boolean wasThere = open != null;
    boolean matters = transaction.isOpen() || wasThere && plan != null;
    acknowledgeNow();
    release();
    channel.close();
    if (closed) {
      return;
    }
    if (plan != null) {
      session.context().meters().failed(plan.migration(), Side.NEW, ErrorClasses.CONNECTION);
    }
    LOG.atDebug()
        .addKeyValue("sessionId", session.id())
        .addKeyValue("detail", cause == null ? "closed by the server" : String.valueOf(cause))
        .log("connection to the authority lost");
    // A channel that is being closed takes nothing more, and may have stopped the client for it.
    session.updateReading();
    if (matters) {
      // As when a server dies: nobody knows what became of the last statement.
      session.fail(new Fault(Fault.Kind.AUTHORITY_UNAVAILABLE, "the connection to new was lost"));
    } else if (plan != null) {
      plan = null;
      forgetBatch();
      session
          .runner()
          .answer(
              new Fault(
                  Fault.Kind.NEW_UNAVAILABLE, "new, which is the authority, cannot be reached"));
      session.readEnded();
      session.resume();
    }
  }

  private void release() {
    if (open != null) {
      open.shape().release();
    }
    open = null;
    login.ended(false);
    held.discard();
  }

  private void forgetBatch() {
    if (original != null) {
      original.release();
      original = null;
    }
  }

  /** Whether a batch is cancelled where it runs. */
  boolean cancel(Runnable done) {
    if (plan == null) {
      return false;
    }
    Opened running = open;
    if (running == null || running.shape().cancel() || running.login().cancelKey() == null) {
      done.run();
    } else {
      CancelSender.send(session.connector(), running.channel(), running.login().cancelKey(), done);
    }
    return true;
  }

  void flush() {
    if (dirty && open != null) {
      dirty = false;
      open.channel().flush();
    }
  }

  boolean isWritable() {
    return open == null || open.channel().isWritable();
  }

  void updateReading(boolean clientTakes) {
    if (open != null && open.channel().config().isAutoRead() != clientTakes) {
      open.channel().config().setAutoRead(clientTakes);
    }
  }

  void close() {
    closed = true;
    Channel channel = open == null ? login.channel() : open.channel();
    if (open != null && plan == null) {
      ByteBuf farewell = session.client().alloc().buffer(8);
      Frames.terminate(farewell);
      open.channel().writeAndFlush(farewell, open.channel().voidPromise());
    }
    release();
    forgetBatch();
    if (channel != null) {
      channel.close();
    }
  }
}
