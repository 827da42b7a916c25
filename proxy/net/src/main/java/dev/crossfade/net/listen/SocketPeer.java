package dev.crossfade.net.listen;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.util.OptionalInt;

/** Who is at the other end of a UNIX socket, as the kernel noted it when it connected. */
public final class SocketPeer {
  private SocketPeer() {}

  /**
   * The number of the system user that the peer runs as; empty where it is not known: through a
   * network, and where the machine has no epoll.
   */
  public static OptionalInt uid(Channel channel) {
    if (!(channel instanceof EpollDomainSocketChannel local)) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(local.peerCredentials().uid());
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }
}
