package dev.crossfade.bench.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs statements on old, and translated on new. */
final class BothSides {
  private BothSides() {}

  /**
   * All of it in one transaction that is undone; both sides are compared after each statement.
   *
   * @return what ran on new
   */
  static List<String> same(World world, String... statements) throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> translated = new ArrayList<>();
    try (Lockstep lockstep = new Lockstep(world)) {
      lockstep.begin();
      for (String sql : statements) {
        Lockstep.Result result = lockstep.step(new Draft(Form.UPDATE_BY_KEY, sql));
        if (result.executed() instanceof Executed.Answered answered
            && result.difference() == null) {
          translated.add(answered.sql());
        } else {
          wrong.add(sql + ": " + result);
        }
      }
      lockstep.undo();
    }
    assertThat(wrong).isEmpty();
    return translated;
  }
}
