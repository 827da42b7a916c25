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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one process of the sidecar takes another one's place, and is followed by a third, while
 * clients notice nothing. {@link HandoverPort} draws what they say to each other.
 */
final class Succession implements HandoverPort.Estate, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  /** A process that is being ended by the system gives up one thing after the other. */
  private static final Duration DYING_MAX = Duration.ofSeconds(10);

  private static final Duration DYING_PAUSE = Duration.ofMillis(2);

  /** Another process may have just begun, and is not to be followed yet. */
  private static final Duration BEGINNING_MAX = Duration.ofMinutes(1);

  private static final Duration BEGINNING_PAUSE = Duration.ofMillis(100);

  /** A process that takes over may have to wait for others, and nobody needs a standby sooner. */
  private static final Duration BUSY_MAX = Duration.ofHours(2);

  private final String source;
  private final Optional<SidecarConfig.Upgrade> upgrade;
  private final EventLoops loops;
  private final Executor blocking;
  private final CountDownLatch followed = new CountDownLatch(1);
  private final Runnable givenUp;
  private final boolean standby;
  private final long begun = System.nanoTime();
  private volatile @Nullable Takeover takeover;
  private volatile boolean waiting;
  private boolean toldOfWaiting;
  private @Nullable Ports ports;
  private volatile @Nullable HandoverPort next;

  /**
   * @param standby whether a process that runs is let run until it ends
   * @param givenUp run when another process has taken this one's place
   */
  Succession(
      SidecarConfig config,
      boolean standby,
      EventLoops loops,
      Executor blocking,
      Runnable givenUp) {
    this.standby = standby;
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
      if (standby) {
        throw new StartException(
            source
                + ": it is missing, so there is no place where --standby could wait for the running"
                + " sidecar; give one, such as {socket: /run/crossfade/next}");
      }
      return;
    }
    if (!loops.isNative()) {
      throw new StartException(
          source + ": sockets can be handed over on Linux only; leave upgrade out here");
    }
    while (true) {
      try {
        takeover = Takeover.begin(loops, upgrade.get().socket()).orElse(null);
        return;
      } catch (Takeover.BusyException e) {
        if (!shouldWait(e, BUSY_MAX)) {
          throw refused(e);
        }
      } catch (IOException e) {
        throw refused(e);
      }
    }
  }

  /**
   * Whether it may be that another process has just begun, so that this one should {@link #begin}
   * once more. Waits a little.
   *
   * @param reason why this one cannot be the first
   */
  boolean shouldBeginAgain(StartException reason) {
    return !isTakingOver() && shouldWait(reason, BEGINNING_MAX);
  }

  /** Only who stands by has time. */
  private boolean shouldWait(Exception reason, Duration most) {
    if (!standby || System.nanoTime() - begun > most.toNanos()) {
      return false;
    }
    if (!toldOfWaiting) {
      toldOfWaiting = true;
      LOG.atInfo()
          .addKeyValue("reason", reason.getMessage())
          .addKeyValue("seconds at most", most.toSeconds())
          .log("This process cannot stand by yet, and tries again");
    }
    LockSupport.parkNanos(BEGINNING_PAUSE.toNanos());
    return true;
  }

  /** Whether {@link #accept} is going to wait for another process' end. */
  boolean standsBy() {
    return standby && isTakingOver();
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
    Takeover followed = takeover;
    if (followed == null) {
      throw new IllegalStateException("nobody is followed");
    }
    return followed;
  }

  private StartException refused(IOException e) {
    return new StartException(
        source + ": the running sidecar cannot be followed: " + e.getMessage());
  }

  /**
   * From here on this process is the one that lets clients in; a standby waits until it has to be.
   *
   * @param standing run when it is known to the other process that this one stands by
   * @return false when it is not to be: another process is, or this one ends
   * @throws StartException when it cannot be; the other one goes on then
   */
  boolean accept(Ports mine, Runnable standing) throws StartException {
    ports = mine;
    boolean following = isTakingOver();
    try {
      if (following && !(isLetGo(standing) && isFree(mine))) {
        leaveTo(mine);
        return false;
      }
      if (!following) {
        claim(mine, false);
      }
      mine.accept();
      if (following) {
        following().taken();
        following().close();
      }
      return true;
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

  /** Whether the other process lets go, or is gone. */
  private boolean isLetGo(Runnable standing) throws StartException, IOException {
    Takeover followed = following();
    if (!standsBy()) {
      followed.ready();
      return true;
    }
    waiting = true;
    try {
      return followed.standBy(standing);
    } catch (IOException e) {
      throw refused(e);
    } finally {
      waiting = false;
    }
  }

  /**
   * Claims what the other process had.
   *
   * @return false for one that stood by, when a third one has it
   */
  private boolean isFree(Ports mine) throws StartException, IOException {
    try {
      claim(mine, true);
      return true;
    } catch (StartException | IOException e) {
      if (!isSucceeded()) {
        throw e;
      }
      LOG.atInfo().addKeyValue("reason", e.getMessage()).log("Another process was sooner");
      if (standby) {
        return false;
      }
      throw new StartException(
          source
              + ": the sidecar that ran has died, and another process has taken over meanwhile;"
              + " start this one again to take over from that");
    }
  }

  /** Whether somebody waits for successors at the place that this process would wait at. */
  private boolean isSucceeded() {
    if (upgrade.isEmpty() || !following().isAlone()) {
      return false;
    }
    try {
      Optional<Takeover> other = Takeover.begin(loops, upgrade.get().socket());
      other.ifPresent(Takeover::close);
      return other.isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  /** What only one process may have. */
  private void claim(Ports mine, boolean following) throws StartException, IOException {
    long since = System.nanoTime();
    while (true) {
      try {
        mine.claim(following);
        open();
        return;
      } catch (StartException | IOException e) {
        boolean dying = following && following().isAlone();
        if (!dying || System.nanoTime() - since > DYING_MAX.toNanos()) {
          throw e;
        }
        mine.free();
        LockSupport.parkNanos(DYING_PAUSE.toNanos());
      }
    }
  }

  /** Ends the wait of a process that stands by; {@link #accept} is false then. */
  boolean stopWaiting() {
    Takeover followed = takeover;
    if (!waiting || followed == null) {
      return false;
    }
    followed.stopWaiting();
    return true;
  }

  /**
   * Hands over to the process that stands by, if one does. One that is just taking over is waited
   * for: it needs this one until it is done.
   */
  void leave(Duration most) throws InterruptedException {
    HandoverPort open = next;
    if (open == null || followed.getCount() == 0 || open.leaveToStandby()) {
      return;
    }
    open.awaitQuiet(most);
    if (followed.getCount() > 0 && !open.leaveToStandby()) {
      open.abandon();
    }
  }

  boolean hasStandby() {
    HandoverPort open = next;
    return open != null && open.hasStandby();
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
    HandoverPort known = next;
    if (known != null) {
      known.takePlace();
    } else if (upgrade.isPresent()) {
      next = HandoverPort.open(loops, upgrade.get().socket(), this, blocking);
    }
  }

  @Override
  public List<Heirloom> heirlooms() {
    return mine().heirlooms();
  }

  @Override
  public void free() throws IOException {
    HandoverPort open = next;
    if (open != null) {
      open.leavePlace();
    }
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
