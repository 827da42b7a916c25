package dev.crossfade.postgresql.session;

import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.session.SessionMeters.FallbackCause;
import dev.crossfade.postgresql.type.OidRewriter;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import dev.crossfade.postgresql.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New's replies: the rows as they are, the descriptions as old would give them, and none of what
 * the sidecar itself asked.
 *
 * <pre>
 * [replies to settings and BEGIN .. Z]* -> dropped
 * 1 3 (of frames the client did not send) -> dropped
 * 1 2 D C s n I 3                        -> held, then passed on
 * T t                                    -> old's own frame
 * E before rows were passed on           -> old answers instead
 * Z                                      -> the batch is answered
 * </pre>
 */
final class NewReplies extends ChannelInboundHandlerAdapter implements BackendDecoder.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(NewReplies.class);

  private static final String CANCELLED = "57014";

  private final ClientSession session;
  private final NewSide side;
  private final HeldReply held;
  private final Consumer<ByteBuf> client;
  private final BackendDecoder decoder;
  private ByteBuf replacement = Unpooled.EMPTY_BUFFER;
  private ExchangePlan.@Nullable Read plan;
  private ByteBuf request = Unpooled.EMPTY_BUFFER;
  private int readyToSwallow;
  private boolean parseToSwallow;
  private boolean prologueFailed;
  private long heard = System.nanoTime();
  private boolean errored;
  private int errorClass = ErrorClasses.OTHER;
  private boolean completed;
  private boolean answered;
  private boolean refused;
  private boolean refusedForGood;

  /** Null where rows pass as they are. */
  private @Nullable OidRewriter rows;

  NewReplies(ClientSession session, NewSide side) {
    this.session = session;
    this.side = side;
    this.held = new HeldReply(session.context().limits().heldReplyBytes());
    this.client = session::toClient;
    this.decoder = new BackendDecoder(session.client().alloc(), this);
  }

  /** Whether the stream has stopped between two frames. */
  boolean isBetweenFrames() {
    return decoder.isAtFrameBoundary();
  }

  /** How many ReadyForQuery come before the one of what is expected. */
  int readyToSwallow() {
    return readyToSwallow;
  }

  boolean isExpecting() {
    return plan != null;
  }

  /**
   * For how long nothing has come, in nanos.
   *
   * @param since as of {@link System#nanoTime}, when something was asked
   */
  long silence(long since) {
    long now = System.nanoTime();
    return Math.min(now - since, now - heard);
  }

  /** Of the error that the batch came to. */
  int errorClass() {
    return errorClass;
  }

  boolean hasPassedRows() {
    return plan != null && held.isReleased();
  }

  /** Nobody waits for the answer any more. */
  void abandon() {
    plan = null;
    request = Unpooled.EMPTY_BUFFER;
    held.discard();
  }

  /**
   * @param batch borrowed until the read ends; what the client sent
   */
  void expect(ExchangePlan.Read expected, ByteBuf batch, int swallowReady, boolean swallowParse) {
    plan = expected;
    request = batch;
    readyToSwallow += swallowReady;
    parseToSwallow = swallowParse;
    prologueFailed = false;
    answered = false;
    completed = false;
    errored = false;
    errorClass = ErrorClasses.OTHER;
    refused = false;
    refusedForGood = false;
    held.begin();
  }

  /**
   * How the rows of what is expected are changed.
   *
   * @param rewriter null when they pass as they are
   */
  void changeRows(@Nullable OidRewriter rewriter) {
    rows = rewriter;
    decoder.watchRows(rewriter != null);
  }

  /** One more ReadyForQuery answers something that only the sidecar asked. */
  void swallowReady() {
    readyToSwallow++;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    session.proxyTime().entered();
    heard = System.nanoTime();
    try {
      decoder.decode((ByteBuf) chunk);
    } catch (ProtocolViolation e) {
      side.lost(context.channel(), e);
      return;
    }
    if (refused) {
      refused = false;
      abandon();
      if (refusedForGood) {
        side.lost(context.channel(), null);
      }
      session.runner().newFailed(RouteReason.FALLBACK, FallbackCause.SQL_ERROR);
    } else if (answered) {
      answered = false;
      plan = null;
      held.release(client);
      if (errored) {
        session.runner().newErrored();
      } else {
        session.runner().newAnswered();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    session.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    side.lost(context.channel(), null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    side.lost(context.channel(), cause);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    decoder.release();
  }

  @Override
  public Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    if (type == BackendType.PARAMETER_STATUS || type == BackendType.NOTIFICATION) {
      return Verdict.DROP;
    }
    if (readyToSwallow > 0) {
      return prologue(type, borrowed, start, end);
    }
    if (plan == null) {
      return Verdict.DROP;
    }
    return switch (type) {
      case BackendType.ERROR -> error(borrowed, start, end);
      // The sidecar's own Close frames come first, the client's comes last.
      case BackendType.CLOSE_COMPLETE -> completed && !refused ? Verdict.FORWARD : Verdict.DROP;
      case BackendType.COMMAND_COMPLETE, BackendType.PORTAL_SUSPENDED -> {
        completed = true;
        yield refused ? Verdict.DROP : Verdict.FORWARD;
      }
      case BackendType.PARSE_COMPLETE -> parsed();
      case BackendType.ROW_DESCRIPTION -> describe(plan, RowDescription.read(borrowed, start, end));
      case BackendType.PARAMETER_DESCRIPTION -> {
        byte[] frame = plan.plan().description().parameterFrame();
        yield replace(session.client().alloc().buffer(frame.length).writeBytes(frame));
      }
      case BackendType.READY_FOR_QUERY -> ready();
      case BackendType.COPY_IN, BackendType.COPY_OUT, BackendType.COPY_BOTH -> {
        refuseForGood("new began a COPY");
        yield Verdict.DROP;
      }
      default -> refused ? Verdict.DROP : Verdict.FORWARD;
    };
  }

  private Verdict prologue(byte type, ByteBuf borrowed, int start, int end) {
    if (type == BackendType.ERROR) {
      prologueFailed = true;
      ErrorFields error = ErrorFields.read(borrowed, start, end);
      errorClass = ErrorClasses.of(error.sqlState());
      LOG.atWarn()
          .addKeyValue("sessionId", session.id())
          .addKeyValue("sqlState", error.sqlState())
          .log("new refused the session's settings or transaction");
    } else if (type == BackendType.READY_FOR_QUERY) {
      readyToSwallow--;
      if (readyToSwallow == 0 && prologueFailed && plan != null) {
        session.state().settings().pin();
        refuseForGood("new did not accept the session's settings");
      }
    }
    return Verdict.DROP;
  }

  private Verdict error(ByteBuf borrowed, int start, int end) {
    ErrorFields error = ErrorFields.read(borrowed, start, end);
    if (error.isFatal()) {
      // The connection ends with it; the client's does not.
      return Verdict.DROP;
    }
    errorClass = ErrorClasses.of(error.sqlState());
    boolean wanted = session.runner().isCancelled() && error.sqlState().equals(CANCELLED);
    if (held.isReleased() || wanted) {
      errored = true;
      return plan == null
          ? Verdict.DROP
          : replace(
              NewErrors.forClient(session, plan, request, borrowed.slice(start, end - start)));
    }
    if (plan != null && plan.plan().carried() != null) {
      session.context().routing().doubtTypes();
    }
    refuse(error.sqlState());
    return Verdict.DROP;
  }

  /** What follows on this connection cannot be told from the next answer. */
  private void refuseForGood(String why) {
    refusedForGood = true;
    refuse(why);
  }

  private void refuse(String why) {
    if (!refused) {
      refused = true;
      readyToSwallow++;
      LOG.atDebug()
          .addKeyValue("sessionId", session.id())
          .addKeyValue("detail", why)
          .log("new refused a read");
    }
  }

  private Verdict parsed() {
    if (parseToSwallow) {
      parseToSwallow = false;
      return Verdict.DROP;
    }
    return refused ? Verdict.DROP : Verdict.FORWARD;
  }

  private Verdict describe(ExchangePlan.Read expected, RowDescription sent) {
    RowDescription rows = expected.plan().description().rows();
    if (!expected.plan().isDescribedBy(sent)) {
      session.context().routing().doubtTypes();
      refuseForGood("the types of the result have changed");
      return Verdict.DROP;
    }
    return replace(rows.withFormatsOf(sent, session.client().alloc()));
  }

  private Verdict replace(ByteBuf frame) {
    if (refused) {
      frame.release();
      return Verdict.DROP;
    }
    replacement = frame;
    return Verdict.REPLACE;
  }

  /** A transaction in which new has failed has failed on old, too, and old is to say so. */
  private Verdict ready() {
    answered = true;
    boolean leftToOld = errored && session.state().transaction() != TransactionSide.NONE;
    return leftToOld ? Verdict.DROP : Verdict.FORWARD;
  }

  @Override
  public ByteBuf replacement() {
    ByteBuf frame = replacement;
    replacement = Unpooled.EMPTY_BUFFER;
    return frame;
  }

  @Override
  public void passesUnread(byte type) {
    if (type != BackendType.DATA_ROW) {
      refuseForGood("new sent a '" + (char) type + "' frame that cannot be checked");
    }
  }

  /**
   * A type that new names inside a value is not the one that it was: nobody knows what it is to
   * old.
   */
  @Override
  public boolean rowPart(ByteBuf borrowed, int start, int end, boolean begins) {
    OidRewriter rewriter = rows;
    if (rewriter == null || plan == null || refused) {
      return true;
    }
    if (begins) {
      rewriter.beginRow();
    }
    if (rewriter.pass(borrowed, start, end)) {
      return true;
    }
    session.context().routing().doubtTypes();
    if (held.isReleased()) {
      return false;
    }
    refuseForGood("a value names a type that is not known");
    return true;
  }

  @Override
  public void forward(ByteBuf bytes) {
    if (plan == null || refused) {
      bytes.release();
    } else {
      held.add(bytes, client);
    }
  }
}
