package dev.crossfade.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.engine.job.JobCommand;
import dev.crossfade.server.MigrationFiles;
import dev.crossfade.server.TestDatabases;
import dev.crossfade.server.store.JobRow.Kind;
import dev.crossfade.server.store.VerificationStore.Direction;
import dev.crossfade.server.store.VerificationStore.Found;
import dev.crossfade.server.store.VerificationStore.Verified;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes leave behind. */
class VerificationStoreIT {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final ChangeNote NOTE = new ChangeNote("ada", "");
  private static final Direction FORTH = new Direction(Side.OLD, 1);
  private static final Found EQUAL = new Found(10, 0, 0, List.of());
  private static final JobRow.Settings SETTINGS =
      new JobRow.Settings(
          10, 1, false, new JobRow.Limits(10, Duration.ofSeconds(10), 1 << 20, 7, 2.5), null);

  private Database database;
  private JobStore jobs;
  private VerificationStore store;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(TestDatabases.create());
    jobs = new JobStore(database.pool());
    store = Evidence.in(database.pool()).verifications();
    CatalogStore catalog = new CatalogStore(database.pool());
    catalog.change(
        new Command.Apply(
            "a",
            new MigrationText(MigrationFiles.named("a"), "a"),
            OptionalLong.empty(),
            NOTE,
            null));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private JobLeases owner(Duration lease) {
    return new JobLeases(database.pool(), "owner", lease);
  }

  private JobRow claimed(Kind kind, Duration lease) throws StoreException {
    jobs.start(new JobStore.Order("a", kind, SETTINGS, NOTE));
    return owner(lease).claim(9, job -> job.kind() == kind).orElseThrow();
  }

  private Verified verified() throws StoreException {
    return store.verifiedAsOf("a").orElseThrow();
  }

  @Test
  void aPassCountsFromItsBeginningOnceItHasEnded() throws Exception {
    JobRow job = claimed(Kind.CONTINUOUS_VERIFY, LONG);
    assertThat(job.settings()).isEqualTo(SETTINGS);
    assertThat(store.verifiedAsOf("a")).isEmpty();
    assertThat(store.end(job, EQUAL, true)).isEmpty();
    JobRow begun = store.begin(job, FORTH).orElseThrow();
    assertThat(begun.pass().ended()).isZero();
    assertThat(begun.pass().beganAt()).isNotNull();
    assertThat(store.verifiedAsOf("a")).isEmpty();

    Found found = new Found(12, 2, 1, List.of("public.a 7"));
    JobRow ended = store.end(job, found, true).orElseThrow();
    assertThat(ended.pass().ended()).isEqualTo(1);
    assertThat(ended.pass().beganAt()).isNull();
    assertThat(verified().asOf()).isEqualTo(begun.pass().beganAt());
    assertThat(verified().endedAt()).isAfterOrEqualTo(verified().asOf());
    assertThat(verified().direction()).isEqualTo(FORTH);
    assertThat(verified().found()).isEqualTo(found);
    assertThat(verified().isAfterBackfill()).isTrue();
    assertThat(store.verifiedAsOf("b")).isEmpty();
  }

  @Test
  void whoHasLostTheJobWritesNoPass() throws Exception {
    JobRow lost = claimed(Kind.CONTINUOUS_VERIFY, Duration.ofMillis(200));
    assertThat(store.begin(lost, FORTH)).isPresent();
    JobRow taken =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> owner(LONG).claim(9, job -> true), Optional::isPresent)
            .orElseThrow();
    assertThat(taken.pass().beganAt()).isNotNull();
    assertThat(store.end(lost, EQUAL, true)).isEmpty();
    assertThat(store.begin(lost, FORTH)).isEmpty();
    assertThat(store.verifiedAsOf("a")).isEmpty();
    assertThat(store.end(taken, EQUAL, true)).isPresent();
    assertThat(verified().asOf()).isEqualTo(taken.pass().beganAt());
  }

  @Test
  void anOlderPassThatEndsLaterDoesNotReplaceIt() throws Exception {
    JobRow slow = claimed(Kind.VERIFY, LONG);
    JobRow quick = claimed(Kind.CONTINUOUS_VERIFY, LONG);
    store.begin(slow, FORTH);
    store.begin(quick, FORTH);
    store.end(quick, EQUAL, true);
    Verified recent = verified();
    assertThat(store.end(slow, new Found(10, 3, 0, List.of()), true)).isPresent();
    assertThat(verified()).isEqualTo(recent);
  }

  @Test
  void aBackfillBehindItIsTold() throws Exception {
    JobRow verify = claimed(Kind.CONTINUOUS_VERIFY, LONG);
    store.begin(verify, FORTH);
    store.end(verify, EQUAL, false);
    assertThat(verified().isAfterBackfill()).isFalse();
    store.begin(verify, FORTH);
    store.end(verify, EQUAL, true);
    assertThat(verified().isAfterBackfill()).isTrue();
    JobRow backfill = claimed(Kind.BACKFILL, LONG);
    assertThat(verified().isAfterBackfill()).isFalse();
    owner(LONG).end(backfill, "");
    assertThat(verified().isAfterBackfill()).isFalse();
    store.begin(verify, FORTH);
    store.end(verify, EQUAL, true);
    assertThat(verified().isAfterBackfill()).isTrue();
  }

  @Test
  void whatGoesOnForEverTakesNobodysPlace() throws Exception {
    JobRow ever = claimed(Kind.CONTINUOUS_VERIFY, LONG);
    jobs.start(new JobStore.Order("a", Kind.VERIFY, SETTINGS, NOTE));
    JobRow verify = owner(LONG).claim(1, job -> true).orElseThrow();
    assertThat(verify.kind()).isEqualTo(Kind.VERIFY);
    jobs.change(ever.id(), JobCommand.CANCEL, NOTE);
    owner(LONG).release(ever);
    jobs.start(new JobStore.Order("a", Kind.CONTINUOUS_VERIFY, SETTINGS, NOTE));
    jobs.start(new JobStore.Order("a", Kind.REPAIR, SETTINGS, NOTE));
    assertThat(owner(LONG).claim(1, job -> true).orElseThrow().kind())
        .isEqualTo(Kind.CONTINUOUS_VERIFY);
    assertThat(owner(LONG).claim(1, job -> true)).isEmpty();
  }
}
