package dev.crossfade.bench.rollout.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.rollout.workload.Hole.Column;
import dev.crossfade.bench.rollout.workload.Hole.Use;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NormalizedTextTest {
  private static final Map<String, Set<String>> COLUMNS =
      Map.of(
          "customers", Set.of("id", "email", "full_name"),
          "orders", Set.of("id", "customer_id", "total_cents"));
  private static final Column ID = new Column("customers", "id");
  private static final Column EMAIL = new Column("customers", "email");

  private static List<Hole> holes(String text) {
    return NormalizedText.of(text, COLUMNS).holes();
  }

  @Test
  void aValueIsOfTheColumnThatItIsComparedWith() {
    assertThat(holes("select * from customers where id = $1 and email = ?s"))
        .containsExactly(
            new Hole(true, ID, Use.VALUE, '$'), new Hole(false, EMAIL, Use.VALUE, 's'));
    assertThat(holes("select * from customers as c where lower ( c . email ) = $1"))
        .containsExactly(new Hole(true, EMAIL, Use.VALUE, '$'));
    assertThat(
            holes(
                "select * from orders o join customers c on c . id = o . customer_id where"
                    + " ?4 < o . total_cents"))
        .containsExactly(new Hole(false, new Column("orders", "total_cents"), Use.VALUE, '4'));
    assertThat(holes("select * from \"customers\" where id in ( ?4 , ?4 )"))
        .containsExactly(new Hole(false, ID, Use.VALUE, '4'), new Hole(false, ID, Use.VALUE, '4'));
    assertThat(holes("select * from customers where id = any ( $1 )"))
        .containsExactly(new Hole(true, ID, Use.ARRAY, '$'));
  }

  @Test
  void aRangeBeginsAndEnds() {
    List<Hole> range =
        List.of(new Hole(true, ID, Use.VALUE, '$'), new Hole(true, ID, Use.RANGE_END, '$'));
    assertThat(holes("select * from customers where id between $1 and $2")).isEqualTo(range);
    assertThat(holes("select * from customers where id >= $1 and id < $2")).isEqualTo(range);
  }

  @Test
  void limitsAndConstantsNeedNoColumn() {
    assertThat(holes("select total_cents / ?4 from orders limit $1 offset $2"))
        .extracting(Hole::use)
        .containsExactly(Use.CONSTANT, Use.LIMIT, Use.OFFSET);
    assertThat(holes("select * from elsewhere where a = $1"))
        .containsExactly(new Hole(true, null, Use.CONSTANT, '$'));
  }
}
