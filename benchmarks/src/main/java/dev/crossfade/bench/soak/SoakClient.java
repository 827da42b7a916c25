package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Chaos.Break;
import dev.crossfade.bench.soak.Chaos.Calm;
import dev.crossfade.bench.soak.Chaos.Cancel;
import dev.crossfade.bench.soak.Chaos.Ending;
import dev.crossfade.bench.soak.Chaos.SlowRead;
import dev.crossfade.bench.soak.Tally.Event;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client: logs in, asks batch after batch, and comes back when its connection is gone. On its
 * {@link Swarm}'s thread only.
 */
final class SoakClient implements Swarm.Channelled {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
  private static final int SMALL_WINDOW_BYTES = 32 << 10;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final byte[] NOTHING = new byte[0];

  private final int number;
  private final Swarm swarm;
  private final Task task;
  private final SplittableRandom random;
  private final Answers answers;
  private final Questions questions;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

  private State state = State.GONE;
  private @Nullable Connection connection;
  private byte[] cancelKey = NOTHING;
  private Chaos chaos = new Calm();
  private int pausesLeft;
  private boolean answerBegan;
  private long movedAtNanos;

  private enum State {
    /** Up to the first ReadyForQuery. */
    LOGGING_IN,
    /** A batch is under way. */
    ASKING,
    /** Everything is answered; something is awaited before the next batch. */
    RESTING,
    /** The server is to close the connection; what it still says is not looked at. */
    LEAVING,
    GONE
  }

  /** What every client of a run has in common. */
  record Task(
      InetSocketAddress server, String user, String database, Chaos.Shares shares, Tally tally) {}

  SoakClient(int number, Swarm swarm, Task task, SplittableRandom random, Facts facts) {
    this.number = number;
    this.swarm = swarm;
    this.task = task;
    this.random = random;
    this.answers = new Answers(facts, task.tally());
    this.questions = new Questions(number, random, facts, answers);
  }

  boolean isGone() {
    return state == State.GONE && connection == null;
  }

  /** Connects, unless the run is ending. */
  void start() {
    if (swarm.isEnding()) {
      return;
    }
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (number % 4 == 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_WINDOW_BYTES);
      }
      connection = new Connection(channel, swarm.register(channel, SelectionKey.OP_CONNECT, this));
      channel.connect(task.server());
      state = State.LOGGING_IN;
      chaos = new Calm();
      answers.forget();
      in.clear();
      moved();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ready(SelectionKey key) {
    Connection mine = connection;
    if (mine == null || mine.key != key) {
      return;
    }
    try {
      if (key.isConnectable()) {
        mine.channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        mine.send(Questions.startup(task.user(), task.database()));
      }
      if (key.isValid() && key.isWritable()) {
        mine.flush();
      }
      if (key.isValid() && key.isReadable()) {
        read(mine);
      }
    } catch (IOException e) {
      if (state == State.LEAVING) {
        // A server may answer with a reset what arrives after the end.
        comeBack(Duration.ZERO);
      } else {
        failed(e);
      }
    }
  }

  /** Once a second: whether an answer is overdue. */
  void lookRound() {
    boolean waits = connection != null && state != State.RESTING;
    if (waits && System.nanoTime() - movedAtNanos > PATIENCE.toNanos()) {
      failed(new IOException("nothing came for " + PATIENCE.toSeconds() + " s while " + state));
    } else if (swarm.isEnding() && state == State.RESTING) {
      rested();
    }
  }

  private void moved() {
    movedAtNanos = System.nanoTime();
  }

  private void read(Connection from) throws IOException {
    if (state == State.LEAVING) {
      in.clear();
    }
    int count = from.channel.read(in);
    moved();
    if (count < 0) {
      if (state != State.LEAVING) {
        throw new EOFException("the server closed the connection");
      }
      comeBack(Duration.ZERO);
    } else if (state != State.LEAVING) {
      in.flip();
      takeFrames();
      in.compact();
      if (!in.hasRemaining()) {
        throw new WrongAnswer("a frame of more than " + BUFFER_BYTES + " bytes began");
      }
      afterReading(from);
    }
  }

  private void takeFrames() throws IOException {
    while (in.remaining() >= Frame.HEADER) {
      int length = in.getInt(in.position() + 1) + 1;
      if (length < Frame.HEADER) {
        throw new WrongAnswer("a frame of " + length + " bytes");
      }
      if (in.remaining() < length) {
        return;
      }
      if (state == State.LOGGING_IN) {
        takeLogin();
      } else {
        answers.accept(in, in.position());
      }
      in.position(in.position() + length);
    }
  }

  private void takeLogin() throws IOException {
    int at = in.position();
    switch (in.get(at)) {
      case 'E' -> throw new IOException("login: " + Frame.shown(in, at));
      case 'K' -> {
        cancelKey = new byte[in.getInt(at + 1) - Integer.BYTES];
        in.get(at + Frame.HEADER, cancelKey);
      }
      case 'Z' -> {
        task.tally().count(Event.LOGINS);
        state = State.ASKING;
        answers.begin();
        Connection mine = connection;
        if (mine != null) {
          mine.send(questions.preparation());
        }
      }
      default -> {}
    }
  }

