package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.command.Command;
import dev.crossfade.sql.parse.Tokens;
import java.util.List;

/**
 * A command that a client has prepared, or sends as a simple Query.
 *
 * @param sql the client's text
 * @param types of its parameters as the client fixed them, perhaps not of all; 0 where it did not
 * @param parameters how many it has
 */
record LocalStatement(byte[] sql, Command command, int[] types, int parameters) {
  /**
   * @param tokens of this very text
   */
  static LocalStatement of(byte[] sql, Tokens tokens, Command command, int[] types) {
    int parameters = types.length;
    for (int token = 0; token < tokens.count(); token++) {
      boolean few = tokens.end(token) - tokens.start(token) < 5;
      if (tokens.kind(token) == Tokens.PARAMETER && few) {
        parameters = Math.max(parameters, Integer.parseInt(tokens.text(token).substring(1)));
      }
    }
    return new LocalStatement(sql, command, types, parameters);
  }

  List<String> columns() {
    return switch (command) {
      case Command.Show show -> show.topic().columns();
      case Command.Explain ignored -> Command.Explain.COLUMNS;
      case Command.Mistaken ignored -> List.of();
    };
  }

  String tag() {
    return command instanceof Command.Show ? "SHOW" : "EXPLAIN";
  }

  /** About what it takes in memory, in bytes. */
  int weight() {
    return 256 + sql.length + 4 * types.length;
  }
}
