package dev.crossfade.bench.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrammarTest {
  private static final int STATEMENTS = 600;

  @Test
  void aStatementDependsOnItsSeedSessionAndNumberOnly() {
    for (int number = 1; number < STATEMENTS; number++) {
      Draft first = Grammar.statement(5, 2, number);
      assertThat(Grammar.statement(5, 2, number)).isEqualTo(first);
      assertThat(Grammar.statement(5, 3, number)).isNotEqualTo(first);
    }
  }

  @Test
  void everyFormComes() {
    Set<Form> forms = EnumSet.noneOf(Form.class);
    for (int number = 1; number < STATEMENTS; number++) {
      forms.add(Grammar.statement(1, 1, number).form());
    }
    assertThat(forms).hasSize(Form.values().length);
  }

  @Test
  void aSourceGivesTransactionsOfOneToFourStatements() {
    Grammar.Source source = new Grammar.Source(7, 1);
    Set<Integer> sizes = new HashSet<>();
    Set<Boolean> ends = new HashSet<>();
    for (int transaction = 0; transaction < STATEMENTS; transaction++) {
      Work work = source.next(4);
      sizes.add(work.statements().size());
      ends.add(work.commits());
    }
    assertThat(sizes).containsExactlyInAnyOrder(1, 2, 3, 4);
    assertThat(ends).containsExactlyInAnyOrder(true, false);
    assertThat(source.next(1).statements()).hasSize(1);
  }

  @Test
  void whatTheFailureDoesNotNeedIsLeftOut() {
    List<Draft> all =
        List.of("a", "b", "c", "d", "e", "last").stream()
            .map(sql -> new Draft(Form.WITH, sql))
            .toList();
    Shrinker shrinker =
        new Shrinker(
            drafts -> drafts.stream().map(Draft::sql).toList().containsAll(List.of("b", "d")), 50);
    assertThat(shrinker.shrink(all)).extracting(Draft::sql).containsExactly("b", "d", "last");
  }
}
