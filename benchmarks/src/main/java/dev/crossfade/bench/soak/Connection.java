package dev.crossfade.bench.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection of a client; what was begun for an earlier one does not touch a later one. */
final class Connection {
  final SocketChannel channel;
  final SelectionKey key;
  ByteBuffer out = ByteBuffer.allocate(0);

  /** Cancel requests that were sent and whose connections are open. */
  int cancelsUnderWay;

  /** Cancel requests that wait for their moment. */
  int cancelsPlanned;

  Connection(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  /** Sends what comes next; what went before has been sent. */
  void send(byte[] bytes) throws IOException {
    out = ByteBuffer.wrap(bytes);
    flush();
  }

  /** Writes what can be written, and asks to be told when the rest can. */
  void flush() throws IOException {
    channel.write(out);
    int write = out.hasRemaining() ? SelectionKey.OP_WRITE : 0;
    key.interestOps((key.interestOps() & ~SelectionKey.OP_WRITE) | write);
  }
}
