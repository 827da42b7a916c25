package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL client on a blocking socket that sends exactly what it is told and returns exactly
 * what it gets.
 *
 * <p>Every wait is bounded by {@link #timeout(Duration)}; passing it throws an {@link IOException}
 * that shows the frames received so far. Unless {@link #read()} says otherwise, the end of the
 * connection is an {@link EOFException}.
 */
public final class WireClient implements AutoCloseable {
  /** A frame beyond this, in bytes, is taken for a broken stream. */
  private static final int MAX_FRAME = 256 << 20;

  private Socket socket;
  private Duration timeout = Duration.ofSeconds(20);
  private int protocol = Messages.PROTOCOL_3_0;
  private @Nullable BackendKey key;

  private WireClient(Socket socket) {
    this.socket = socket;
  }

  /** Connects without sending anything. */
  public static WireClient connect(String host, int port) throws IOException {
    Socket socket = new Socket();
    WireClient client = new WireClient(socket);
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(client.timeout.toMillis()));
      return client;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Goes on by TLS: shakes hands as a client.
   *
   * @param protocols offered by ALPN
   */
  public WireClient startTls(SSLContext context, String... protocols) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    secure.setSSLParameters(parameters);
    secure.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    secure.startHandshake();
    socket = secure;
    return this;
  }

  /** The session of {@link #startTls}. */
  public SSLSession tls() {
    return ((SSLSocket) socket).getSession();
  }

  /** Bounds every later wait; 20 seconds unless told. */
  public WireClient timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /** Logs in with this version, (major &lt;&lt; 16 | minor); 3.0 unless told. */
  public WireClient protocol(int version) {
    protocol = version;
    return this;
  }

  /**
   * Logs in and returns all frames up to ReadyForQuery, or up to the error that refused the login.
   */
  public List<Frame> login(String database, String user, String password) throws IOException {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", user);
    parameters.put("database", database);
    return login(parameters, password);
  }

  /**
   * Logs in with the given startup parameters and returns all frames as {@link #login(String,
   * String, String)} does.
   */
  public List<Frame> login(Map<String, String> parameters, String password) throws IOException {
    send(Messages.startup(protocol, parameters));
    String user = parameters.getOrDefault("user", "");
    Scram scram = new Scram(password);
    List<Frame> frames = new ArrayList<>();
    while (true) {
      Frame frame = readUntil(frames, "");
      switch (frame.type()) {
        case 'R' -> answer(frame, scram, user, password);
        case 'E', 'Z' -> {
          return frames;
        }
        default -> {}
      }
    }
  }

  private void answer(Frame frame, Scram scram, String user, String password) throws IOException {
    ByteBuffer challenge = frame.buffer();
    int code = challenge.getInt();
    byte[] data = new byte[challenge.remaining()];
    challenge.get(data);
    try {
      switch (code) {
        case 0 -> {}
        case 3 -> send(Messages.password(password));
        case 5 -> send(Messages.password(md5(user, password, data)));
        case 10 -> send(Messages.saslInitial(Scram.MECHANISM, scram.clientFirst()));
        case 11 -> send(Messages.sasl(scram.clientFinal(new String(data, UTF_8))));
        case 12 -> scram.verify(new String(data, UTF_8));
        default -> throw new IOException("cannot answer " + frame);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String md5(String user, String password, byte[] salt)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("MD5");
    String inner = HexFormat.of().formatHex(digest.digest((password + user).getBytes(UTF_8)));
    digest.update(inner.getBytes(UTF_8));
    return "md5" + HexFormat.of().formatHex(digest.digest(salt));
  }

  /** The key from the last BackendKeyData. */
  public BackendKey key() {
    if (key == null) {
      throw new IllegalStateException("no BackendKeyData was received");
    }
    return key;
  }

  /** Sends bytes in one write; messages given together arrive together. */
  public WireClient send(byte[]... messages) throws IOException {
    socket.getOutputStream().write(Messages.join(messages));
    return this;
  }

  /** Sends messages and returns all frames up to ReadyForQuery. */
  public List<Frame> exchange(byte[]... messages) throws IOException {
    send(messages);
    return readUntilReady();
  }

  /** Runs statements in the simple protocol and returns all frames up to ReadyForQuery. */
  public List<Frame> query(String sql) throws IOException {
    return exchange(Messages.query(sql));
  }

  /** Reads all frames up to ReadyForQuery. */
  public List<Frame> readUntilReady() throws IOException {
    return readUntil("Z");
  }

  /** Reads all frames up to the first whose type is one of these letters. */
  public List<Frame> readUntil(String types) throws IOException {
    List<Frame> frames = new ArrayList<>();
    while (types.indexOf(readUntil(frames, types).type()) < 0) {
      // The frame is in the list.
    }
    return frames;
  }

  /** Reads exactly so many frames. */
  public List<Frame> read(int count) throws IOException {
    List<Frame> frames = new ArrayList<>();
    while (frames.size() < count) {
      readUntil(frames, "");
    }
    return frames;
  }

  /** Reads one frame; null if the connection ended before it. */
  public @Nullable Frame read() throws IOException {
    return read(deadline());
  }

  /** Reads all frames up to the end of the connection, which may also be a reset. */
  public List<Frame> readUntilClosed() throws IOException {
    List<Frame> frames = new ArrayList<>();
    long deadline = deadline();
    try {
      for (Frame frame = read(deadline); frame != null; frame = read(deadline)) {
        frames.add(frame);
      }
    } catch (SocketTimeoutException e) {
      throw failure("the connection is still open", frames, e);
    } catch (IOException reset) {
      // As closed as it can be.
    }
    return frames;
  }

  /** Reads the single byte that answers an SSLRequest or a GSSENCRequest. */
  public char readByte() throws IOException {
    return (char) bytes(1, deadline())[0];
  }

  /** Ends this side's half of the connection, while the other half stays open. */
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection with a reset, as a dying client's kernel does when data is left unread. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Reads one more frame into the list. */
  private Frame readUntil(List<Frame> frames, String types) throws IOException {
    String awaited = types.isEmpty() ? "another frame" : "a frame of " + types;
    try {
      Frame frame = read(deadline());
      if (frame == null) {
        throw new EOFException("the connection ended");
      }
      frames.add(frame);
      return frame;
    } catch (SocketTimeoutException e) {
      throw failure("no " + awaited + " within " + timeout, frames, e);
    } catch (EOFException e) {
      EOFException described =
          new EOFException(
              e.getMessage() + " instead of " + awaited + " after:\n" + FrameText.of(frames));
      described.initCause(e);
      throw described;
    }
  }

  private static IOException failure(String what, List<Frame> frames, IOException cause) {
    return new IOException(what + " after:\n" + FrameText.of(frames), cause);
  }

  private @Nullable Frame read(long deadline) throws IOException {
    int type = readOrEnd(deadline);
    if (type < 0) {
      return null;
    }
    int length = ByteBuffer.wrap(bytes(4, deadline)).getInt();
    if (length < 4 || length > MAX_FRAME) {
      throw new IOException("a frame " + (char) type + " of " + length + " bytes");
    }
    Frame frame = new Frame((char) type, bytes(length - 4, deadline));
    if (frame.type() == 'K') {
      ByteBuffer body = frame.buffer();
      key = new BackendKey(body.getInt(), body.getInt());
    }
    return frame;
  }

  private int readOrEnd(long deadline) throws IOException {
    limitWait(deadline);
    return socket.getInputStream().read();
  }

  private byte[] bytes(int count, long deadline) throws IOException {
    byte[] bytes = new byte[count];
    for (int filled = 0; filled < count; ) {
      limitWait(deadline);
      int read = socket.getInputStream().read(bytes, filled, count - filled);
      if (read < 0) {
        throw new EOFException("the connection ended inside a frame");
      }
      filled += read;
    }
    return bytes;
  }

  private long deadline() {
    return System.nanoTime() + timeout.toNanos();
  }

  private void limitWait(long deadline) throws IOException {
    long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (millis <= 0) {
      throw new SocketTimeoutException("deadline passed");
    }
    socket.setSoTimeout(Math.toIntExact(millis));
  }
}
