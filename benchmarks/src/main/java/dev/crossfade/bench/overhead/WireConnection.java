package dev.crossfade.bench.overhead;

import dev.crossfade.bench.wire.FrameWriter;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection that costs next to nothing: it writes ready-made frames and looks at no more of the
 * answer than frame types and lengths. One thread; blocks.
 */
final class WireConnection implements AutoCloseable {
  private static final int PROTOCOL = 3 << 16;
  private static final int HEADER = 5;

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);

  private WireConnection(SocketChannel channel) {
    this.channel = channel;
    in.limit(0);
  }

  /**
   * Connects and logs in as a user who needs no password.
   *
   * @throws IOException also when the server refuses
   */
  static WireConnection open(Endpoint endpoint) throws IOException {
    SocketChannel channel = SocketChannel.open();
    WireConnection connection = new WireConnection(channel);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(new InetSocketAddress(endpoint.host(), endpoint.port()));
      FrameWriter startup = new FrameWriter();
      startup.unnamedFrame().int32(PROTOCOL).text("user").text(endpoint.user());
      startup.text("database").text(endpoint.database()).raw(0).end();
      connection.ask(ByteBuffer.wrap(startup.toBytes()));
      return connection;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /** Where to connect, and as whom. */
  record Endpoint(String host, int port, String user, String database) {}

  /**
   * Sends a batch and reads to its ReadyForQuery.
   *
   * @return how many rows came
   * @throws IOException when the connection ends, or the server answers with an error
   */
  int ask(ByteBuffer batch) throws IOException {
    while (batch.hasRemaining()) {
      channel.write(batch);
    }
    int rows = 0;
    while (true) {
      need(HEADER);
      byte type = in.get(in.position());
      int length = in.getInt(in.position() + 1) + 1;
      if (type == 'E') {
        need(length);
        byte[] error = new byte[length - HEADER];
        in.get(in.position() + HEADER, error);
        throw new IOException(
            "the server answered: " + new String(error, StandardCharsets.UTF_8).replace('\0', ' '));
      }
      skip(length);
      if (type == 'D') {
        rows++;
      } else if (type == 'Z') {
        return rows;
      }
    }
  }

  private void need(int bytes) throws IOException {
    while (in.remaining() < bytes) {
      in.compact();
      int read = channel.read(in);
      in.flip();
      if (read < 0) {
        throw new EOFException("the server closed the connection");
      }
    }
  }

  private void skip(int bytes) throws IOException {
    int left = bytes;
    while (left > 0) {
      need(1);
      int step = Math.min(left, in.remaining());
      in.position(in.position() + step);
      left -= step;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
