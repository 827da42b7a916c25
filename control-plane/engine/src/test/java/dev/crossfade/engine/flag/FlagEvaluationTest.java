package dev.crossfade.engine.flag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.flag.FlagDefinition.Condition;
import dev.crossfade.engine.flag.FlagDefinition.NoShare;
import dev.crossfade.engine.flag.FlagDefinition.Payload;
import dev.crossfade.engine.flag.FlagDefinition.Share;
import dev.crossfade.engine.flag.FlagDefinition.Strategy;
import dev.crossfade.engine.flag.FlagDefinition.Variant;
import dev.crossfade.engine.flag.FlagReading.Asked;
import dev.crossfade.engine.flag.FlagReading.Stopped;
import dev.crossfade.engine.flag.FlagReading.Unusable;
import dev.crossfade.sql.lens.FollowedFlag;
import dev.crossfade.sql.lens.FollowedFlag.Kill;
import dev.crossfade.sql.lens.FollowedFlag.Percentage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With conditions that hold when their text is "yes". */
final class FlagEvaluationTest {
  private static final FollowedFlag ROLLOUT =
      new FollowedFlag("reads", null, Map.of(), Percentage.ROLLOUT, null);
  private static final FollowedFlag VARIANT =
      new FollowedFlag("reads", null, Map.of(), Percentage.VARIANT, null);
  private static final FollowedFlag KILLABLE =
      new FollowedFlag("reads", null, Map.of(), Percentage.ROLLOUT, new Kill("stop", Stage.SHADOW));
  private static final Condition YES = new Condition(Set.of("region"), "yes");
  private static final Condition NO = new Condition(Set.of("region"), "no");
  private static final Condition OF_USERS = new Condition(Set.of("userId"), "yes");

  private static FlagReading read(FollowedFlag followed, FlagDefinition... flags) {
    Map<String, FlagDefinition> byName = new HashMap<>();
    for (FlagDefinition flag : flags) {
      byName.put(flag.name(), flag);
    }
    return new FlagEvaluation(
            byName,
            Map.of("region", "eu"),
            (condition, context) -> condition.text().isEmpty() || condition.text().equals("yes"))
        .read(followed);
  }

  private static FlagDefinition flag(String name, Strategy... strategies) {
    return new FlagDefinition(name, true, List.of(strategies), List.of());
  }

  private static FlagDefinition off(String name) {
    return new FlagDefinition(name, false, List.of(gradual("25", Condition.NONE)), List.of());
  }

  private static Strategy gradual(String rollout, Condition condition, Variant... variants) {
    return new Strategy(
        "flexibleRollout",
        Map.of("rollout", rollout, "stickiness", "userId", "groupId", "group"),
        condition,
        List.of(variants));
  }

  private static Variant variant(int weight, Payload payload) {
    return new Variant("v", weight, false, payload);
  }

  private static String reason(FlagReading reading) {
    assertThat(reading).isInstanceOf(Unusable.class);
    return ((Unusable) reading).reason();
  }

  @Test
  void aGradualRolloutGivesItsPercentageStickinessAndGroup() {
    assertThat(read(ROLLOUT, flag("reads", gradual("25", Condition.NONE))))
        .isEqualTo(
            new Asked(
                ReadShare.parse("25%"),
                Stickiness.USER,
                "group",
                "strategy flexibleRollout of flag 'reads': 25%"));
  }

  @ParameterizedTest
  @CsvSource({
    "userId, USER",
    "sessionId, SESSION",
    "default, SESSION",
    "random, RANDOM",
    "entity, ENTITY"
  })
  void stickinessIsOurs(String ofUnleash, Stickiness ours) {
    Strategy strategy =
        new Strategy(
            "flexibleRollout",
            Map.of("rollout", "5", "stickiness", ofUnleash),
            Condition.NONE,
            List.of());
    assertThat(read(ROLLOUT, flag("reads", strategy)))
        .isEqualTo(
            new Asked(
                ReadShare.parse("5%"),
                ours,
                "reads",
                "strategy flexibleRollout of flag 'reads': 5%"));
  }

