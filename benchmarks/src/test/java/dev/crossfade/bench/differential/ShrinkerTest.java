package dev.crossfade.bench.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.differential.Grammar.Written;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final Node TREE =
      Node.of(
          "SELECT ",
          Node.list(List.of(Node.of("a"), Node.of("b"), Node.of("c")), 1),
          " FROM t",
          Node.extra(
              " WHERE ",
              new Node.Choice(
                  Node.of(
                      "x = ", new Node.Parameter(4, "1"), " AND y = ", new Node.Parameter(7, "2")),
                  List.of(Node.of("true")))));

  private static String shrunk(String needed, int attempts) {
    return new Shrinker(node -> node.statement().sql().contains(needed), attempts)
        .shrink(TREE)
        .statement()
        .sql();
  }

  @Test
  void parametersAreNumberedAsTheyAppear() {
    assertThat(TREE.statement())
        .isEqualTo(
            new Node.Statement("SELECT a, b, c FROM t WHERE x = $1 AND y = $2", List.of("1", "2")));
  }

  @Test
  void whatTheFailureDoesNotNeedIsLeftOut() {
    assertThat(shrunk("b", 100)).isEqualTo("SELECT b FROM t");
    assertThat(shrunk("WHERE", 100)).isEqualTo("SELECT c FROM t WHERE true");
    assertThat(shrunk("y =", 100)).isEqualTo("SELECT c FROM t WHERE x = $1 AND y = $2");
  }

  @Test
  void itStopsAfterSoManyAttempts() {
    assertThat(shrunk("b", 0)).isEqualTo(TREE.statement().sql());
  }

  @Test
  void aStatementDependsOnItsSeedAndNumberOnly() {
    DataSet data = new DataSet(1, 20, 40);
    for (int number = 1; number < 300; number++) {
      Written first = Grammar.statement(5, number, 0, data);
      assertThat(Grammar.statement(5, number, 0, data).statement()).isEqualTo(first.statement());
      assertThat(Grammar.statement(6, number, 0, data).statement()).isNotEqualTo(first.statement());
    }
  }

  @Test
  void noiseLeavesQuotedTextAlone() {
    Node.Statement plain =
        new Node.Statement(
            "SELECT 'It''s  A' AS \"X  y\", E'a\\' B', $q$ C d$q$, $1 FROM t", List.of());
    for (long noise = 1; noise < 200; noise++) {
      assertThat(Noise.on(plain, noise).sql())
          .contains("'It''s  A'", "\"X  y\"", "E'a\\' B'", "$q$ C d$q$", "$1");
    }
    assertThat(Noise.on(plain, 0)).isEqualTo(plain);
  }
}
