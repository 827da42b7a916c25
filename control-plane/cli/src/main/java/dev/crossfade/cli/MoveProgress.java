package dev.crossfade.cli;

import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.Move;
import dev.crossfade.api.v1.Stage;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes a call that may have to wait for a move, and shows on a terminal how far that has come. */
final class MoveProgress {
  private static final long LOOK_EVERY_MILLIS = 300;

  private MoveProgress() {}

  static MigrationResponse follow(
      Connection connection, String name, Callable<MigrationResponse> call) {
    FutureTask<MigrationResponse> task = new FutureTask<>(call);
    Thread.ofVirtual().name("change").start(task);
    boolean shows =
        !connection.isJson() && System.console() != null && System.console().isTerminal();
    boolean shown = false;
    try {
      while (true) {
        try {
          MigrationResponse response = task.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
          clear(connection, shown);
          return response;
        } catch (TimeoutException e) {
          shown |= shows && show(connection, name);
        }
      }
    } catch (ExecutionException e) {
      clear(connection, shown);
      if (e.getCause() instanceof StatusRuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("it was interrupted", e);
    }
  }

  private static void clear(Connection connection, boolean shown) {
    if (shown) {
      connection.redraw("");
    }
  }

  private static boolean show(Connection connection, String name) {
    try {
      GetRequest request = GetRequest.newBuilder().setName(name).build();
      var migration = connection.migrations().get(request).getMigration();
      if (migration.hasMove()) {
        connection.redraw(line(migration.getMove()));
      }
      return migration.hasMove();
    } catch (StatusRuntimeException e) {
      // The call itself tells what is wrong.
      return false;
    }
  }

  /** One that is under way. */
  static String line(Move move) {
    String waits = move.getWaits().isEmpty() ? "" : ", " + move.getWaits();
    String then =
        move.getThenTo() == Stage.STAGE_UNSPECIFIED
            ? ""
            : "; then back to " + Show.stage(move.getThenTo());
    return Show.stage(move.getFrom())
        + " -> "
        + Show.stage(move.getTo())
        + ": "
        + Show.step(move.getStep())
        + waits
        + then;
  }
}
