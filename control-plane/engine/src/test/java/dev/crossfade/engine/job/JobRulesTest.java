package dev.crossfade.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobRulesTest {
  @ParameterizedTest
  @CsvSource({
    "QUEUED,  RUN,    PAUSE,  PAUSED,    PAUSE",
    "QUEUED,  RUN,    CANCEL, CANCELLED, CANCEL",
    "RUNNING, RUN,    PAUSE,  RUNNING,   PAUSE",
    "RUNNING, RUN,    CANCEL, RUNNING,   CANCEL",
    "RUNNING, PAUSE,  CANCEL, RUNNING,   CANCEL",
    "RUNNING, PAUSE,  RESUME, RUNNING,   RUN",
    "PAUSED,  PAUSE,  RESUME, QUEUED,    RUN",
    "PAUSED,  PAUSE,  CANCEL, CANCELLED, CANCEL",
    "FAILED,  RUN,    RESUME, QUEUED,    RUN",
  })
  void whatIsAllowedChangesIt(
      JobState state, JobWish wish, JobCommand command, JobState after, JobWish wished) {
    JobVerdict verdict = JobRules.decide(7, state, wish, command);
    assertThat(verdict).isInstanceOf(JobVerdict.Changed.class);
    JobVerdict.Changed changed = (JobVerdict.Changed) verdict;
    assertThat(changed.state()).isEqualTo(after);
    assertThat(changed.wish()).isEqualTo(wished);
    assertThat(changed.message()).startsWith("job 7 ");
  }

  @ParameterizedTest
  @CsvSource({
    "PAUSED,    PAUSE,  PAUSE",
    "RUNNING,   PAUSE,  PAUSE",
    "QUEUED,    RUN,    RESUME",
    "RUNNING,   RUN,    RESUME",
    "RUNNING,   CANCEL, CANCEL",
    "CANCELLED, CANCEL, CANCEL",
  })
  void whatIsRepeatedChangesNothing(JobState state, JobWish wish, JobCommand command) {
    assertThat(JobRules.decide(7, state, wish, command)).isInstanceOf(JobVerdict.Unchanged.class);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(JobState.DONE, JobCommand.PAUSE, "job 7 has ended: it is done"),
        Arguments.of(JobState.DONE, JobCommand.RESUME, "job 7 has ended: it is done"),
        Arguments.of(JobState.DONE, JobCommand.CANCEL, "job 7 has ended: it is done"),
        Arguments.of(JobState.FAILED, JobCommand.PAUSE, "job 7 has ended: it is failed"),
        Arguments.of(JobState.FAILED, JobCommand.CANCEL, "job 7 has ended: it is failed"),
        Arguments.of(JobState.CANCELLED, JobCommand.PAUSE, "job 7 has ended: it is cancelled"),
        Arguments.of(JobState.CANCELLED, JobCommand.RESUME, "job 7 has ended: it is cancelled"),
        Arguments.of(JobState.RUNNING, JobCommand.PAUSE, "job 7 is being cancelled"),
        Arguments.of(JobState.RUNNING, JobCommand.RESUME, "job 7 is being cancelled"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatHasEndedIsLeftAlone(JobState state, JobCommand command, String message) {
    assertThat(JobRules.decide(7, state, JobWish.CANCEL, command))
        .isEqualTo(new JobVerdict.Refused(message));
  }

  @Test
  void threeStatesAreEnds() {
    assertThat(JobState.values())
        .filteredOn(JobState::isEnded)
        .containsExactly(JobState.DONE, JobState.FAILED, JobState.CANCELLED);
  }
}
