package dev.crossfade.bench.soak;

import dev.crossfade.bench.wire.FrameWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A cancel request on a connection of its own, under way until the server has closed that. */
final class CancelRequest implements Swarm.Channelled {
  private static final int CANCEL = 80877102;

  private final SocketChannel channel;
  private final ByteBuffer request;
  private final Outcome outcome;

  /** Who wants to know of the end. */
  interface Outcome {
    /** The server has closed the connection. */
    void cancelEnded();

    void cancelFailed(IOException why);
  }

  private CancelRequest(SocketChannel channel, ByteBuffer request, Outcome outcome) {
    this.channel = channel;
    this.request = request;
    this.outcome = outcome;
  }

  /**
   * Begins to connect.
   *
   * @param key of the session: process and secret
   */
  static void send(Swarm swarm, InetSocketAddress server, byte[] key, Outcome outcome) {
    FrameWriter writer = new FrameWriter();
    writer.unnamedFrame().int32(CANCEL).bytes(key).end();
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(server);
      swarm.register(
          channel,
          SelectionKey.OP_CONNECT,
          new CancelRequest(channel, ByteBuffer.wrap(writer.toBytes()), outcome));
    } catch (IOException e) {
      outcome.cancelFailed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) {
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        // Sixteen bytes fit into every send buffer.
        channel.write(request);
        key.interestOps(SelectionKey.OP_READ);
      } else if (channel.read(ByteBuffer.allocate(1)) < 0) {
        channel.close();
        outcome.cancelEnded();
      } else {
        throw new IOException("bytes came where the server only closes");
      }
    } catch (IOException e) {
      try {
        channel.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      outcome.cancelFailed(e);
    }
  }
}
