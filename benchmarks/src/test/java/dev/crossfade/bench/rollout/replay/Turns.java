package dev.crossfade.bench.rollout.replay;

/** Turns as a way would have made them. */
public final class Turns {
  private Turns() {}

  /**
   * Transactions of one statement each, that all take the same.
   *
   * @param statement which, of so many
   */
  public static Turn of(int statement, int statements, int count, double micros) {
    Turn turn = new Turn(statements);
    for (int i = 0; i < count; i++) {
      // A little apart, as nothing ever takes exactly the same.
      double took = micros * (1 + i % 10 / 1e3);
      turn.transaction(Math.round(took));
      turn.statement(statement, took);
    }
    turn.lasted(1);
    return turn;
  }

  /** So many more fail. */
  public static Turn failing(Turn turn, int statement, int count, String message) {
    for (int i = 0; i < count; i++) {
      turn.error(statement, message);
    }
    return turn;
  }

  /** So many more are never begun. */
  public static Turn abandoned(Turn turn, int count) {
    turn.abandon(count);
    return turn;
  }
}
