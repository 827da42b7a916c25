package dev.crossfade.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.engine.job.JobCommand;
import dev.crossfade.engine.job.JobState;
import dev.crossfade.server.MigrationFiles;
import dev.crossfade.server.TestDatabases;
import dev.crossfade.server.store.JobRow.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who holds a job, when several want to. */
class JobLeasesIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final ChangeNote NOTE = new ChangeNote("ada", "");
  private static final JobRow.Settings SETTINGS =
      new JobRow.Settings(
          10, 1, true, new JobRow.Limits(10, Duration.ofSeconds(10), 1 << 20, 0, 3), null);

  private Database database;
  private JobStore store;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(TestDatabases.create());
    store = new JobStore(database.pool());
    CatalogStore catalog = new CatalogStore(database.pool());
    for (String name : List.of("a", "b")) {
      catalog.change(
          new Command.Apply(
              name,
              new MigrationText(MigrationFiles.named(name), name),
              OptionalLong.empty(),
              NOTE,
              null));
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private JobLeases owner(String name, Duration lease) {
    return new JobLeases(database.pool(), name, lease);
  }

  private long queued(String migration, JobRow.Kind kind) throws StoreException {
    JobStore.Started started = store.start(new JobStore.Order(migration, kind, SETTINGS, NOTE));
    assertThat(started.isNew()).isTrue();
    return started.job().id();
  }

  private JobRow job(long id) throws StoreException {
    return store.find(id).orElseThrow();
  }

  @Test
  void manyWantItAndOneGetsIt() throws Exception {
    queued("a", JobRow.Kind.BACKFILL);
    List<Future<Optional<JobRow>>> claims = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (int i = 0; i < 6; i++) {
        JobLeases owner = owner("owner " + i, LONG);
        claims.add(threads.submit(() -> owner.claim(6, job -> true)));
      }
    }
    int claimed = 0;
    for (Future<Optional<JobRow>> claim : claims) {
      claimed += claim.get().isPresent() ? 1 : 0;
    }
    assertThat(claimed).isEqualTo(1);
  }

  @Test
  void soManyAtOnceAndTheOldestFirst() throws Exception {
    long first = queued("a", JobRow.Kind.BACKFILL);
    long second = queued("b", JobRow.Kind.BACKFILL);
    long third = queued("a", JobRow.Kind.VERIFY);
    JobLeases one = owner("one", LONG);
    JobLeases other = owner("other", LONG);
    JobRow held = one.claim(2, job -> true).orElseThrow();
    assertThat(held.id()).isEqualTo(first);
    assertThat(other.claim(2, job -> !job.migration().equals("b")).orElseThrow().id())
        .isEqualTo(third);
    assertThat(one.claim(2, job -> true)).isEmpty();
    one.end(held, "");
    assertThat(job(first).standing().state()).isEqualTo(JobState.DONE);
    assertThat(other.claim(2, job -> true).orElseThrow().id()).isEqualTo(second);
  }

  @Test
  void whoIsTakenOverWritesNothingMore() throws Exception {
    long id = queued("a", JobRow.Kind.BACKFILL);
    JobLeases gone = owner("gone", SHORT);
    JobLeases heir = owner("heir", LONG);
    JobRow before = gone.claim(1, job -> true).orElseThrow();
    assertThat(gone.note(before, Progress.NONE, "waits", true)).isTrue();
    assertThat(job(id).standing().waits()).isEqualTo("waits");
    assertThat(job(id).settings().again()).isFalse();
    JobRow after =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> heir.claim(1, job -> true), Optional::isPresent)
            .orElseThrow();
    assertThat(after.standing().term()).isEqualTo(before.standing().term() + 1);
    assertThat(after.standing().owner()).isEqualTo("heir");
    assertThat(gone.renew(before)).isEmpty();
    assertThat(gone.note(before, Progress.NONE, "late", false)).isFalse();
    gone.end(before, "late");
    gone.release(before);
    assertThat(job(id).standing()).isEqualTo(after.standing());
    assertThat(heir.renew(after)).isPresent();
  }

  @Test
  void aLeaseThatIsRenewedIsNotTakenOver() throws Exception {
    queued("a", JobRow.Kind.BACKFILL);
    JobLeases owner = owner("owner", Duration.ofSeconds(3));
    JobLeases other = owner("other", LONG);
    JobRow held = owner.claim(9, job -> true).orElseThrow();
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(15))
        .until(() -> owner.renew(held).isPresent() && other.claim(9, job -> true).isEmpty());
  }

  @Test
  void whatPeopleWantedOfADeadOwnersJobHappens() throws Exception {
    long paused = queued("a", JobRow.Kind.BACKFILL);
    long cancelled = queued("b", JobRow.Kind.BACKFILL);
    JobLeases gone = owner("gone", SHORT);
    gone.claim(9, job -> true);
    gone.claim(9, job -> true);
    store.change(paused, JobCommand.PAUSE, NOTE);
    store.change(cancelled, JobCommand.CANCEL, NOTE);
    JobLeases heir = owner("heir", LONG);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                heir.claim(9, job -> true).isEmpty()
                    && job(cancelled).standing().state() == JobState.CANCELLED);
    assertThat(job(paused).standing().state()).isEqualTo(JobState.PAUSED);
    assertThat(job(cancelled).times().endedAt()).isNotNull();
  }

  @Test
  void whatWasStoppedForNobodyIsTakenAgain() throws Exception {
    long id = queued("a", JobRow.Kind.VERIFY);
    JobLeases owner = owner("owner", LONG);
    JobRow held = owner.claim(9, job -> true).orElseThrow();
    JobRow.Place place = new JobRow.Place("public.a", 1, List.of("7", "x"));
    owner.note(
        held,
        new Progress(
            "public.a",
            new JobRow.Size(5, 10, 2.5),
            new JobRow.Counts(1, 2, 3, 4),
            List.of("public.a 7"),
            place),
        "",
        true);
    owner.release(held);
    assertThat(job(id).standing().state()).isEqualTo(JobState.QUEUED);
    JobRow again = owner.claim(9, job -> true).orElseThrow();
    assertThat(again.progress().place()).isEqualTo(place);
    assertThat(again.progress().counts()).isEqualTo(new JobRow.Counts(1, 2, 3, 4));
    assertThat(again.progress().size().done()).isEqualTo(5);
    assertThat(again.progress().examples()).containsExactly("public.a 7");
    assertThat(again.times().startedAt()).isEqualTo(held.times().startedAt());
  }

  @Test
  void theOldestOfThoseThatEndedMakeRoom() throws Exception {
    JobLeases owner = owner("owner", LONG);
    for (int i = 0; i < 203; i++) {
      queued("a", JobRow.Kind.VERIFY);
      owner.end(owner.claim(9, job -> true).orElseThrow(), "");
    }
    assertThat(store.list("", 1_000)).hasSizeBetween(200, 201);
    assertThat(store.list("a", 3)).extracting(JobRow::id).containsExactly(203L, 202L, 201L);
    assertThat(store.list("b", 3)).isEmpty();
  }
}
