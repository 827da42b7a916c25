package dev.crossfade.sql.lens;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schema and reader judge the keys of a file's spec alike, beside those of its tables. */
class SpecKeysSchemaTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{unleash: a}",
        "{unleash: a.b_c~d-E9}",
        "{unleash: 'a b'}",
        "{unleash: }",
        "{unleash: ' '}",
        "{}",
        "",
        "[a]",
        "a",
        "{unleash: a, environment: production}",
        "{unleash: a, environment: }",
        "{unleash: a, environment: ' '}",
        "{unleash: a, context: {region: eu, tier: 3, beta: true}}",
        "{unleash: a, context: {}}",
        "{unleash: a, context: }",
        "{unleash: a, context: {region: }}",
        "{unleash: a, context: {region: [eu]}}",
        "{unleash: a, context: eu}",
        "{unleash: a, percentage: rollout}",
        "{unleash: a, percentage: variant}",
        "{unleash: a, percentage: 25}",
        "{unleash: a, percentage: }",
        "{unleash: a, kill: b}",
        "{unleash: a, kill: 'b c'}",
        "{unleash: a, kill: ' '}",
        "{unleash: a, kill: }",
        "{unleash: a, kill: [b]}",
        "{unleash: a, kill: {flag: b}}",
        "{unleash: a, kill: {flag: b, to: SHADOW}}",
        "{unleash: a, kill: {flag: b, to: }}",
        "{unleash: a, kill: {flag: b, to: RAMP}}",
        "{unleash: a, kill: {flag: b, to: shadow}}",
        "{unleash: a, kill: {to: OFF}}",
        "{unleash: a, kill: {flag: b, into: OFF}}",
        "{unleash: a, rollout: 25}"
      })
  void everyFormOfAFlagIsJudgedAlike(String flag) {
    MigrationSchemaTest.judgedAlike("flag: " + flag, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{share: 10%}",
        "{share: 0.5}",
        "{share: 101%}",
        "{share: many}",
        "{values: none, keys: false}",
        "{values: hashed}",
        "{values: all}",
        "{keys: maybe}",
        "{columns: }",
        "{columns: {}}",
        "{columns: [a]}",
        "{columns: {a: }}",
        "{columns: {a: {}}}",
        "{columns: {a: {tolerance: 0.01}}}",
        "{columns: {a: {tolerance: 0}}}",
        "{columns: {a: {tolerance: -1}}}",
        "{columns: {a: {tolerance: little}}}",
        "{columns: {a: {ignore: true}}}",
        "{columns: {a: {ignore: false}}}",
        "{columns: {a: {ignore: true, unordered: true}}}",
        "{columns: {a: {ignore: false, unordered: true}}}",
        "{columns: {a: {timeZone: UTC}}}",
        "{columns: {a: {timeZone: UTC, tolerance: 1}}}",
        "{columns: {a: {timezone: UTC}}}",
        "{column: {a: {timeZone: UTC}}}"
      })
  void everyFormOfTheComparisonIsJudgedAlike(String comparison) {
    MigrationSchemaTest.judgedAlike("comparison: " + comparison, "");
  }
}