  @Test
  void anotherStickinessIsNotGuessed() {
    Strategy strategy =
        new Strategy(
            "flexibleRollout",
            Map.of("rollout", "5", "stickiness", "tenantId"),
            Condition.NONE,
            List.of());
    assertThat(reason(read(ROLLOUT, flag("reads", strategy))))
        .contains("sticky by 'tenantId', which sidecars do not know");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12.5", "101", "-1", "many"})
  void aRolloutThatUnleashTakesForNoneIsNotGuessed(String rollout) {
    assertThat(reason(read(ROLLOUT, flag("reads", gradual(rollout, Condition.NONE)))))
        .contains("has the rollout '" + rollout + "'");
  }

  @Test
  void aFlagThatIsOffAsksForNoReads() {
    assertThat(read(ROLLOUT, off("reads"))).isEqualTo(new Stopped(null, "flag 'reads' is off"));
  }

  @Test
  void aFlagThatIsNotThereIsNotOff() {
    assertThat(reason(read(ROLLOUT))).isEqualTo("Unleash has no flag 'reads'");
  }

  @Test
  void aFlagWithoutStrategiesIsOnForEverybodyAsForOtherClients() {
    assertThat(((Asked) read(ROLLOUT, flag("reads"))).reads()).isEqualTo(ReadShare.ALL);
  }

  @Test
  void theOneStrategyWhoseConstraintsHoldCounts() {
    FlagDefinition flag = flag("reads", gradual("5", NO), gradual("25", YES), gradual("75", NO));
    assertThat(((Asked) read(ROLLOUT, flag)).reads()).isEqualTo(ReadShare.parse("25%"));
    assertThat(read(ROLLOUT, flag("reads", gradual("5", NO))))
        .isEqualTo(new Stopped(null, "no strategy of flag 'reads' applies"));
  }

  @Test
  void severalStrategiesAtOnceAreNoOnePercentage() {
    assertThat(reason(read(ROLLOUT, flag("reads", gradual("5", YES), gradual("25", YES)))))
        .isEqualTo("2 strategies of flag 'reads' apply at once, which is no one percentage");
  }

  @Test
  void aConstraintOnTheCallerCannotBeEvaluated() {
    assertThat(reason(read(ROLLOUT, flag("reads", gradual("5", OF_USERS)))))
        .isEqualTo(
            "a strategy of flag 'reads' is constrained by userId, which spec.flag.context does not"
                + " give");
  }

  @Test
  void aListOfUsersIsNoPercentage() {
    Strategy users = new Strategy("userWithId", Map.of(), Condition.NONE, List.of());
    assertThat(reason(read(ROLLOUT, flag("reads", users))))
        .contains("decides by the single caller");
  }

  @Test
  void aVariantForEverybodyGivesThePercentage() {
    Variant given = variant(1000, new Share(ReadShare.parse("12.5%"), Stickiness.SESSION));
    FlagReading expected =
        new Asked(
            ReadShare.parse("12.5%"),
            Stickiness.SESSION,
            "group",
            "variant 'v' of flag 'reads': 12.5%");
    assertThat(read(VARIANT, flag("reads", gradual("100", Condition.NONE, given))))
        .isEqualTo(expected);
    assertThat(
            read(
                VARIANT,
                new FlagDefinition(
                    "reads", true, List.of(gradual("100", Condition.NONE)), List.of(given))))
        .isEqualTo(expected);
  }

  @Test
  void aVariantWithoutAStickinessKeepsTheStrategys() {
    Variant given = variant(1000, new Share(ReadShare.parse("1%"), null));
    assertThat(
            ((Asked) read(VARIANT, flag("reads", gradual("100", Condition.NONE, given))))
                .stickiness())
        .isEqualTo(Stickiness.USER);
  }

  @Test
  void aVariantThatNotEverybodyGetsSaysNothing() {
    Variant half = variant(500, new Share(ReadShare.ALL, null));
    assertThat(reason(read(VARIANT, flag("reads", gradual("100", Condition.NONE, half, half)))))
        .contains("gives different callers different variants");
    Variant whole = variant(1000, new Share(ReadShare.ALL, null));
    assertThat(reason(read(VARIANT, flag("reads", gradual("50", Condition.NONE, whole)))))
        .contains("is on for 50% of callers only");
    assertThat(
            reason(
                read(
                    VARIANT,
                    flag(
                        "reads",
                        gradual(
                            "100",
                            Condition.NONE,
                            new Variant("v", 1000, true, new Share(ReadShare.ALL, null)))))))
        .contains("gives different callers different variants");
    assertThat(reason(read(VARIANT, flag("reads", gradual("100", Condition.NONE)))))
        .contains("has no variant");
    assertThat(
            reason(
                read(
                    VARIANT,
                    flag(
                        "reads",
                        gradual(
                            "100",
                            Condition.NONE,
                            variant(1000, new NoShare("carries no payload")))))))
        .isEqualTo("variant 'v' of flag 'reads' carries no payload");
  }

  @Test
  void aKillSwitchGoesBeforeEverything() {
    assertThat(read(KILLABLE, flag("stop")))
        .isEqualTo(new Stopped(Stage.SHADOW, "kill switch 'stop' is on"));
    assertThat(read(KILLABLE, flag("stop", gradual("1", OF_USERS))))
        .as("on for somebody")
        .isInstanceOf(Stopped.class);
    assertThat(read(KILLABLE, flag("stop", gradual("100", NO)), off("reads")))
        .isEqualTo(new Stopped(null, "flag 'reads' is off"));
    assertThat(read(KILLABLE, off("stop"), flag("reads", gradual("25", Condition.NONE))))
        .isInstanceOf(Asked.class);
  }

  @Test
  void aKillSwitchThatIsNotThereIsTold() {
    assertThat(reason(read(KILLABLE, flag("reads", gradual("25", Condition.NONE)))))
        .isEqualTo("Unleash has no flag 'stop', the kill switch");
  }
}
