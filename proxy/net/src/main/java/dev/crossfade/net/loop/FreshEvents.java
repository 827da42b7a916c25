package dev.crossfade.net.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/**
 * An event loop's epoll whose channels get their own events only.
 *
 * <p>The kernel hands over events in bundles, and the handler looks up by its file descriptor whom
 * one concerns. When a channel is closed on account of the first event of a bundle and another is
 * opened on account of the second, the kernel gives the new one the old one's descriptor, the
 * lowest that is free; an event of the closed channel that is third would then be taken for the new
 * one's, and a hang-up among them ends a connection that has only just begun. So a channel that was
 * registered while a bundle is being worked off hears nothing of that bundle: none of its events
 * can be in there.
 */
final class FreshEvents implements IoHandler {
  private final IoHandler epoll;
  private long bundle;

  private FreshEvents(IoHandler epoll) {
    this.epoll = epoll;
  }

  /**
   * @param epoll makes handlers of {@link EpollIoHandle}s
   */
  static IoHandlerFactory of(IoHandlerFactory epoll) {
    return executor -> new FreshEvents(epoll.newHandler(executor));
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    bundle++;
    try {
      return epoll.run(context);
    } finally {
      // What is registered from now on may hear of the next one.
      bundle++;
    }
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return epoll.register(
        handle instanceof EpollIoHandle channel ? new Newcomer(channel, bundle) : handle);
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handle) {
    return epoll.isCompatible(handle);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  /** A channel, and what was being worked off when it came. */
  private final class Newcomer implements EpollIoHandle {
    private final EpollIoHandle channel;
    private final long during;

    Newcomer(EpollIoHandle channel, long during) {
      this.channel = channel;
      this.during = during;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (bundle != during) {
        channel.handle(registration, event);
      }
    }

    @Override
    public FileDescriptor fd() {
      return channel.fd();
    }

    @Override
    public void registered() {
      channel.registered();
    }

    @Override
    public void unregistered() {
      channel.unregistered();
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }
  }
}
