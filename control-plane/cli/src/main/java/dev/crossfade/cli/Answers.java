package dev.crossfade.cli;

import dev.crossfade.api.v1.MigrationResponse;

/** How the answer to a change is told. */
final class Answers {
  private Answers() {}

  static void changed(Connection connection, MigrationResponse response) {
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(response.getMessage());
    }
  }
}
