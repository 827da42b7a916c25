package dev.crossfade.postgresql.catalog;

import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.auth.LoginHandler;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar's own connection to a server: one question at a time, opened when first asked and
 * again after it was lost. Blocks its callers, each for at most the timeout.
 */
public final class MetadataConnection implements AutoCloseable {
  private static final byte[] UNNAMED = new byte[0];

  /** Where to, and as whom. */
  public record Target(Endpoint endpoint, String database, Credentials credentials) {}

  private final Connector connector;
  private final EventLoop loop;
  private final Executor offLoop;
  private final Target target;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Channel channel;

  public MetadataConnection(
      Connector connector, EventLoop loop, Executor offLoop, Target target, Duration timeout) {
    this.connector = connector;
    this.loop = loop;
    this.offLoop = offLoop;
    this.target = target;
    this.timeout = timeout;
  }

  /**
   * Runs one statement.
   *
   * @return its rows, each column as text or null
   * @throws MetadataException when the server says no or cannot be asked in time
   */
  public List<List<@Nullable String>> query(String sql) throws MetadataException {
    return ask(out -> Frames.query(out, sql.getBytes(StandardCharsets.UTF_8))).rows();
  }

  /**
   * Describes a statement without running it.
   *
   * @param parameterTypes OIDs that are fixed; 0 and missing ones are inferred
   * @return null when it returns no rows
   */
  public ReadPlan.@Nullable Description describe(byte[] sql, int[] parameterTypes)
      throws MetadataException {
    Answer answer = askToDescribe(sql, parameterTypes);
    RowDescription rows = answer.description();
    byte[] parameters = answer.parameterFrame();
    return rows == null || parameters == null
        ? null
        : new ReadPlan.Description(types(parameters), parameters, rows);
  }

  /** Describes a statement that may return no rows. */
  Described describeAny(byte[] sql, int[] parameterTypes) throws MetadataException {
    Answer answer = askToDescribe(sql, parameterTypes);
    byte[] parameters = answer.parameterFrame();
    return new Described(parameters == null ? new int[0] : types(parameters), answer.description());
  }

  /**
   * A statement's description.
   *
   * @param rows null when it returns none
   */
  record Described(int[] parameterTypes, @Nullable RowDescription rows) {}

  private Answer askToDescribe(byte[] sql, int[] parameterTypes) throws MetadataException {
    return ask(
        out -> {
          Frames.parse(out, UNNAMED, sql, parameterTypes);
          Frames.describeStatement(out, UNNAMED);
          Frames.sync(out);
        });
  }

  /**
   * Prepares a statement under a name, until the connection is lost or deallocates it.
   *
   * @param name ASCII
   * @param parameterTypes OIDs that are fixed; 0 and missing ones are inferred
   */
  public void prepare(String name, byte[] sql, int[] parameterTypes) throws MetadataException {
    ask(
        out -> {
          Frames.parse(out, name.getBytes(StandardCharsets.US_ASCII), sql, parameterTypes);
          Frames.sync(out);
        });
  }

  /** 't' int32 length int16 count int32* */
  private static int[] types(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame, 5, frame.length - 5);
    int[] types = new int[bytes.getShort() & 0xffff];
    for (int i = 0; i < types.length; i++) {
      types[i] = bytes.getInt();
    }
    return types;
  }

  private Answer ask(Consumer<ByteBuf> question) throws MetadataException {
    lock.lock();
    try {
      Channel open = channel;
      if (open == null || !open.isActive()) {
        open = connect();
        channel = open;
      }
      Answer answer = new Answer();
      Channel asked = open;
      ByteBuf out = asked.alloc().buffer();
      question.accept(out);
      asked
          .eventLoop()
          .execute(
              () -> {
                asked.pipeline().get(AnswerHandler.class).expect(answer);
                asked.writeAndFlush(out, asked.voidPromise());
              });
      Answer whole = await(answer.done());
      ErrorFields error = whole.error();
      if (error != null) {
        throw MetadataException.refused(
            error.message() + " (SQLSTATE " + error.sqlState() + ')', whole.errorFrame());
      }
      return whole;
    } finally {
      lock.unlock();
    }
  }

  private Channel connect() throws MetadataException {
    CompletableFuture<Channel> opened = new CompletableFuture<>();
    LoginHandler.Outcome outcome =
        new LoginHandler.Outcome() {
          @Override
          public void loggedIn(LoggedIn loggedIn) {
            loggedIn.channel().pipeline().addLast(new AnswerHandler());
            opened.complete(loggedIn.channel());
          }

          @Override
          public void failed(Channel failed, Throwable cause) {
            opened.completeExceptionally(cause);
          }
        };
    Map<String, String> parameters =
        Map.of(
            "database",
            target.database(),
            "client_encoding",
            "UTF8",
            "application_name",
            "crossfade");
    connector
        .connect(
            target.endpoint(),
            loop,
            new LoginHandler(target.credentials(), parameters, outcome, offLoop))
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (!done.isSuccess()) {
                    opened.completeExceptionally(done.cause());
                  }
                });
    return await(opened);
  }

  private <T> T await(CompletableFuture<T> future) throws MetadataException {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      drop();
      throw MetadataException.unreachable(
          target.endpoint() + " did not answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      drop();
      throw MetadataException.unreachable(target.endpoint() + ": " + reason(e));
    } catch (InterruptedException e) {
      drop();
      Thread.currentThread().interrupt();
      throw MetadataException.unreachable("interrupted");
    }
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause == null
        ? String.valueOf(failure.getMessage())
        : String.valueOf(cause.getMessage());
  }

  private void drop() {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      drop();
    } finally {
      lock.unlock();
    }
  }
}
