package dev.crossfade.server.move;

import dev.crossfade.engine.catalog.MoveStep;
import java.sql.SQLException;

/** Is told of each step of a move once it is done. */
@FunctionalInterface
public interface MoveSteps {
  /**
   * @throws SQLException where the move is not to go on
   */
  void done(MoveStep step) throws SQLException;
}
