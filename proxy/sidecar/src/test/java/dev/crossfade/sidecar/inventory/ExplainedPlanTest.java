package dev.crossfade.sidecar.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sidecar.inventory.ExplainedPlan.Scan;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainedPlanTest {
  private static Scan ofFilter(String filter) {
    return ExplainedPlan.scans(
            """
            [{"Plan": {"Node Type": "Seq Scan", "Relation Name": "contacts", "Schema": "public",
              "Alias": "c", "Filter": "%s"}}]
            """
                .formatted(filter.replace("\"", "\\\"")))
        .getFirst();
  }

  @Test
  void comparedColumnsAreToldFromThoseThatAreOnlyNamed() {
    Scan scan =
        ofFilter(
            "((c.email = $1) AND ((c.city)::text = 'it''s c.no'::text) AND (c.age >= 18) AND"
                + " ((c.first || c.last) = $2) AND (p.id = c.person_id) AND (cc.x = 1))");
    assertThat(scan.equalities()).containsExactly("email", "city", "person_id");
    assertThat(scan.ranges()).containsExactly("age");
    assertThat(scan.named()).contains("first", "last").doesNotContain("x", "no");
  }

  @Test
  void quotedNamesAreUnquoted() {
    assertThat(ofFilter("(c.\"Full \"\"Name\" = $1)").equalities()).containsExactly("Full \"Name");
  }

  @Test
  void aFunctionOfAColumnIsNoComparedColumn() {
    Scan scan = ofFilter("(lower(c.email) = $1)");
    assertThat(scan.equalities()).isEmpty();
    assertThat(scan.named()).containsExactly("email");
  }

  @Test
  void aScanWithoutAConditionOfItsOwnHasThatOfTheJoinAbove() {
    List<Scan> scans =
        ExplainedPlan.scans(
            """
            [{"Plan": {"Node Type": "Hash Join", "Hash Cond": "(c.person_id = p.id)", "Plans": [
              {"Node Type": "Seq Scan", "Relation Name": "contacts", "Schema": "public", "Alias": "c"},
              {"Node Type": "Hash", "Plans": [
                {"Node Type": "Index Scan", "Relation Name": "people", "Schema": "public", "Alias": "p"}
              ]}
            ]}}]
            """);
    assertThat(scans).hasSize(1);
    assertThat(scans.getFirst().table()).isEqualTo("contacts");
    assertThat(scans.getFirst().equalities()).containsExactly("person_id");
  }

  @Test
  void whatIsNoPlanHasNoScans() {
    assertThat(ExplainedPlan.scans("[]")).isEmpty();
    assertThat(ExplainedPlan.scans("{}")).isEmpty();
    assertThat(ExplainedPlan.scans("[{\"Plan\": 3}]")).isEmpty();
  }
}
