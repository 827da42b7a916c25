package dev.crossfade.net.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;

/** What is settled on a new channel before its owner may speak, such as encryption. */
@FunctionalInterface
public interface Opening {
  /**
   * The handler that stands before the owner's. It keeps {@code channelActive} back until all is
   * settled; then it keeps the promise, passes {@code channelActive} on and leaves the pipeline. If
   * nothing comes of it, it fails the promise and closes the channel, and the owner hears of that
   * from the promise alone.
   */
  ChannelHandler handler(ChannelPromise settled);
}
