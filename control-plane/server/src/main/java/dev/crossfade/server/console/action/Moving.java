package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.calls.Calls;
import dev.crossfade.server.console.view.Ladder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What actions have in common that may move the authority over writes. */
final class Moving {
  /** A move may take minutes, and goes on by itself; the migration's page shows how far it is. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private Moving() {}

  static Migration migration(Calls calls, String name) {
    return calls.migrations().get(GetRequest.newBuilder().setName(name).build()).getMigration();
  }

  /** Whether something has to be done on the databases on the way. */
  static boolean isMove(Stage from, Stage to) {
    return Ladder.isOnNew(from) != Ladder.isOnNew(to) || Ladder.isEnd(to);
  }

  static List<Field> fields(Stage from, Stage to) {
    if (!isMove(from, to) || Ladder.isEnd(to)) {
      return List.of();
    }
    return List.of(
        Field.number(
                "maxPause",
                "Writers may wait for at most (milliseconds)",
                "1000",
                new Field.Range("10", "60000", "1"))
            .with("What takes longer is undone."),
        Field.check("acceptLoss", "Go although something is lost by it, or may be")
            .with("That is kept in the history."));
  }

  /** Makes a call that may wait for a move, and waits with it for a moment. */
  static String call(
      Calls calls, String name, Function<MigrationServiceBlockingStub, MigrationResponse> call) {
    try {
      return call.apply(calls.migrations(PATIENCE)).getMessage();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
          && migration(calls, name).hasMove()) {
        return "it is under way: this page shows how far it has come";
      }
      throw e;
    }
  }
}
