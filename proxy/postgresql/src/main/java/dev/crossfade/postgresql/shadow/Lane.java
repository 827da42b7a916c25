package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.auth.CancelSender;
import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.auth.LoginHandler;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one side on which reads are run again, one at a time. Opened when it is needed,
 * and closed on any doubt. All state belongs to its event loop, but for when it began.
 *
 * <pre>
 * IDLE --ask--> asked --answer--> IDLE
 *                 '--deadline--> cancelled --answer--> closed
 *                                    '--grace--> closed
 * </pre>
 */
final class Lane {
  /** A server that has not answered a cancel after this is not there. */
  static final Duration GRACE = Duration.ofMillis(500);

  private static final long IDLE = Long.MIN_VALUE;

  /** How a read ended. */
  enum End {
    ANSWERED,
    /** It took longer than it may; the server lives. */
    LATE,
    /** The server cannot be reached, or what it says cannot be read. */
    LOST
  }

  /** Told once, on the lane's loop, when the lane is free again. */
  interface Told {
    /**
     * @param answer null unless it was answered, and perhaps then
     */
    void ended(End end, @Nullable Answer answer, long tookNanos);
  }

  private final ShadowTarget target;
  private final Side side;
  private final EventLoop loop;
  private final Duration deadline;
  private final CopyFrames frames;
  private @Nullable Channel channel;
  private @Nullable LoggedIn login;
  private String settings = "";
  private @Nullable Run run;
  private volatile long began = IDLE;
  private boolean closed;

  /** One read on its way. */
  private static final class Run {
    private final ReadSample sample;
    private final boolean keep;
    private final Told told;
    private @Nullable AnswerReader reader;
    private long sent;
    private boolean cancelled;

    Run(ReadSample sample, boolean keep, Told told) {
      this.sample = sample;
      this.keep = keep;
      this.told = told;
    }
  }

  Lane(ShadowTarget target, Side side, Duration deadline) {
    this.target = target;
    this.side = side;
    this.loop = target.loops().get();
    this.deadline = deadline;
    this.frames = new CopyFrames(side);
  }

  Side side() {
    return side;
  }

  /**
   * Runs a read. Any thread; not before the last one has ended.
   *
   * @param keep whether its rows are kept
   */
  void ask(ReadSample sample, boolean keep, Told told) {
    began = System.nanoTime();
    Run next = new Run(sample, keep, told);
    if (loop.inEventLoop()) {
      begin(next);
    } else {
      loop.execute(() -> begin(next));
    }
  }

  /** Looks after the deadline. Any thread, again and again. */
  void check(long nowNanos) {
    long since = began;
    if (since != IDLE && nowNanos - since > deadline.toNanos()) {
      loop.execute(() -> overdue(since));
    }
  }

  void close() {
    loop.execute(
        () -> {
          closed = true;
          lost();
        });
  }

  private void begin(Run next) {
    run = next;
    if (closed) {
      lost();
    } else if (login != null) {
      send(next, login);
    } else {
      connect();
    }
  }

  private void connect() {
    ShadowTarget.Server server = target.server(side);
    LoginHandler handler =
        new LoginHandler(
            server.credentials(),
            Map.of("database", server.database(), "application_name", "crossfade shadow"),
            new LoginHandler.Outcome() {
              @Override
              public void loggedIn(LoggedIn loggedIn) {
                opened(loggedIn);
              }

              @Override
              public void failed(Channel failed, Throwable cause) {
                lost(failed);
              }
            },
            target.offLoop());
    var connecting = target.connector().connect(server.endpoint(), loop, handler);
    channel = connecting.channel();
    ChannelFutureListener listener =
        done -> {
          if (!done.isSuccess()) {
            lost(connecting.channel());
          }
        };
    // It may have failed already, which is not to be heard in the middle of this.
    loop.execute(() -> connecting.addListener(listener));
  }

  private void opened(LoggedIn opened) {
    Run waiting = run;
    if (waiting == null || opened.channel() != channel) {
      opened.channel().close();
      return;
    }
    login = opened;
    settings = "";
    frames.begin();
    opened.channel().pipeline().addLast(new Replies());
    send(waiting, opened);
  }

  private void send(Run next, LoggedIn open) {
    Channel to = open.channel();
    ByteBuf out = to.alloc().buffer(512);
    String wanted = settings(next);
    int prologue = 0;
    if (!wanted.equals(settings)) {
      settings = wanted;
      Frames.query(out, ("RESET ALL;" + wanted).getBytes(StandardCharsets.UTF_8));
      prologue = 1;
    }
    frames.write(out, next.sample, next.keep);
    next.reader =
        new AnswerReader(
            to.alloc(),
            next.keep ? next.sample.query().columnsKept() : next.sample.query().columns(),
            new AnswerTap.Before(prologue, 0),
            next.keep ? new RowKeeper(next.sample.encoding().charset()) : null);
    next.sent = System.nanoTime();
    to.writeAndFlush(out, to.voidPromise());
  }

  /** The client's, and limits: the server ends what a sidecar leaves behind that is frozen. */
  private String settings(Run next) {
    String exact = next.keep && next.sample.binary() ? "SET extra_float_digits=3;" : "";
    return next.sample.settings()
        + exact
        + "SET statement_timeout="
        + deadline.plus(GRACE).toMillis()
        + ";SET default_transaction_read_only=on";
  }

  private void overdue(long since) {
    Run late = run;
    if (late == null || since != began) {
      return;
    }
    LoggedIn open = login;
    if (open == null || late.cancelled) {
      if (open == null || System.nanoTime() - since > deadline.plus(GRACE).toNanos()) {
        lost();
      }
      return;
    }
    late.cancelled = true;
    if (open.cancelKey() != null) {
      CancelSender.send(target.connector(), open.channel(), open.cancelKey(), () -> {});
    }
  }

  private void complete(Run done, AnswerReader reader) {
    long took = System.nanoTime() - done.sent;
    Answer answer = reader.answer();
    boolean usable = reader.status() == 'I' && answer != null;
    if (answer instanceof Answer.Failed) {
      frames.failed();
    }
    // A cancel may still be on its way, and would end the next read.
    if (done.cancelled || !usable) {
      disconnect();
    }
    boolean late =
        done.cancelled && answer instanceof Answer.Failed failed && failed.isOfTheMoment();
    end(late ? End.LATE : End.ANSWERED, late || !usable ? null : answer, took);
  }

  private void lost(Channel which) {
    if (which == channel) {
      lost();
    }
  }

  private void lost() {
    disconnect();
    end(End.LOST, null, 0);
  }

  private void end(End how, @Nullable Answer answer, long took) {
    Run ended = run;
    if (ended == null) {
      return;
    }
    run = null;
    if (ended.reader != null) {
      ended.reader.release();
    }
    began = IDLE;
    ended.told.ended(how, answer, took);
  }

  private void disconnect() {
    Channel left = channel;
    channel = null;
    login = null;
    if (left != null) {
      left.close();
    }
  }

  /** What the server says. */
  private final class Replies extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) {
      Run reading = run;
      AnswerReader reader = reading == null ? null : reading.reader;
      if (reading == null || reader == null || context.channel() != channel) {
        ((ByteBuf) chunk).release();
        return;
      }
      reader.read((ByteBuf) chunk);
      if (reader.isUnknown()) {
        lost();
      } else if (reader.isComplete()) {
        complete(reading, reader);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      lost(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
      lost(context.channel());
    }
  }
}
