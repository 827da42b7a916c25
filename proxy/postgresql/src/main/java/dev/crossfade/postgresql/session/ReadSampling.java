package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.CarriedTypes;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.shadow.AnswerTap;
import dev.crossfade.postgresql.shadow.ComparedQuery;
import dev.crossfade.postgresql.shadow.ReadSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.postgresql.shadow.ShadowMeters.Unfit;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of the reads that one side is asked for, to be compared with what the other one
 * answers: one statement by itself, of a session that others can be made like, which sees what is
 * committed and nothing else.
 */
final class ReadSampling {
  private static final int HEADER = 5;
  private static final Pattern BEGIN =
      Pattern.compile("\\s*(BEGIN|START)\\b", Pattern.CASE_INSENSITIVE);

  private @Nullable ByteBuf batch;
  private @Nullable Sampling next;

  /** Looks at a batch that is on its way. */
  private interface Sampling {
    void of(ByteBuf borrowed);
  }

  /**
   * Where a side's replies come by.
   *
   * @param replies the handler that passes them on to the client
   */
  record Place(Channel channel, ChannelHandler replies) {}

  /**
   * What a batch says.
   *
   * @param sql null when it is one that was prepared before
   * @param bound null for a simple Query
   */
  private record Contents(byte @Nullable [] sql, byte @Nullable [] bound, boolean binary) {}

  /**
   * A read.
   *
   * @param query its translation where it is a simple Query and that is known
   */
  private record Asked(
      ReadPlan plan, @Nullable PreparedStatement statement, byte @Nullable [] query, Side side) {}

  /** What is about to be sent is looked at when it is flushed: it waits for nothing here. */
  private void begin(ByteBuf owned, Sampling sampling) {
    forget();
    batch = owned;
    next = sampling;
  }

  /** What was written has been flushed, and no answer can have come yet. */
  void flushed() {
    Sampling sampling = next;
    ByteBuf borrowed = batch;
    if (sampling == null || borrowed == null) {
      return;
    }
    try {
      sampling.of(borrowed);
    } finally {
      forget();
    }
  }

