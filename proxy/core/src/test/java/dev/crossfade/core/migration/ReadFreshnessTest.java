package dev.crossfade.core.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadFreshnessTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "read-your-writes",
        "eventual",
        "bounded:100ms",
        "bounded:1500ms",
        "bounded:3600s"
      })
  void isReadAsItIsWritten(String text) {
    assertThat(ReadFreshness.parse(text)).hasToString(text);
  }

  @Test
  void wholeSecondsAreWrittenAsSuch() {
    assertThat(ReadFreshness.bounded(Duration.ofMillis(2_000))).hasToString("bounded:2s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "bounded",
        "bounded:",
        "bounded:5",
        "bounded:99ms",
        "bounded:3601s",
        "bounded:99999999ms",
        "Eventual",
        " eventual"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> ReadFreshness.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "mirrored"})
  void anAckIsReadAsItIsWritten(String text) {
    assertThat(WriteAck.parse(text)).hasToString(text);
    assertThatThrownBy(() -> WriteAck.parse(text + " ")).hasMessageContaining("async or mirrored");
  }
}
