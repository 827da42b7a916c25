package dev.crossfade.core.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.AnswerComparison.Choice;
import dev.crossfade.core.compare.ComparisonRules.Values;
import dev.crossfade.core.migration.ReadShare;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerComparisonTest {
  private static final List<String> COLUMNS = List.of("id", "name", "at");

  /** Rows of cells between blanks; a dash is NULL. */
  private static KeptAnswer answer(String... rows) {
    List<KeptAnswer.Row> all = new ArrayList<>();
    for (String row : rows) {
      List<@Nullable String> cells = new ArrayList<>();
      for (String cell : Arrays.asList(row.split(" "))) {
        cells.add(cell.equals("-") ? null : cell.replace('_', ' '));
      }
      all.add(new KeptAnswer.Row(cells));
    }
    return new KeptAnswer(COLUMNS, all, true);
  }

  private static ComparisonRules rules(Map<String, ColumnRule> columns) {
    return new ComparisonRules(
        ReadShare.ALL, Values.CLEAR, true, List.of(List.of("order_id"), List.of("id")), columns);
  }

  private static Optional<Difference> compare(KeptAnswer old, KeptAnswer target) {
    return new AnswerComparison(rules(Map.of()), List.of(), Choice.NONE).compare(old, target);
  }

  @Test
  void theSameRowsInAnyOrderAreEqual() {
    assertThat(compare(answer("1 a x", "2 b -", "2 b -"), answer("2 b -", "1 a x", "2 b -")))
        .isEmpty();
  }

  @Test
  void aValueIsNamedByColumnAndKey() {
    Difference found = compare(answer("1 a x", "2 b y"), answer("1 a x", "2 c y")).orElseThrow();
    assertThat(found.verdict()).isEqualTo(Verdict.VALUE);
    assertThat(found.columns()).containsExactly("name");
    assertThat(found.keys()).containsExactly("2");
    assertThat(found.values()).containsExactly(new Difference.Pair("name", "b", "c"));
  }

  @Test
  void nullIsNoEmptyText() {
    assertThat(compare(answer("1 - x"), answer("1 null x")).orElseThrow().columns())
        .containsExactly("name");
  }

  @Test
  void rowsThatAreNotThereAreNamedByKey() {
    Difference missing = compare(answer("1 a x", "2 b y"), answer("2 b y")).orElseThrow();
    assertThat(missing.verdict()).isEqualTo(Verdict.MISSING_ROWS);
    assertThat(missing.keys()).containsExactly("1");
    assertThat(missing.columns()).isEmpty();
    Difference extra = compare(answer("2 b y"), answer("1 a x", "2 b y")).orElseThrow();
    assertThat(extra.verdict()).isEqualTo(Verdict.EXTRA_ROWS);
    Difference twice = compare(answer("2 b y"), answer("2 b y", "2 b y")).orElseThrow();
    assertThat(twice.verdict()).isEqualTo(Verdict.EXTRA_ROWS);
  }

  @Test
  void keysAndValuesAreShownOnlyWhereTheyMay() {
    ComparisonRules secret =
        new ComparisonRules(ReadShare.ALL, Values.NONE, false, List.of(List.of("id")), Map.of());
    Difference found =
        new AnswerComparison(secret, List.of(), Choice.NONE)
            .compare(answer("1 a x"), answer("1 b x"))
            .orElseThrow();
    assertThat(found.columns()).containsExactly("name");
    assertThat(found.keys()).isEmpty();
    assertThat(found.values()).isEmpty();
  }

  @Test
  void onlyWhatIsOrderedByHasAnOrder() {
    AnswerComparison byName = new AnswerComparison(rules(Map.of()), List.of(1), Choice.NONE);
    assertThat(byName.compare(answer("1 a x", "2 a x", "3 b x"), answer("2 a x", "1 a x", "3 b x")))
        .isEmpty();
    assertThat(
            byName
                .compare(answer("1 a x", "2 a x", "3 b x"), answer("3 b x", "1 a x", "2 a x"))
                .orElseThrow()
                .verdict())
        .isEqualTo(Verdict.ORDER);
  }

  @Test
  void whichOfTheLastRowsAreShownIsTheServersChoice() {
    AnswerComparison limited = new AnswerComparison(rules(Map.of()), List.of(1), Choice.AT_END);
    assertThat(limited.compare(answer("1 a x", "2 b x"), answer("1 a x", "3 b x"))).isEmpty();
    assertThat(limited.compare(answer("1 a x", "2 b x"), answer("4 a x", "2 b x"))).isPresent();
    assertThat(limited.compare(answer("1 a x", "2 b x"), answer("1 a x"))).isPresent();
    assertThat(limited.compare(answer("1 a x", "2 b x"), answer("1 a x", "2 c x"))).isPresent();
    AnswerComparison paged = new AnswerComparison(rules(Map.of()), List.of(1), Choice.AT_BOTH_ENDS);
    assertThat(paged.compare(answer("1 a x", "2 b x"), answer("4 a x", "2 b x"))).isEmpty();
    AnswerComparison any = new AnswerComparison(rules(Map.of()), List.of(), Choice.AT_END);
    assertThat(any.compare(answer("1 a x"), answer("2 b x"))).isEmpty();
    assertThat(any.compare(answer("1 a x"), answer())).isPresent();
  }

  @Test
  void columnsHaveTheRulesOfTheFile() {
    assertEqualBy(new ColumnRule.Ignore(), "5", "7");
    ColumnRule cent = new ColumnRule.Tolerance(new BigDecimal("0.01"));
    assertEqualBy(cent, "10.00", "10.01");
    assertDifferentBy(cent, "10.00", "10.02");
    assertDifferentBy(cent, "10.00", "-");
    assertDifferentBy(cent, "NaN", "10");
    assertEqualBy(new ColumnRule.Unordered(), "{1,2,2}", "{2,1,2}");
    assertDifferentBy(new ColumnRule.Unordered(), "{1,2,2}", "{2,1,1}");
    assertEqualBy(new ColumnRule.Unordered(), "{\"a,b\",c}", "{c,\"a,b\"}");
    assertDifferentBy(new ColumnRule.Unordered(), "{\"a,b\",c}", "{\"a\",\"b,c\"}");
    ColumnRule berlin = new ColumnRule.SameMoment(ZoneId.of("Europe/Berlin"));
    assertEqualBy(berlin, "2026-07-01_12:00:00", "2026-07-01_10:00:00+00");
    assertEqualBy(berlin, "2026-07-01T12:00", "2026-07-01T10:00:00.000Z");
    assertEqualBy(berlin, "2026-07-01_12:00:00+05:30", "2026-07-01_06:30:00+00");
    assertDifferentBy(berlin, "2026-07-01_12:00:00", "2026-07-01_12:00:00+00");
    assertDifferentBy(berlin, "tomorrow", "2026-07-01_12:00:00+00");
  }

  private static void assertEqualBy(ColumnRule rule, String value, String other) {
    assertThat(by(rule, value, other)).isEmpty();
  }

  private static void assertDifferentBy(ColumnRule rule, String value, String other) {
    assertThat(by(rule, value, other).orElseThrow().columns()).containsExactly("at");
  }

  private static Optional<Difference> by(ColumnRule rule, String value, String other) {
    return new AnswerComparison(rules(Map.of("at", rule)), List.of(), Choice.NONE)
        .compare(answer("1 a " + value, "2 a x"), answer("2 a x", "1 a " + other));
  }
}
