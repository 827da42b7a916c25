package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.Routing;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static PreparedStatement statement(String name, int length) {
    return new PreparedStatement(name, new byte[length], new int[0], true, false, null);
  }

  @Test
  void givesWhatIsLeftAndNoMore() {
    MemoryBudget budget = new MemoryBudget(100);
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(41)).isFalse();
    assertThat(budget.taken()).isEqualTo(60);
    assertThat(budget.take(40)).isTrue();
    budget.giveBack(100);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void sessionsShareItAndGiveBackWhatTheyForget() {
    int weight = statement("s", 1000).weight();
    MemoryBudget budget = new MemoryBudget(2L * weight);
    SessionState first = new SessionState(10, budget, new Routing());
    SessionState second = new SessionState(10, budget, new Routing());
    first.prepared("a", statement("a", 1000));
    first.prepared("a", statement("a", 1000));
    second.prepared("b", statement("b", 1000));
    assertThat(budget.taken()).isEqualTo(2L * weight);
    second.prepared("c", statement("c", 1000));
    assertThat(second.statement("c")).isNull();
    first.closed("a");
    second.prepared("c", statement("c", 1000));
    assertThat(second.statement("c")).isNotNull();
    second.closeAll();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whatCannotBeRememberedCountsAsTheWorst() {
    SessionState state = new SessionState(0, new MemoryBudget(1 << 20), new Routing());
    state.prepared("w", new PreparedStatement("w", new byte[10], new int[0], false, true, null));
    assertThat(state.forgotWriter()).isTrue();
    assertThat(state.settings().isPinned()).isFalse();
    state.prepared(
        "s",
        new PreparedStatement(
            "s", new byte[10], new int[0], false, false, new SessionEffect.ResetAll()));
    assertThat(state.settings().isPinned()).isTrue();
  }

  @Test
  void aPinOutlivesTheFailureOfALaterStatement() {
    SessionState state = new SessionState(1, new MemoryBudget(100), new Routing());
    Exchange exchange =
        new Exchange(
            0,
            false,
            new ExchangePlan.Forward(
                RouteReason.UNMAPPED, "", null, null, new SessionEffect.Pin()));
    exchange.fail();
    state.ready((byte) 'I', exchange);
    assertThat(state.settings().isPinned()).isTrue();
  }
}
