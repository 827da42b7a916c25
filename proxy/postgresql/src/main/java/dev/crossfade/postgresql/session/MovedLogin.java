package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.auth.LoggedIn;
import io.netty.channel.Channel;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets a session in on new, for {@link MovedSide}: when it has to be there, or before. */
final class MovedLogin {
  /** Over so many moments sessions are spread that connect before they have to. */
  private static final int AHEAD_SLOTS = 64;

  private static final long AHEAD_SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ClientSession session;
  private final Consumer<LoggedIn> opened;
  private final BiConsumer<Channel, Throwable> lost;
  private @Nullable Channel connecting;
  private long began;
  private boolean ahead;
  private boolean needed = true;

  /**
   * @param opened told of the channel that new has let in
   * @param lost told of one that it has not
   */
  MovedLogin(
      ClientSession session, Consumer<LoggedIn> opened, BiConsumer<Channel, Throwable> lost) {
    this.session = session;
    this.opened = opened;
    this.lost = lost;
  }

  /** The channel that is on its way. */
  @Nullable Channel channel() {
    return connecting;
  }

  /** Connects, where that is not under way; whoever waits for it waits no longer than the limit. */
  void begin() {
    began = System.nanoTime();
    if (connecting == null) {
      connecting = NewLogin.begin(session, opened, lost);
    }
    session.later(session.context().limits().newTimeout().toNanos(), this::check);
  }

  /**
   * The session writes what may be new's at any time: it is connected before, or all sessions would
   * log in at the moment at which nobody can write. Not all of them at once here either, and where
   * new does not let it in, it is asked again only when it has to be.
   */
  void beginAhead() {
    if (ahead || !needed) {
      return;
    }
    ahead = true;
    session.later(
        session.id() % AHEAD_SLOTS * AHEAD_SLOT_NANOS,
        () -> {
          if (needed && connecting == null && !session.isClosed()) {
            begin();
          }
        });
  }

  private void check() {
    Channel waitsFor = connecting;
    long limit = session.context().limits().newTimeout().toNanos();
    if (waitsFor != null && System.nanoTime() - began >= limit) {
      lost.accept(waitsFor, new SocketTimeoutException("no login in time"));
    }
  }

  /**
   * There is none under way any more.
   *
   * @param isOpen whether the session is connected
   */
  void ended(boolean isOpen) {
    connecting = null;
    needed = !isOpen;
  }
}
