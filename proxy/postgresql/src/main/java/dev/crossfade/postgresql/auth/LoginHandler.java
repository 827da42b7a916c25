package dev.crossfade.postgresql.auth;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.CancelKey;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session on a server and leaves the pipeline at its first ReadyForQuery, or as soon as the
 * server has let it in.
 *
 * <pre>
 * -> startup   <- R (cleartext | md5 | SASL) -> p ... <- R ok, S*, K, Z
 *                                                     '-- from here on for another, if one wants it
 * </pre>
 *
 * <p>Deriving the SCRAM keys takes milliseconds, so that one step runs on the executor.
 */
public final class LoginHandler extends ChannelInboundHandlerAdapter
    implements BackendDecoder.Sink {
  /** What came of the login. */
  public interface Outcome {
    /**
     * The server has let the sidecar in; its AuthenticationOk is the next frame.
     *
     * @return true: a next owner has added its handler to the channel's pipeline and gets that
     *     frame and all that follow as they came; nothing else is called any more
     */
    default boolean letIn(Channel channel) {
      return false;
    }

    /**
     * The next owner adds its handler to the channel's pipeline before it returns, so that no byte
     * is lost.
     */
    void loggedIn(LoggedIn loggedIn);

    /** A {@link LoginFailure} or an {@link IOException}; the channel is closed. */
    void failed(Channel channel, Throwable cause);
  }

  private static final int OK = 0;
  private static final int CLEARTEXT = 3;
  private static final int MD5 = 5;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;

  private final Credentials credentials;
  private final Map<String, String> parameters;
  private final Outcome outcome;
  private final Executor offLoop;
  private final Map<String, String> statuses = new LinkedHashMap<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable BackendDecoder decoder;
  private @Nullable CancelKey cancelKey;
  private @Nullable ScramClient scram;
  private boolean done;
  private boolean handedOver;

  /**
   * @param parameters of the start-up packet besides the user
   * @param outcome told of one end, on the channel's event loop
   */
  public LoginHandler(
      Credentials credentials, Map<String, String> parameters, Outcome outcome, Executor offLoop) {
    this.credentials = credentials;
    this.parameters = new LinkedHashMap<>(parameters);
    this.parameters.put("user", credentials.user());
    this.outcome = outcome;
    this.offLoop = offLoop;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    decoder = new BackendDecoder(added.alloc(), this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    if (decoder != null) {
      decoder.release();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    active.writeAndFlush(Frames.startup(active.alloc(), parameters), active.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object chunk) {
    if (decoder == null) {
      ((ByteBuf) chunk).release();
      return;
    }
    try {
      decoder.decode((ByteBuf) chunk);
    } catch (ProtocolViolation e) {
      fail(new LoginFailure(e.reason()));
    }
    // What has begun to pass here ends here.
    if (handedOver && decoder.isAtFrameBoundary()) {
      reading.pipeline().remove(this);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    if (handedOver) {
      inactive.fireChannelInactive();
    }
    fail(new IOException("the server closed the connection during login"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    fail(cause);
  }

  @Override
  public BackendDecoder.Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    if (handedOver) {
      return BackendDecoder.Verdict.FORWARD;
    }
    if (done) {
      return BackendDecoder.Verdict.STOP;
    }
    switch (type) {
      case BackendType.AUTHENTICATION -> authenticate(borrowed, start, end);
      case BackendType.PARAMETER_STATUS -> status(borrowed, start, end);
      case BackendType.BACKEND_KEY_DATA -> {
        byte[] secret = new byte[end - start - 9];
        borrowed.getBytes(start + 9, secret);
        cancelKey = new CancelKey(borrowed.getInt(start + 5), secret);
      }
      case BackendType.ERROR -> {
        ErrorFields error = ErrorFields.read(borrowed, start, end);
        fail(
            new LoginFailure(
                error.message() + " (SQLSTATE " + error.sqlState() + ')', error.sqlState()));
      }
      case BackendType.READY_FOR_QUERY -> succeed();
      default -> {
        // Notices and the negotiated minor version need no answer.
      }
    }
    if (handedOver) {
      return BackendDecoder.Verdict.FORWARD;
    }
    return done ? BackendDecoder.Verdict.STOP : BackendDecoder.Verdict.DROP;
  }

  private void status(ByteBuf borrowed, int start, int end) {
    int zero = borrowed.indexOf(start + 5, end, (byte) 0);
    statuses.put(
        borrowed.toString(start + 5, zero - start - 5, StandardCharsets.UTF_8),
        borrowed.toString(zero + 1, end - zero - 2, StandardCharsets.UTF_8));
  }

  private void authenticate(ByteBuf borrowed, int start, int end) {
    int method = borrowed.getInt(start + 5);
    byte[] body = new byte[end - start - 9];
    borrowed.getBytes(start + 9, body);
    try {
      switch (method) {
        // The statuses and the key follow.
        case OK -> handedOver = outcome.letIn(context().channel());
        case CLEARTEXT -> answer(PasswordAnswer.cleartext(credentials));
        case MD5 -> answer(PasswordAnswer.md5(credentials, body));
        case SASL -> startScram(body);
        case SASL_CONTINUE -> continueScram(new String(body, StandardCharsets.UTF_8));
        case SASL_FINAL -> scram().serverFinalMessage(new String(body, StandardCharsets.UTF_8));
        default ->
            fail(
                new LoginFailure(
                    "the server asks for authentication method "
                        + method
                        + "; trust, password, md5 and SCRAM-SHA-256 are understood"));
      }
    } catch (ScramException | IllegalArgumentException e) {
      fail(new LoginFailure("SCRAM failed: " + e.getMessage()));
    }
  }

  private ScramClient scram() throws ScramException {
    if (scram == null) {
      throw new IllegalArgumentException(
          "the server went on with a SASL exchange that was not begun");
    }
    return scram;
  }

  private void startScram(byte[] body) throws ScramException {
    List<String> mechanisms =
        new ArrayList<>(List.of(new String(body, StandardCharsets.UTF_8).split("\0")));
    mechanisms.removeIf(mechanism -> mechanism.isEmpty() || mechanism.endsWith("-PLUS"));
    scram =
        ScramClient.builder()
            .advertisedMechanisms(mechanisms)
            .username("*")
            .password(credentials.password().toCharArray())
            .build();
    byte[] name = scram.getScramMechanism().getName().getBytes(StandardCharsets.US_ASCII);
    byte[] first = scram.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
    ByteBuf message = context().alloc().buffer();
    message.writeBytes(name).writeByte(0).writeInt(first.length).writeBytes(first);
    byte[] answer = new byte[message.readableBytes()];
    message.readBytes(answer).release();
    answer(answer);
  }

  private void continueScram(String serverFirst) throws ScramException {
    ScramClient client = scram();
    Supplier<byte[]> derive =
        () -> {
          try {
            client.serverFirstMessage(serverFirst);
            return client.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
          } catch (ScramException e) {
            throw new IllegalStateException(e.getMessage(), e);
          }
        };
    ChannelHandlerContext here = context();
    offLoop.execute(
        () -> {
          Runnable next;
          try {
            byte[] last = derive.get();
            next = () -> answer(last);
          } catch (RuntimeException e) {
            next = () -> fail(new LoginFailure("SCRAM failed: " + e.getMessage()));
          }
          back(here, next);
        });
  }

  private static void back(ChannelHandlerContext here, Runnable next) {
    try {
      here.executor().execute(next);
    } catch (RejectedExecutionException e) {
      // The loop has ended meanwhile, and closed the channel.
    }
  }

  private void answer(byte[] body) {
    ChannelHandlerContext here = context();
    if (here.channel().isActive()) {
      here.writeAndFlush(Frames.password(here.alloc(), body), here.voidPromise());
    }
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  private void succeed() {
    ChannelHandlerContext here = context();
    LoggedIn loggedIn = new LoggedIn(here.channel(), statuses, cancelKey);
    done = true;
    outcome.loggedIn(loggedIn);
    here.pipeline().remove(this);
  }

  private void fail(Throwable cause) {
    if (handedOver) {
      context().close();
    } else if (!done) {
      done = true;
      context().close();
      outcome.failed(context().channel(), cause);
    }
  }

  @Override
  public ByteBuf replacement() {
    throw new IllegalStateException("login replaces no frame");
  }

  @Override
  public void passesUnread(byte type) {
    if (!handedOver) {
      fail(new LoginFailure("the server sent a '" + (char) type + "' frame during login"));
    }
  }

  @Override
  public void forward(ByteBuf bytes) {
    if (handedOver) {
      context().fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }
}
