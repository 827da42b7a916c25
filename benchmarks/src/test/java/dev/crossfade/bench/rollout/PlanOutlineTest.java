package dev.crossfade.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlanOutlineTest {
  @Test
  void nodesTablesAndIndexesAreThereAndNoValue() {
    PlanOutline plan =
        PlanOutline.parse(
            """
            [{"Plan": {"Node Type": "Nested Loop", "Total Cost": 123.45, "Plan Rows": 7, "Plans": [
              {"Node Type": "Index Scan", "Index Name": "customers_pkey", "Relation Name": "customers",
               "Schema": "public", "Index Cond": "(id = 'secret'::bigint)"},
              {"Node Type": "Seq Scan", "Relation Name": "orders", "Schema": "public",
               "Filter": "(note = 'secret'::text)"}]}}]
            """);
    assertThat(plan.text())
        .isEqualTo("Nested Loop (Index Scan customers_pkey, Seq Scan orders); cost 123, 7 rows");
    assertThat(plan.scans()).containsExactly(new PlanOutline.Table("public", "orders"));
    assertThat(plan.indexes()).containsExactly("customers_pkey");
    assertThat(plan.cost()).isEqualTo(123.45);
  }

  @Test
  void whatIsNoPlanIsRefused() {
    assertThatThrownBy(() -> PlanOutline.parse("[]")).isInstanceOf(IllegalArgumentException.class);
  }
}
