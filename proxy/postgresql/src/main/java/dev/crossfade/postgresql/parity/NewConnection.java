package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.auth.LoginHandler;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.postgresql.shape.ShapeHost;
import dev.crossfade.postgresql.shape.ShapedSession;
import dev.crossfade.postgresql.wire.ClientEncoding;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one connection on which writes are tried on new: each in a transaction that is rolled back.
 *
 * <pre>
 * BEGIN, the client's settings, limits
 *   the client's frames -> {@link ShapedSession} -> new -> {@link ShapedSession} -> {@link OutcomeReader}
 *   SET CONSTRAINTS ALL IMMEDIATE, if new has taken it
 * ROLLBACK
 * DISCARD ALL, for what a rollback leaves: prepared statements
 * </pre>
 *
 * <p>Opened when it is needed, and closed on any doubt, which rolls back as well. All state belongs
 * to its event loop.
 */
final class NewConnection {
  /** A text that is longer is not looked at. */
  static final int MOST_BYTES = 64 << 10;

  /**
   * The mirror's own writes wait no longer for this than it lives, and it waits no longer for them
   * than this; the server ends what a sidecar leaves behind that is frozen.
   */
  private static final String LIMITS =
      """
      SET LOCAL lock_timeout = 200; SET LOCAL statement_timeout = 500;
      SET LOCAL idle_in_transaction_session_timeout = 1000;
      SET LOCAL application_name = 'crossfade parity';
      SET LOCAL crossfade.applying = 'on';
      """;

  /** What is said to new, in this order; what a rollback leaves is discarded. */
  private enum Step {
    BEGIN,
    WRITE,
    DEFERRED,
    ROLLBACK,
    DISCARD
  }

  private final ParityTarget target;
  private final Supplier<@Nullable TranslatedShape> shapes;
  private @Nullable Channel channel;
  private boolean ready;
  private @Nullable Run run;

  /**
   * @param shapes from old's shape to new
   */
  NewConnection(ParityTarget target, Supplier<@Nullable TranslatedShape> shapes) {
    this.target = target;
    this.shapes = shapes;
  }

  /**
   * Tries a write. One at a time. Any thread.
   *
   * @return what new said; empty when that does not tell. Fails with an {@link IOException}
   */
  CompletableFuture<Optional<Outcome>> tryOut(WriteSample sample) {
    CompletableFuture<Optional<Outcome>> answer = new CompletableFuture<>();
    target.loop().execute(() -> begin(new Run(sample, answer)));
    return answer;
  }

  /** Gives up what is under way. Any thread. */
  void close() {
    target.loop().execute(() -> lost(new IOException("closed")));
  }

  private void begin(Run next) {
    run = next;
    if (ready) {
      next.begin();
      return;
    }
    LoginHandler login =
        new LoginHandler(
            target.credentials(),
            Map.of("database", target.database(), "application_name", "crossfade parity"),
            new LoginHandler.Outcome() {
              @Override
              public void loggedIn(LoggedIn loggedIn) {
                opened(loggedIn.channel());
              }

              @Override
              public void failed(Channel failed, Throwable cause) {
                if (failed == channel) {
                  lost(cause);
                }
              }
            },
            target.offLoop());
    var connecting = target.connector().connect(target.endpoint(), target.loop(), login);
    channel = connecting.channel();
    ChannelFutureListener listener =
        done -> {
          if (!done.isSuccess() && connecting.channel() == channel) {
            lost(done.cause());
          }
        };
    connecting.addListener(listener);
  }

  private void opened(Channel opened) {
    if (run == null || opened != channel) {
      opened.close();
      return;
    }
    ready = true;
    opened.pipeline().addLast(new Replies());
    run.begin();
  }

  private void lost(Throwable cause) {
    Run ended = run;
    Channel left = channel;
    run = null;
    channel = null;
    ready = false;
    if (left != null) {
      left.close();
    }
    if (ended != null) {
      ended.release();
      ended.answer.completeExceptionally(cause);
    }
  }

  private void write(ByteBuf bytes) {
    Channel to = channel;
    if (to == null) {
      bytes.release();
    } else {
      to.write(bytes, to.voidPromise());
    }
  }

  private void flush() {
    if (channel != null) {
      channel.flush();
    }
  }

  private ByteBufAllocator allocator() {
    return channel == null ? ByteBufAllocator.DEFAULT : channel.alloc();
  }

