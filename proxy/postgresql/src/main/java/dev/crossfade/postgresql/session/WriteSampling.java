package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.parity.ReplyTap;
import dev.crossfade.postgresql.parity.WriteSample;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of the writes that old is asked for, to be compared with what new would answer: one
 * statement by itself, outside a transaction, of a session that new could follow.
 */
final class WriteSampling {
  private static final int HEADER = 5;

  private WriteSampling() {}

  /**
   * A batch that may write mapped tables was just sent to old.
   *
   * @param borrowed its bytes
   * @param boundary whether what old says next is the beginning of a frame
   */
  static void begin(ClientSession session, ByteBuf borrowed, boolean boundary) {
    Parity parity = session.context().parity();

    if (parity == null || !parity.wants() || !boundary || !isComparable(session, borrowed)) {
      return;
    }
    WriteSample sample = sample(session, borrowed);
    ChannelHandlerContext place = session.old().pipeline().context(session.oldSide());

    if (sample != null && place != null) {
      ReplyTap tap = new ReplyTap(outcome -> parity.offer(sample, outcome));
      session.old().pipeline().addBefore(place.name(), null, tap);
    }
  }

  private static boolean isComparable(ClientSession session, ByteBuf borrowed) {
    SessionState state = session.state();
    return borrowed.readableBytes() <= Parity.MOST_BATCH_BYTES
        && session.shaped() == null
        && session.oldSide().inFlight().size() == 1
        && state.transaction() == TransactionSide.NONE
        && state.status() == 'I'
        && SampledSettings.canBeFollowed(session);
  }

  /** Null where it is not one statement that is executed once and whole. */
  private static @Nullable WriteSample sample(ClientSession session, ByteBuf borrowed) {
    byte[] batch = ByteBufUtil.getBytes(borrowed);
    Found found = new Found(batch);
    if (!found.read()) {
      return null;
    }
    byte[] sql = found.sql;
    WriteSample.Prepared prepared = null;
    if (sql == null) {
      PreparedStatement statement = session.state().statement(found.name);
      if (statement == null) {
        return null;
      }
      sql = statement.sql();
      prepared = new WriteSample.Prepared(found.name, statement.parameterTypes());
    }
    return new WriteSample(
        batch, sql, prepared, SampledSettings.of(session), session.state().settings().encoding());
  }

  /** What the frames of a batch are. */
  private static final class Found {
    private final byte[] batch;

    /** Of the batch's own Parse or Query. */
    private byte @Nullable [] sql;

    /** Of the statement that is bound. */
    private String name = "";

    private @Nullable String parsed;
    private int binds;
    private int executes;

    Found(byte[] batch) {
      this.batch = batch;
    }

    /** Whether it is one Query, or one Bind with one Execute, perhaps behind its Parse. */
    boolean read() {
      int at = 0;
      while (at + HEADER <= batch.length) {
        int length = ByteBuffer.wrap(batch).getInt(at + 1);
        if (length < 4 || length > batch.length - at - 1 || !frame(at, at + 1 + length)) {
          return false;
        }
        at += 1 + length;
      }
      boolean simple = batch.length > 0 && batch[0] == FrontendType.QUERY;
      return sql != null && simple
          || binds == 1 && executes == 1 && (parsed == null || parsed.equals(name));
    }

    private boolean frame(int start, int end) {
      int body = start + HEADER;
      switch (batch[start]) {
        case FrontendType.QUERY -> {
          int zero = zero(body, end);
          sql = zero < 0 ? null : Arrays.copyOfRange(batch, body, zero);
          return start == 0 && end == batch.length && zero >= 0;
        }
        case FrontendType.PARSE -> {
          int zero = zero(body, end);
          int textEnd = zero < 0 ? -1 : zero(zero + 1, end);
          if (textEnd < 0 || parsed != null) {
            return false;
          }
          parsed = text(body, zero);
          sql = Arrays.copyOfRange(batch, zero + 1, textEnd);
          return true;
        }
        case FrontendType.BIND -> {
          int portal = zero(body, end);
          int zero = portal < 0 ? -1 : zero(portal + 1, end);
          name = zero < 0 ? "" : text(portal + 1, zero);
          return zero >= 0 && ++binds == 1;
        }
        case FrontendType.EXECUTE -> {
          // Where it is limited and not done to its end, its reply is no outcome.
          return ++executes == 1;
        }
        default -> {
          return batch[start] == FrontendType.DESCRIBE || batch[start] == FrontendType.SYNC;
        }
      }
    }

    private String text(int from, int to) {
      return new String(batch, from, Math.min(to - from, 63), StandardCharsets.ISO_8859_1);
    }

    private int zero(int from, int end) {
      for (int at = from; at < end; at++) {
        if (batch[at] == 0) {
          return at;
        }
      }
      return -1;
    }
  }
}
