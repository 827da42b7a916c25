package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Questions.Extra;
import java.time.Duration;
import java.util.SplittableRandom;

/** What is done to one batch beside asking it. */
sealed interface Chaos {
  /** Which batch suits it. */
  Extra extra();

  /** It is only asked. */
  record Calm() implements Chaos {
    @Override
    public Extra extra() {
      return Extra.NONE;
    }
  }

  /**
   * A cancel request, sent this long after the batch.
   *
   * @param awaited whether the client asks nothing more until the server has closed the cancel
   *     request's connection; the next batch is then safe from it
   */
  record Cancel(Extra extra, Duration after, boolean awaited) implements Chaos {}

  /**
   * The connection is given up.
   *
   * @param sent the share of the batch's bytes that are sent, 1 for all
   * @param onFirstBytes when the answer begins; else {@code after} the batch was sent
   */
  record Break(Extra extra, Ending ending, double sent, boolean onFirstBytes, Duration after)
      implements Chaos {}

  /** The client stops reading when the answer begins, so many times for so long. */
  record SlowRead(int pauses, Duration each) implements Chaos {
    @Override
    public Extra extra() {
      return Extra.LARGE;
    }
  }

  /** How a client leaves. */
  enum Ending {
    RESET,
    CLOSE,
    /** Only its own direction is closed, and it reads on until the other side closes, too. */
    HALF_CLOSE,
    TERMINATE
  }

  /**
   * How much of it there is.
   *
   * @param cancels share of the batches during which a cancel request is sent
   * @param breaks share of the batches during which the connection is given up; as many are read
   *     slowly
   */
  record Shares(double cancels, double breaks) {
    Chaos draw(SplittableRandom random) {
      double draw = random.nextDouble();
      if (draw < cancels) {
        Extra extra = random.nextInt(4) == 0 ? Extra.NONE : Extra.SLOW;
        return new Cancel(extra, millis(random, 12), random.nextBoolean());
      }
      if (draw < cancels + breaks) {
        return brk(random);
      }
      if (draw < cancels + 2 * breaks) {
        return new SlowRead(1 + random.nextInt(3), millis(random, 150));
      }
      return new Calm();
    }

    private static Break brk(SplittableRandom random) {
      Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
      Duration after = random.nextInt(3) == 0 ? Duration.ZERO : millis(random, 15);
      return switch (random.nextInt(4)) {
        case 0 -> new Break(Extra.NONE, half(ending), random.nextDouble(), false, after);
        case 1 -> new Break(Extra.LARGE, ending, 1, true, after);
        case 2 -> new Break(Extra.SLOW, ending, 1, false, after);
        default -> new Break(Extra.NONE, ending, 1, false, after);
      };
    }

    /** Terminate would be read as the rest of the frame that was sent in part. */
    private static Ending half(Ending ending) {
      return ending == Ending.TERMINATE ? Ending.RESET : ending;
    }

    /** Short times are as likely as long ones. */
    private static Duration millis(SplittableRandom random, int most) {
      return Duration.ofNanos((long) (most * 1_000_000 * Math.pow(random.nextDouble(), 2)));
    }
  }
}
