package dev.crossfade.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StageTest {
  @ParameterizedTest
  @CsvSource({
    "OFF, OLD",
    "DUAL_WRITE, OLD",
    "SHADOW, OLD",
    "RAMP, OLD",
    "LIVE, NEW",
    "RAMPDOWN, NEW",
    "COMPLETE, NEW"
  })
  void theAuthorityChangesOnce(Stage stage, Side authority) {
    assertThat(stage.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void isNextToItsNeighboursOnly(Stage stage) {
    for (Stage other : Stage.values()) {
      assertThat(stage.isNextTo(other)).isEqualTo(Math.abs(stage.ordinal() - other.ordinal()) == 1);
      assertThat(stage.isNextTo(other)).isEqualTo(other.isNextTo(stage));
    }
    assertThat(stage.isNextTo(stage)).isFalse();
  }

  @Test
  void isReadAsPeopleWriteIt() {
    assertThat(Stage.parse(" dual-write ")).contains(Stage.DUAL_WRITE);
    assertThat(Stage.parse("Ramp")).contains(Stage.RAMP);
    assertThat(Stage.parse("ramp up")).isEmpty();
    assertThat(Stage.parse("")).isEmpty();
  }
}