  /** What new says. */
  private final class Replies extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) {
      if (run == null || context.channel() != channel) {
        ((ByteBuf) chunk).release();
      } else {
        run.read((ByteBuf) chunk);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (context.channel() == channel) {
        lost(new IOException("closed by the server"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
      if (context.channel() == channel) {
        lost(cause);
      }
    }
  }

  /** One write on its way. */
  private final class Run implements ShapeHost {
    private final WriteSample sample;
    private final CompletableFuture<Optional<Outcome>> answer;
    private final ShapedSession shape = new ShapedSession(this, shapes, true, MOST_BYTES);
    private Step step = Step.BEGIN;
    private OutcomeReader replies = new OutcomeReader(allocator());

    /** The same before it is translated back: only here it names what it breaks. */
    private final OutcomeReader raw = new OutcomeReader(allocator());

    private @Nullable Outcome outcome;

    Run(WriteSample sample, CompletableFuture<Optional<Outcome>> answer) {
      this.sample = sample;
      this.answer = answer;
    }

    void begin() {
      say(Step.BEGIN, "BEGIN ISOLATION LEVEL READ COMMITTED;" + sample.settings() + LIMITS);
    }

    private void say(Step next, String sql) {
      expect(next);
      byte[] text = sql.getBytes(StandardCharsets.UTF_8);
      ByteBuf out = allocator().buffer(text.length + 8);
      Frames.query(out, text);
      write(out);
      NewConnection.this.flush();
    }

    private void expect(Step next) {
      step = next;
      replies.release();
      replies = new OutcomeReader(allocator());
    }

    void read(ByteBuf chunk) {
      if (step == Step.WRITE) {
        raw.read(chunk.retainedDuplicate());
        shape.toClient(chunk);
      } else {
        replies.read(chunk);
      }
      if (replies.isUnknown()) {
        lost(new IOException("an answer that cannot be read"));
      } else if (replies.isComplete()) {
        next();
      }
    }

    private void next() {
      switch (step) {
        case BEGIN -> {
          if (replies.refusal() == null) {
            tell();
          } else {
            say(Step.ROLLBACK, "ROLLBACK");
          }
        }
        case WRITE -> {
          outcome = told();
          if (outcome instanceof Outcome.Done) {
            say(Step.DEFERRED, "SET CONSTRAINTS ALL IMMEDIATE");
          } else {
            say(Step.ROLLBACK, "ROLLBACK");
          }
        }
        case DEFERRED -> {
          outcome = replies.refusal() == null ? outcome : replies.refusal();
          say(Step.ROLLBACK, "ROLLBACK");
        }
        case ROLLBACK -> say(Step.DISCARD, "DISCARD ALL");
        case DISCARD -> {
          release();
          run = null;
          answer.complete(Optional.ofNullable(outcome));
        }
      }
    }

    private void tell() {
      expect(Step.WRITE);
      shape.begin();
      WriteSample.Prepared prepared = sample.prepared();
      if (prepared != null) {
        shape.knows(prepared.name(), sample.sql(), prepared.types());
      }
      shape.fromClient(Unpooled.copiedBuffer(sample.batch()));
      NewConnection.this.flush();
    }

    private @Nullable Outcome told() {
      Outcome said = replies.outcome();
      Outcome.Refused named = raw.refusal();
      return said instanceof Outcome.Refused refused
              && named != null
              && named.sqlState().equals(refused.sqlState())
          ? named
          : said;
    }

    void release() {
      shape.release();
      replies.release();
      raw.release();
    }

    @Override
    public ByteBufAllocator alloc() {
      return allocator();
    }

    @Override
    public void send(ByteBuf bytes) {
      write(bytes);
    }

    @Override
    public void reply(ByteBuf bytes) {
      replies.read(bytes);
    }

    @Override
    public void flush() {
      NewConnection.this.flush();
    }

    @Override
    public void updateReading() {
      // What one statement says fits.
    }

    @Override
    public boolean isLoggedIn() {
      return true;
    }

    @Override
    public boolean isReadable() {
      return true;
    }

    @Override
    public ClientEncoding encoding() {
      return sample.encoding();
    }

    @Override
    public void later(Runnable task, long millis) {
      var ignored =
          target
              .loop()
              .schedule(
                  () -> {
                    if (run == this) {
                      task.run();
                      // The answer may have been the shape's own.
                      if (step == Step.WRITE && replies.isComplete()) {
                        next();
                      }
                    }
                  },
                  millis,
                  TimeUnit.MILLISECONDS);
    }

    @Override
    public void offLoop(Runnable blocking) {
      target.offLoop().execute(blocking);
    }

    @Override
    public boolean take(int bytes) {
      return true;
    }

    @Override
    public void giveBack(int bytes) {
      // One statement of a limited size, which goes with this.
    }

    @Override
    public void distrust(String what) {
      lost(new IOException(what));
    }
  }
}
