package dev.crossfade.sidecar;

import dev.crossfade.net.handover.HandoverPort;
import dev.crossfade.net.handover.Heirloom;
import dev.crossfade.net.handover.Takeover;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.sidecar.config.SidecarConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one process of the sidecar takes another one's place, and is followed by a third, while
 * clients notice nothing. {@link HandoverPort} draws what they say to each other.
 */
final class Succession implements HandoverPort.Estate, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final String source;
  private final Optional<SidecarConfig.Upgrade> upgrade;
  private final EventLoops loops;
  private final Executor blocking;
  private final CountDownLatch followed = new CountDownLatch(1);
  private final Runnable givenUp;
  private @Nullable Takeover takeover;
  private @Nullable Ports ports;
  private volatile @Nullable HandoverPort next;

  /**
   * @param givenUp run when another process has taken this one's place
   */
  Succession(SidecarConfig config, EventLoops loops, Executor blocking, Runnable givenUp) {
    this.source = config.source() + " upgrade.socket";
    this.upgrade = config.upgrade();
    this.loops = loops;
    this.blocking = blocking;
    this.givenUp = givenUp;
  }

  /**
   * Looks whether another process is to be followed.
   *
   * @throws StartException when there is one that cannot be
   */
  void begin() throws StartException {
    if (upgrade.isEmpty()) {
      return;
    }
    if (!loops.isNative()) {
      throw new StartException(
          source + ": sockets can be handed over on Linux only; leave upgrade out here");
    }
    try {
      takeover = Takeover.begin(loops, upgrade.get().socket()).orElse(null);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  EventLoops loops() {
    return loops;
  }

  boolean isTakingOver() {
    return takeover != null;
  }

  /** Where the other process listens. */
  List<String> offered() {
    return following().names();
  }

  /** What it listens with. */
  List<Heirloom> receive() throws StartException {
    try {
      return following().receive();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private Takeover following() {
    if (takeover == null) {
      throw new IllegalStateException("nobody is followed");
    }
    return takeover;
  }

  private StartException refused(IOException e) {
    return new StartException(
        source + ": the running sidecar cannot be followed: " + e.getMessage());
  }

  /**
   * From here on this process is the one that lets clients in.
   *
   * @throws StartException when it cannot be; the other one goes on then
   */
  void accept(Ports mine) throws StartException {
    ports = mine;
    boolean following = takeover != null;
    try {
      if (following) {
        following().ready();
      }
      mine.claim(following);
      open();
      mine.accept();
      if (following) {
        following().taken();
        following().close();
      }
    } catch (StartException e) {
      if (following) {
        leaveTo(mine);
      }
      throw e;
    } catch (IOException e) {
      if (following) {
        leaveTo(mine);
      }
      throw new StartException(source.replace(" upgrade.socket", "") + ": " + e.getMessage());
    }
  }

  /** The other process goes on: what it listens at is not to be removed at this one's end. */
  private static void leaveTo(Ports mine) {
    try {
      mine.free();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("A lock was not left");
    }
  }

  private void open() throws IOException {
    if (upgrade.isPresent()) {
      next = HandoverPort.open(loops, upgrade.get().socket(), this, blocking);
    }
  }

  @Override
  public List<Heirloom> heirlooms() {
    return mine().heirlooms();
  }

  @Override
  public void free() throws IOException {
    close();
    mine().free();
  }

  @Override
  public void reclaim() {
    mine().reclaim();
    try {
      open();
    } catch (IOException e) {
      LOG.atError()
          .addKeyValue("reason", e.getMessage())
          .log("No process can take over from this one any more");
    }
  }

  @Override
  public void giveUp() {
    mine().giveUp();
  }

  @Override
  public void given() {
    mine().given();
    LOG.atInfo().log("Another process has taken over");
    givenUp.run();
    followed.countDown();
  }

  private Ports mine() {
    if (ports == null) {
      throw new IllegalStateException("nothing is open yet");
    }
    return ports;
  }

  /** Waits until another process has taken this one's place. */
  void awaitFollowed() throws InterruptedException {
    followed.await();
  }

  /** A process that is just being told everything needs this one until it knows. */
  void awaitQuiet(Duration most) throws InterruptedException {
    HandoverPort open = next;
    if (open != null) {
      open.awaitQuiet(most);
    }
  }

  /** How long clients may stay after that. */
  Duration linger() {
    return upgrade.map(SidecarConfig.Upgrade::linger).orElse(Duration.ZERO);
  }

  /** Nobody follows any more. */
  @Override
  public void close() {
    HandoverPort open = next;
    if (open != null) {
      open.close();
    }
  }
}
