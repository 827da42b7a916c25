package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Tally.Event;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;

/** A connection that is given up amid its first packet, or before its login is answered. */
final class HalfLogin implements Swarm.Channelled {
  private final SocketChannel channel;
  private final ByteBuffer part;
  private final Tally tally;

  private HalfLogin(SocketChannel channel, ByteBuffer part, Tally tally) {
    this.channel = channel;
    this.part = part;
    this.tally = tally;
  }

  static void attempt(Swarm swarm, SoakClient.Task task, SplittableRandom random) {
    byte[] startup = Questions.startup(task.user(), task.database());
    ByteBuffer part = ByteBuffer.wrap(startup, 0, 1 + random.nextInt(startup.length));
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      if (random.nextBoolean()) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      channel.connect(task.server());
      swarm.register(channel, SelectionKey.OP_CONNECT, new HalfLogin(channel, part, task.tally()));
    } catch (IOException e) {
      task.tally().failed("half a login: " + e);
    }
  }

  @Override
  public void ready(SelectionKey key) {
    try (channel) {
      channel.finishConnect();
      channel.write(part);
      tally.count(Event.HALF_LOGINS);
    } catch (IOException e) {
      tally.failed("half a login: " + e);
    }
  }
}
