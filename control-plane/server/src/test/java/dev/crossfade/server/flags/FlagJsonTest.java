package dev.crossfade.server.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.flag.FlagDefinition;
import dev.crossfade.engine.flag.FlagDefinition.NoShare;
import dev.crossfade.engine.flag.FlagDefinition.Payload;
import dev.crossfade.engine.flag.FlagDefinition.Share;
import dev.crossfade.engine.flag.FlagEvaluation;
import dev.crossfade.engine.flag.FlagReading;
import dev.crossfade.engine.flag.FlagReading.Asked;
import dev.crossfade.engine.flag.FlagReading.Stopped;
import dev.crossfade.engine.flag.FlagReading.Unusable;
import dev.crossfade.sql.lens.FollowedFlag;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Unleash tells its clients, and constraints as its own engine evaluates them. */
final class FlagJsonTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));

  private static FlagReading read(String json, Map<String, String> context) {
    return new FlagEvaluation(FlagJson.read(json), context, new EngineCheck(CLOCK))
        .read(new FollowedFlag("reads", null, Map.of(), FollowedFlag.Percentage.ROLLOUT, null));
  }

  private static String constrained(String constraint) {
    return """
    {"version": 2, "features": [{"name": "reads", "enabled": true, "strategies": [
      {"name": "flexibleRollout", "parameters": {"rollout": "25", "stickiness": "default"},
       "constraints": [%s]}]}]}
    """
        .formatted(constraint);
  }

  @ParameterizedTest
  @CsvSource({
    "region, IN, eu, true",
    "region, IN, us, false",
    "region, NOT_IN, us, true",
    "region, STR_STARTS_WITH, e, true",
    "tier, NUM_GT, 2, true",
    "tier, NUM_GT, 3, false",
    "version, SEMVER_GT, 1.9.0, true",
    "version, SEMVER_LT, 1.9.0, false",
    "currentTime, DATE_AFTER, 2026-11-22T11:00:00Z, true",
    "currentTime, DATE_AFTER, 2026-11-22T13:00:00Z, false"
  })
  void constraintsMeanWhatTheyMeanToOtherClients(
      String field, String operator, String value, boolean holds) {
    String constraint =
        "{\"contextName\": \"%s\", \"operator\": \"%s\", \"values\": [\"%s\"], \"value\": \"%s\"}"
            .formatted(field, operator, value, value);
    FlagReading reading =
        read(constrained(constraint), Map.of("region", "eu", "tier", "3", "version", "1.10.0"));
    assertThat(reading).isInstanceOf(holds ? Asked.class : Stopped.class);
  }

  @Test
  void aConstraintOnWhatTheFileDoesNotGiveIsNotGuessed() {
    assertThat(
            read(
                constrained(
                    "{\"contextName\": \"region\", \"operator\": \"NOT_IN\", \"values\":"
                        + " [\"us\"]}"),
                Map.of()))
        .isEqualTo(
            new Unusable(
                "a strategy of flag 'reads' is constrained by region, which spec.flag.context does"
                    + " not give"));
  }

  @ParameterizedTest
  @CsvSource({"eu, true", "us, false"})
  void segmentsAreConstraintsToo(String region, boolean holds) {
    String json =
        """
        {"version": 2, "features": [{"name": "reads", "enabled": true, "strategies": [
          {"name": "flexibleRollout", "parameters": {"rollout": "25"}, "segments": [7]}]}],
         "segments": [{"id": 7, "name": "europe", "constraints": [
           {"contextName": "region", "operator": "IN", "values": ["eu"]}]}]}
        """;
    assertThat(read(json, Map.of("region", region)))
        .isInstanceOf(holds ? Asked.class : Stopped.class);
  }

  @Test
  void aSegmentThatIsNotToldIsNotGuessed() {
    String json =
        """
        {"version": 2, "features": [{"name": "reads", "enabled": true, "strategies": [
          {"name": "flexibleRollout", "parameters": {"rollout": "25"}, "segments": [7]}]}]}
        """;
    assertThat(read(json, Map.of())).isInstanceOf(Unusable.class);
  }

  private static Payload payload(String payload) {
    String json =
        """
        {"version": 2, "features": [{"name": "reads", "enabled": true, "strategies": [],
          "variants": [{"name": "v", "weight": 1000 %s}]}]}
        """
            .formatted(payload);
    FlagDefinition flag = FlagJson.read(json).values().iterator().next();
    return flag.variants().getFirst().payload();
  }

  private static String given(String type, String value) {
    return ", \"payload\": {\"type\": \"%s\", \"value\": \"%s\"}".formatted(type, value);
  }

  @Test
  void aPayloadIsANumberOrJson() {
    assertThat(payload(given("number", "12.5")))
        .isEqualTo(new Share(ReadShare.parse("12.5%"), null));
    assertThat(payload(given("string", "25%"))).isEqualTo(new Share(ReadShare.parse("25%"), null));
    assertThat(
            payload(
                given("json", "{\\\"percentage\\\": 0.125, \\\"stickiness\\\": \\\"entity\\\"}")))
        .isEqualTo(new Share(ReadShare.parse("0.125%"), Stickiness.ENTITY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "number | 101 | '101' is no percentage",
        "csv | 1,2 | carries neither a number nor JSON",
        "json | {\\\"percent\\\": 5} | 'percent' is not known there",
        "json | {} | it has no number 'percentage'",
        "json | { | carries no percentage",
        "json | {\\\"percentage\\\": 5, \\\"stickiness\\\": \\\"user-id\\\"} | is no stickiness",
        "json | {\\\"percentage\\\": 0.0001} | is no percentage"
      })
  void aPayloadThatIsSomethingElseIsTold(String type, String value, String why) {
    assertThat(payload(given(type, value)))
        .isInstanceOfSatisfying(NoShare.class, none -> assertThat(none.why()).contains(why));
  }

  @Test
  void aVariantWithoutAPayloadIsTold() {
    assertThat(payload(""))
        .isInstanceOfSatisfying(
            NoShare.class, none -> assertThat(none.why()).contains("carries no payload"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "<html></html>",
        "{\"version\": 2}",
        "{\"version\": 2, \"features\": 3}",
        "{\"version\": 2, \"features\": [{\"name\": \"x\"}]}",
        "{\"version\": 2, \"features\": [3]}"
      })
  void anythingElseIsNoAnswerOfUnleash(String json) {
    assertThatThrownBy(() -> FlagJson.read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unleash's answer is not what clients are told");
  }
}
