package dev.crossfade.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Knee;
import dev.crossfade.api.v1.KneeStep;
import dev.crossfade.bench.rollout.replay.Pace;
import dev.crossfade.bench.rollout.replay.Turn;
import dev.crossfade.bench.rollout.replay.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KneeSearchTest {
  private static final int STEPS = 8;
  private static final KneeSearch SEARCH =
      new KneeSearch(Terms.USUAL, Duration.ofSeconds(1), STEPS, 1);

  private final List<Pace> asked = new ArrayList<>();

  /** Answers at once up to a rate, and beyond it after half a second. */
  private Function<Pace, Turn> server(double capacity) {
    return pace -> {
      asked.add(pace);
      double micros = pace.rate() <= capacity ? 1_000 : 500_000;
      return Turns.of(0, 1, (int) pace.rate(), micros);
    };
  }

  @ParameterizedTest
  @ValueSource(doubles = {100, 140, 160, 222, 400, 900})
  void whatIsFoundIsKeptAndHalfAsMuchAgainIsNot(double capacity) {
    Knee knee = SEARCH.of("new", server(capacity), 100);
    assertThat(knee.getFound()).isTrue();
    assertThat(knee.getRate()).isBetween(capacity / 1.5, capacity);
    assertThat(knee.getStepsList()).extracting(KneeStep::getRate).contains(knee.getRate());
  }

  @Test
  void whereEvenTheRateThatIsAskedForIsTooMuchHalfOfItIsTried() {
    assertThat(SEARCH.of("new", server(60), 100).getRate()).isEqualTo(50);
    Knee none = SEARCH.of("new", server(10), 100);
    assertThat(none.getFound()).isTrue();
    assertThat(none.getRate()).isZero();
  }

  @Test
  void whatNeverYieldsIsNotSaidToHaveAKnee() {
    Knee knee = SEARCH.of("new", server(Double.MAX_VALUE), 100);
    assertThat(knee.getFound()).isFalse();
    assertThat(knee.getStepsCount()).isEqualTo(STEPS);
  }

  @Test
  void noRateIsTriedThatWouldBeTooManyTransactions() {
    Knee knee = SEARCH.of("new", server(Double.MAX_VALUE), Pace.TRANSACTIONS_MAX / 2.0);
    assertThat(knee.getFound()).isFalse();
    assertThat(asked).hasSize(2);
  }

  @Test
  void aRateThatIsAnsweredInPartIsNotKept() {
    Function<Pace, Turn> refusing =
        pace -> Turns.failing(Turns.of(0, 1, 990, 1_000), 0, 10, "ERROR: out of shared memory");
    assertThat(SEARCH.of("new", refusing, 100).getRate()).isZero();
    Function<Pace, Turn> behind = pace -> Turns.abandoned(Turns.of(0, 1, 990, 1_000), 1);
    assertThat(SEARCH.of("new", behind, 100).getRate()).isZero();
  }

  @Test
  void noTwoStepsReplayTheSameTransactions() {
    SEARCH.of("new", server(300), 100);
    assertThat(asked).extracting(Pace::first).doesNotHaveDuplicates();
    assertThat(asked).extracting(Pace::seed).doesNotHaveDuplicates();
  }
}
