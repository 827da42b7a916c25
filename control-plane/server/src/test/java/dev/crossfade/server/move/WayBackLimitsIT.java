package dev.crossfade.server.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.engine.catalog.Move;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.engine.catalog.Transition;
import dev.crossfade.server.JobDatabases;
import dev.crossfade.server.TestDatabases;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.LossStore;
import dev.crossfade.server.store.MoveRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a way back believes when it has no time to look at everything itself. */
class WayBackLimitsIT {
  private static final Duration DAY = Duration.ofHours(24);
  private static final ChangeNote NOTE = new ChangeNote("ada", "");
  private static final String ANYWAY = "accept it with --accept-loss";

  @SuppressWarnings("NullAway.Init")
  private Database control;

  @SuppressWarnings("NullAway.Init")
  private JobDatabases databases;

  @SuppressWarnings("NullAway.Init")
  private LossStore losses;

  @SuppressWarnings("NullAway.Init")
  private MoveTarget target;

  @BeforeEach
  void start() throws Exception {
    control = Database.open(TestDatabases.create());
    MigrationText file = new MigrationText(JobDatabases.YAML, "notes.yaml");
    new CatalogStore(control.pool())
        .change(new Command.Apply(JobDatabases.MIGRATION, file, OptionalLong.empty(), NOTE));
    losses = Evidence.in(control.pool()).losses();
    // Old has fifty rows and new none: all that new is about to have is its own.
    databases = JobDatabases.create(50);
    databases.onNew("INSERT INTO remarks SELECT i, 'note ' || i FROM generate_series(1, 50) AS i");
    databases.flip();
    target =
        MoveTarget.open(file, databases.databasesFile().of(JobDatabases.MIGRATION).orElseThrow());
  }

  @AfterEach
  void stop() {
    control.close();
  }

  private Optional<String> obstacle(Duration measure, ChangeNote note) throws Exception {
    MoveRow row =
        new MoveRow(
            JobDatabases.MIGRATION,
            new Move(
                1,
                Transition.LEAVE_LIVE,
                note,
                Duration.ofSeconds(1),
                new Move.Progress(MoveStep.BEGUN, "")),
            1,
            new MoveRow.Times(Instant.now(), Instant.now()),
            null);
    return new WayBack(losses, new WayBack.Limits(measure, DAY)).obstacle(row, target, () -> false);
  }

  private Optional<String> obstacle() throws Exception {
    return obstacle(Duration.ZERO, NOTE);
  }

  private void measured(Duration ago, long epoch, long lost) throws Exception {
    losses.keep(
        JobDatabases.MIGRATION,
        ago,
        epoch,
        new LossStore.Loss(50, lost, 0, lost == 0 ? List.of() : List.of("public.notes 7")));
  }

  @Test
  void withoutTimeTheLatestFigureCounts() throws Exception {
    assertThat(obstacle())
        .hasValue(
            "it is not known yet what that would lose, for not all of it has been looked at since"
                + " new has the authority: wait for 'ctl show notes' to tell, or "
                + ANYWAY);
    measured(Duration.ofHours(26), 2, 0);
    assertThat(obstacle())
        .hasValue(
            "what that would lose was measured 26 h ago, at most 24 h are allowed:"
                + " see 'ctl job status', or "
                + ANYWAY);
    measured(Duration.ofHours(2), 1, 0);
    assertThat(obstacle()).as("it is of another epoch").isPresent();
    measured(Duration.ofHours(1), 2, 3);
    assertThat(obstacle().orElseThrow())
        .startsWith("that would lose 3 entities of new that old does not give back as of 2")
        .endsWith(" (public.notes 7; ...): change them on new, or " + ANYWAY);
    measured(Duration.ofMinutes(30), 2, 0);
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void withTimeWhatIsFoundCountsAndIsKept() throws Exception {
    measured(Duration.ofMinutes(30), 2, 3);
    assertThat(obstacle(Duration.ofMinutes(1), NOTE)).isEmpty();
    LossStore.Measured kept = losses.lossAsOf(JobDatabases.MIGRATION).orElseThrow();
    assertThat(kept.loss()).isEqualTo(new LossStore.Loss(50, 0, 0, List.of()));
    assertThat(kept.epoch()).isEqualTo(2);

    // As if it could not be carried: nothing is on its way.
    databases.onNew("DELETE FROM crossfade.mutation; UPDATE remarks SET text = 'x' WHERE id = 9");
    measured(Duration.ZERO, 2, 0);
    assertThat(obstacle().orElseThrow())
        .as("what was found counts also when it is not all")
        .startsWith("that would lose at least 1 entity of new");
    assertThat(obstacle(Duration.ofMinutes(1), new ChangeNote("eve", "", true))).isEmpty();
  }
}
