package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.CarriedTypes;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.shadow.AnswerTap;
import dev.crossfade.postgresql.shadow.ComparedQuery;
import dev.crossfade.postgresql.shadow.ReadSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of the reads that one side is asked for, to be compared with what the other one
 * answers: one statement by itself, outside a transaction, of a session that others can be made
 * like.
 */
final class ReadSampling {
  private static final int HEADER = 5;

  private ReadSampling() {}

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

  /** A batch is about to be sent to old, and is the only one there. */
  static void onOld(ClientSession session, ExchangePlan.Forward plan, Batch batch) {
    Shadow shadow = session.context().shadow();
    ExchangePlan.Comparable both = plan.comparable();
    if (shadow == null
        || both == null
        || session.oldSide().inFlight().size() != 1
        || !session.oldSide().isAtFrameBoundary()) {
      return;
    }
    ByteBuf bytes = batch.bytes().slice(batch.start(), batch.end() - batch.start());
    ReadSample sample =
        sample(session, shadow, new Asked(both.plan(), both.statement(), null, Side.OLD), bytes);
    if (sample != null) {
      tap(new Place(session.old(), session.oldSide()), new AnswerTap(shadow, sample, 0));
    }
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
    ReadSample sample = sample(session, shadow, asked, batch);
    if (sample != null) {
      tap(place, new AnswerTap(shadow, sample, replies.readyToSwallow()));
    }
  }

  /**
   * A read.
   *
   * @param query its translation where it is a simple Query and that is known
   */
  private record Asked(
      ReadPlan plan, @Nullable PreparedStatement statement, byte @Nullable [] query, Side side) {}

  private static void tap(Place place, AnswerTap tap) {
    ChannelHandlerContext replies = place.channel().pipeline().context(place.replies());
    if (replies != null) {
      place.channel().pipeline().addBefore(replies.name(), null, tap);
    }
  }

  private static @Nullable ReadSample sample(
      ClientSession session, Shadow shadow, Asked asked, ByteBuf batch) {
    PreparedStatement statement = asked.statement();
    if (!isComparable(session, asked.plan(), batch)) {
      return null;
    }
    Contents contents = contents(batch);
    byte[] sql = contents == null ? null : contents.sql();
    byte[] text = statement == null ? sql : statement.sql();
    if (contents == null || text == null || statement != null == (contents.bound() == null)) {
      return null;
    }
    ComparedQuery query = shadow.wants(asked.plan(), asked.side(), () -> text);
    if (query == null) {
      return null;
    }
    byte[] translated = statement == null ? asked.query() : statement.translated();
    return new ReadSample(
        query,
        asked.side(),
        text,
        translated,
        contents.bound(),
        statement != null && sql == null,
        contents.binary(),
        SampledSettings.of(session),
        session.state().settings().encoding(),
        System.nanoTime());
  }

  private static boolean isComparable(ClientSession session, ReadPlan plan, ByteBuf batch) {
    SessionState state = session.state();
    CarriedTypes carried = plan.carried();
    boolean sameTypes =
        carried == null || !carried.changesColumns() && !carried.changesParameters();
    if (!sameTypes
        || batch.readableBytes() > Shadow.MOST_BATCH_BYTES
        || session.shaped() != null
        || state.transaction() != TransactionSide.NONE
        || state.status() != 'I'
        || !SampledSettings.canBeFollowed(session)) {
      return false;
    }
    for (String migration : plan.migrations()) {
      ReadPermission.Answer may =
          session.context().permission().mayRead(session.startup().user(), migration);
      if (may != ReadPermission.Answer.ALLOWED) {
        return false;
      }
    }
    return true;
  }

  /** Null where it is not read whole. */
  private static @Nullable Contents contents(ByteBuf batch) {
    int at = batch.readerIndex();
    int end = batch.writerIndex();
    if (at < end && batch.getByte(at) == FrontendType.QUERY) {
      int zero = batch.indexOf(at + HEADER, end, (byte) 0);
      return zero < 0
          ? null
          : new Contents(ByteBufUtil.getBytes(batch, at + HEADER, zero - at - HEADER), null, false);
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
        case FrontendType.EXECUTE -> {
          // Some of the rows are no answer.
          if (first < 0 || frameEnd - first != HEADER || batch.getInt(first + 1) != 0) {
            return null;
          }
        }
        default -> {
          // Sync, Describe and Close say nothing of what is read.
        }
      }
      at = frameEnd;
    }
    return new Contents(sql, bound, binary);
  }
}
