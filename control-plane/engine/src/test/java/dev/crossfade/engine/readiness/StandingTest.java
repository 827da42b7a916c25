package dev.crossfade.engine.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.readiness.Standing.Kind;
import dev.crossfade.engine.readiness.Standing.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandingTest {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsTranslatedBlocksNothing(Kind kind) {
    assertThat(new Standing(kind, Translation.TRANSLATED, "").blocks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SYSTEM_COLUMN", "MIXED_TABLES", "TYPES_DIFFER", "A_NEW_REASON"})
  void aReadThatNewCannotAnswerBlocksEveryStageThatAsksNew(String code) {
    assertThat(new Standing(Kind.READ, Translation.REFUSED, code).blocks())
        .containsExactly(Stage.SHADOW, Stage.RAMP, Stage.LIVE);
  }

  @Test
  void aReadWhosePlanIsNotMadeBlocksToo() {
    assertThat(new Standing(Kind.READ, Translation.PENDING, "").blocks())
        .containsExactly(Stage.SHADOW, Stage.RAMP, Stage.LIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOCKING_READ", "VOLATILE_FUNCTION", "SELECT_INTO", "NOT_A_READ"})
  void whatGoesToTheAuthorityAnywayBlocksOnlyTheMoveOfTheAuthority(String code) {
    assertThat(new Standing(Kind.READ, Translation.REFUSED, code).blocks())
        .containsExactly(Stage.LIVE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"WRITE", "OTHER"})
  void whatIsNoReadBlocksOnlyTheMoveOfTheAuthority(Kind kind) {
    assertThat(new Standing(kind, Translation.REFUSED, "NOT_A_READ").blocks())
        .containsExactly(Stage.LIVE);
    assertThat(new Standing(kind, Translation.PENDING, "").blocks()).containsExactly(Stage.LIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SYSTEM_COLUMN", "NOT_WRITABLE", "MIXED_TABLES"})
  void aWriteThatNewCannotCarryOutBlocksOnlyTheMoveOfTheAuthority(String code) {
    assertThat(new Standing(Kind.WRITE, Translation.REFUSED, code).blocks())
        .containsExactly(Stage.LIVE);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatOldRefusesOrConcernsNoMappedTableBlocksNothing(Kind kind) {
    assertThat(new Standing(kind, Translation.REFUSED, "OLD_REFUSED").blocks()).isEmpty();
    assertThat(new Standing(kind, Translation.REFUSED, "NOT_MAPPED").blocks()).isEmpty();
  }
}