  private void afterReading(Connection from) throws IOException {
    if (state == State.ASKING && !answerBegan) {
      answerBegan = true;
      if (chaos instanceof Break moment && moment.onFirstBytes()) {
        leave(from, moment.ending());
        return;
      }
    }
    if (state == State.ASKING && answers.isComplete()) {
      state = State.RESTING;
      rested();
    } else if (state == State.ASKING && pausesLeft > 0 && chaos instanceof SlowRead slow) {
      pausesLeft--;
      task.tally().count(Event.SLOW_READS);
      from.key.interestOps(from.key.interestOps() & ~SelectionKey.OP_READ);
      later(slow.each(), from, () -> resume(from));
    }
  }

  private void resume(Connection paused) {
    moved();
    paused.key.interestOps(paused.key.interestOps() | SelectionKey.OP_READ);
  }

  /** Asks the next batch, unless something has to happen first. */
  private void rested() {
    Connection mine = connection;
    if (mine == null || state != State.RESTING) {
      return;
    }
    boolean cancelsAwaited =
        mine.cancelsUnderWay + mine.cancelsPlanned > 0
            && (swarm.isEnding() || (chaos instanceof Cancel cancel && cancel.awaited()));
    if (cancelsAwaited || (chaos instanceof Break && !swarm.isEnding())) {
      return;
    }
    try {
      if (swarm.isEnding() || answers.isInTransaction()) {
        leave(mine, Ending.TERMINATE);
      } else {
        ask(mine);
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void ask(Connection mine) throws IOException {
    chaos = task.shares().draw(random);
    state = State.ASKING;
    answerBegan = false;
    pausesLeft = 0;
    answers.begin();
    if (mine.cancelsUnderWay > 0) {
      answers.allowCancelling();
    }
    byte[] batch = questions.next(chaos.extra());
    task.tally().count(Event.BATCHES);
    moved();
    switch (chaos) {
      case Calm calm -> mine.send(batch);
      case SlowRead slow -> {
        pausesLeft = slow.pauses();
        mine.send(batch);
      }
      case Cancel cancel -> {
        mine.send(batch);
        mine.cancelsPlanned++;
        later(cancel.after(), mine, () -> cancel(mine));
      }
      case Break leaving -> {
        boolean whole = leaving.sent() >= 1;
        int bytes = whole ? batch.length : 1 + (int) (leaving.sent() * (batch.length - 1));
        if (!whole) {
          task.tally().count(Event.HALF_FRAMES);
        }
        mine.send(Arrays.copyOf(batch, bytes));
        if (!leaving.onFirstBytes()) {
          later(leaving.after(), mine, () -> leave(mine, leaving.ending()));
        }
      }
    }
  }

  private void cancel(Connection mine) {
    mine.cancelsPlanned--;
    mine.cancelsUnderWay++;
    answers.allowCancelling();
    task.tally().count(Event.CANCELS);
    CancelRequest.send(
        swarm,
        task.server(),
        cancelKey,
        new CancelRequest.Outcome() {
          @Override
          public void cancelEnded() {
            mine.cancelsUnderWay--;
            if (mine == connection) {
              rested();
            }
          }

          @Override
          public void cancelFailed(IOException why) {
            mine.cancelsUnderWay--;
            task.tally().failed("client " + number + ": cancel request: " + why);
          }
        });
  }

  private void leave(Connection mine, Ending ending) {
    try {
      boolean amid = state == State.ASKING;
      state = State.LEAVING;
      moved();
      switch (ending) {
        case RESET -> {
          task.tally().count(Event.RESETS);
          mine.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
          comeBack(Duration.ZERO);
        }
        case CLOSE -> {
          task.tally().count(Event.CLOSES);
          comeBack(Duration.ZERO);
        }
        case HALF_CLOSE -> {
          task.tally().count(Event.CLOSES);
          mine.key.interestOps(SelectionKey.OP_READ);
          mine.channel.shutdownOutput();
        }
        case TERMINATE -> {
          if (amid) {
            task.tally().count(Event.TERMINATES);
          }
          byte[] rest = new byte[mine.out.remaining() + 5];
          int unsent = mine.out.remaining();
          mine.out.get(rest, 0, unsent);
          rest[unsent] = 'X';
          rest[unsent + 4] = 4;
          mine.key.interestOps(SelectionKey.OP_READ);
          mine.send(rest);
        }
      }
    } catch (IOException e) {
      // The other side left first, which it may once the session is being ended.
      comeBack(Duration.ZERO);
    }
  }

  /** Does it later, if the client still has the same connection then, and has not left it. */
  private void later(Duration delay, Connection mine, Runnable action) {
    swarm.after(
        delay,
        () -> {
          if (connection == mine && state != State.LEAVING) {
            action.run();
          }
        });
  }

  private void failed(IOException why) {
    String what = why instanceof WrongAnswer ? "wrong answer" : "client error";
    task.tally()
        .failed(
            "client %d, %s: %s: %s; %s; awaited %s"
                .formatted(number, state, what, why.getMessage(), chaos, answers.awaited()));
    comeBack(AFTER_FAILURE);
  }

  private void comeBack(Duration delay) {
    Connection mine = connection;
    connection = null;
    state = State.GONE;
    if (mine != null) {
      try {
        mine.channel.close();
      } catch (IOException e) {
        task.tally().failed("client " + number + ": closing: " + e);
      }
    }
    if (!swarm.isEnding()) {
      if (delay.isZero() && random.nextInt(8) == 0) {
        HalfLogin.attempt(swarm, task, random);
      }
      swarm.after(delay, this::start);
    }
  }
}