  /** Nothing is sent any more. */
  void forget() {
    next = null;
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  /** A batch is about to be sent to old. */
  static void onOld(ClientSession session, ExchangePlan.Forward plan, Batch batch) {
    Shadow shadow = session.context().shadow();
    ExchangePlan.Comparable both = plan.comparable();
    if (shadow == null || both == null) {
      return;
    }
    OldSide old = session.oldSide();
    int ahead = old.inFlight().size() - 1;
    boolean known = ahead == 0 || ahead == 1 && isBegin(old.inFlight().first());
    if (!known || !old.isAtFrameBoundary()) {
      unfit(shadow, both.plan(), Unfit.PIPELINE);
      return;
    }
    int start = both.firstFrame() == 0 ? batch.start() : batch.frameStart(both.firstFrame());
    Asked asked = new Asked(both.plan(), both.statement(), null, Side.OLD);
    AnswerTap.Before before = new AnswerTap.Before(ahead, both.firstFrame() == 0 ? 0 : 1);
    begin(
        session,
        asked,
        batch.bytes().retainedSlice(start, batch.end() - start),
        new Place(session.old(), old),
        before);
  }

  /** Drivers send BEGIN ahead of the first statement of the transaction. */
  private static boolean isBegin(@Nullable Exchange first) {
    if (first == null || first.said().touches() || first.said().controls().size() != 1) {
      return false;
    }
    String text = new String(first.said().controls().getFirst(), StandardCharsets.US_ASCII);
    return BEGIN.matcher(text).lookingAt();
  }

  private static void begin(
      ClientSession session, Asked asked, ByteBuf owned, Place place, AnswerTap.Before before) {
    Shadow shadow = session.context().shadow();
    if (shadow == null || shadow.authority(asked.plan()) == null) {
      owned.release();
      return;
    }
    session
        .state()
        .sampling()
        .begin(
            owned,
            borrowed ->
                shadow.aside(
                    () -> {
                      ReadSample sample = sample(session, shadow, asked, borrowed);
                      if (sample != null) {
                        tap(place, new AnswerTap(shadow, sample, before));
                      }
                    }));
  }

  /**
   * A batch is about to be sent to new.
   *
   * @param batch borrowed; the client's own bytes
   */
  static void onNew(ClientSession session, Place place, ExchangePlan.Read plan, ByteBuf batch) {
    Shadow shadow = session.context().shadow();
    if (shadow == null || !(place.replies() instanceof NewReplies replies)) {
      return;
    }
    Asked asked = new Asked(plan.plan(), plan.statement(), plan.query(), Side.NEW);
    AnswerTap.Before before = new AnswerTap.Before(replies.readyToSwallow(), 0);
    begin(session, asked, batch.retainedDuplicate(), place, before);
  }

  /**
   * A batch is about to be sent to new, which is the authority.
   *
   * @param batch borrowed; the client's own bytes
   */
  static void onMoved(ClientSession session, Place place, ExchangePlan.Moved plan, ByteBuf batch) {
    Shadow shadow = session.context().shadow();
    if (shadow == null || !(place.replies() instanceof MovedReplies replies)) {
      return;
    }
    // Of a read that was answered here, because it could not be sent.
    if (place.channel().pipeline().get(AnswerTap.class) != null) {
      place.channel().pipeline().remove(AnswerTap.class);
    }
    ExchangePlan.Comparable both = plan.comparable();
    if (both == null) {
      return;
    }
    Asked asked = new Asked(both.plan(), both.statement(), null, Side.NEW);
    AnswerTap.Before before = new AnswerTap.Before(replies.readyToSwallow(), 0);
    begin(session, asked, batch.retainedDuplicate(), place, before);
  }

  private static void tap(Place place, AnswerTap tap) {
    ChannelHandlerContext replies = place.channel().pipeline().context(place.replies());
    if (replies != null) {
      place.channel().pipeline().addBefore(replies.name(), null, tap);
    }
  }

  private static void unfit(Shadow shadow, ReadPlan plan, Unfit why) {
    if (shadow.authority(plan) != null) {
      shadow.unfit(why);
    }
  }

  private static @Nullable ReadSample sample(
      ClientSession session, Shadow shadow, Asked asked, ByteBuf batch) {
    Side authority = shadow.authority(asked.plan());
    if (authority == null) {
      return null;
    }
    Unfit why = unfit(session, asked.plan(), batch);
    if (why != null) {
      shadow.unfit(why);
      return null;
    }
    PreparedStatement statement = asked.statement();
    ComparedQuery query =
        shadow.wants(
            asked.plan(), asked.side(), () -> statement == null ? text(batch) : statement.sql());
    Contents contents = query == null ? null : contents(batch);
    byte[] sql = contents == null ? null : contents.sql();
    byte[] text = statement == null ? sql : statement.sql();
    if (query == null
        || contents == null
        || text == null
        || statement != null == (contents.bound() == null)) {
      return null;
    }
    return new ReadSample(
        query,
        authority,
        asked.side(),
        text,
        statement == null ? asked.query() : statement.translated(),
        contents.bound(),
        statement != null && sql == null,
        contents.binary(),
        SampledSettings.of(session),
        session.state().settings().encoding(),
        System.nanoTime());
  }

  /** Why nobody else could be asked the same; null when others can. */
  private static @Nullable Unfit unfit(ClientSession session, ReadPlan plan, ByteBuf batch) {
    CarriedTypes carried = plan.carried();
    if (carried != null && (carried.changesColumns() || carried.changesParameters())) {
      return Unfit.TYPES;
    }
    if (batch.readableBytes() > Shadow.MOST_BATCH_BYTES) {
      return Unfit.SIZE;
    }
    if (!SampledSettings.canBeFollowed(session)) {
      return Unfit.SESSION;
    }
    for (String migration : plan.migrations()) {
      ReadPermission.Answer may =
          session.context().permission().mayRead(session.startup().user(), migration);
      if (may != ReadPermission.Answer.ALLOWED) {
        return Unfit.PRIVILEGES;
      }
    }
    return inTransaction(session);
  }

  /**
   * Each statement of a transaction has its own snapshot, unless it was begun otherwise. Where
   * words do not tell, for the default may be another one, a read of an older snapshot differs at
   * most, and what differs is read again.
   */
  private static @Nullable Unfit inTransaction(ClientSession session) {
    SessionState state = session.state();
    if (state.transaction() == TransactionSide.NONE && state.status() == 'I') {
      return null;
    }
    TransactionLog log = state.log();
    MovedTransaction moved = session.moved().transaction();
    if (state.status() != 'T'
        || log.hasWritten()
        || moved.hasWritten()
        || log.isFull()
        || state.settings().hasUncommitted()) {
      return Unfit.TRANSACTION;
    }
    TransactionLog.Kind kind = log.kind();
    return switch (kind) {
      case EACH_ITS_OWN_SNAPSHOT -> null;
      // The first statement takes it.
      case ONE_SNAPSHOT -> log.isTouched() || moved.isTouched() ? Unfit.SNAPSHOT : null;
      case OTHER -> Unfit.TRANSACTION;
    };
  }

  /** Of a simple Query. */
  private static byte[] text(ByteBuf batch) {
    int from = batch.readerIndex() + HEADER;
    int zero = batch.indexOf(from, batch.writerIndex(), (byte) 0);
    return zero < 0 ? new byte[0] : ByteBufUtil.getBytes(batch, from, zero - from);
  }

  /** Null where it is not read whole. */
  private static @Nullable Contents contents(ByteBuf batch) {
    int at = batch.readerIndex();
    int end = batch.writerIndex();
    if (at < end && batch.getByte(at) == FrontendType.QUERY) {
      return new Contents(text(batch), null, false);
    }
    byte[] sql = null;
    byte[] bound = null;
    boolean binary = false;
    while (end - at >= HEADER) {
      int frameEnd = at + 1 + batch.getInt(at + 1);
      int first = batch.indexOf(at + HEADER, frameEnd, (byte) 0);
      int second = first < 0 ? -1 : batch.indexOf(first + 1, frameEnd, (byte) 0);
      switch (batch.getByte(at)) {
        case FrontendType.PARSE -> {
          if (second < 0) {
            return null;
          }
          sql = ByteBufUtil.getBytes(batch, first + 1, second - first - 1);
        }
        case FrontendType.BIND -> {
          BindFrame frame = BindFrame.find(batch, at, frameEnd);
          if (second < 0 || frame == null || !frame.isWhole()) {
            return null;
          }
          bound = ByteBufUtil.getBytes(batch, second + 1, frameEnd - second - 1);
          binary = frame.hasBinaryColumns();
        }
        default -> {
          // What Execute says of the number of rows, the answer tells: whether that was all.
        }
      }
      at = frameEnd;
    }
    return new Contents(sql, bound, binary);
  }
}
