package dev.crossfade.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.server.MigrationFiles;
import dev.crossfade.server.TestDatabases;
import dev.crossfade.server.store.FlagReadings.Reading;
import dev.crossfade.server.store.FlagReadings.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks Unleash, and what is kept of its answers. */
class FlagLeaseIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Value QUARTER = new Value(ReadShare.parse("25%"), "strategy x: 25%");

  private Database database;
  private FlagReadings readings;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(TestDatabases.create());
    readings = new FlagReadings(database.pool());
    new CatalogStore(database.pool())
        .change(
            new Command.Apply(
                "a",
                new MigrationText(MigrationFiles.named("a"), "a"),
                OptionalLong.empty(),
                new ChangeNote("ada", "")));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private FlagLease owner(String name, Duration lease) {
    return new FlagLease(database.pool(), name, lease);
  }

  private Reading reading() throws StoreException {
    return readings.reading("a", "reads").orElseThrow();
  }

  @Test
  void oneAsksUntilItsLeaseRunsOutOrIsLeft() throws Exception {
    FlagLease first = owner("first", LONG);
    FlagLease second = owner("second", SHORT);
    assertThat(first.hold(0)).hasValue(1);
    assertThat(second.hold(0)).isEmpty();
    assertThat(first.hold(1)).hasValue(1);
    first.release(1);
    assertThat(second.hold(0)).hasValue(2);
    await().atMost(Duration.ofSeconds(20)).until(() -> first.hold(0).orElse(0) == 3);
    assertThat(second.hold(2)).isEmpty();
  }

  @Test
  void whatAnEarlierOwnerWritesIsDropped() throws Exception {
    FlagLease first = owner("first", LONG);
    first.hold(0);
    readings.put(1, "a", "reads", QUARTER, "");
    first.release(1);
    owner("second", LONG).hold(0);
    readings.put(1, "a", "reads", new Value(ReadShare.ALL, "late"), "");
    readings.putProblem(1, "a", "reads", "late");
    first.heard(1, LONG, "late");
    assertThat(reading().value()).isEqualTo(QUARTER);
    assertThat(reading().problem()).isEmpty();
    assertThat(reading().follower()).isEqualTo("second");
  }

  @Test
  void aValueHasTheTimeSinceWhichItHolds() throws Exception {
    owner("first", LONG).hold(0);
    readings.put(1, "a", "reads", QUARTER, "");
    Instant since = reading().since();
    readings.put(1, "a", "reads", new Value(QUARTER.reads(), "variant y: 25%"), "");
    assertThat(reading().since()).isEqualTo(since);
    readings.put(1, "a", "reads", new Value(ReadShare.ALL, "strategy x: 100%"), "");
    assertThat(reading().since()).isAfter(since);
  }

  @Test
  void whatCannotBeUsedLeavesTheLastValue() throws Exception {
    owner("first", LONG).hold(0);
    readings.putProblem(1, "a", "reads", "Unleash has no flag 'reads'");
    assertThat(reading().value()).isNull();
    readings.put(1, "a", "reads", QUARTER, "");
    readings.putProblem(1, "a", "reads", "two strategies");
    assertThat(reading().value()).isEqualTo(QUARTER);
    assertThat(reading().problem()).isEqualTo("two strategies");
    assertThat(readings.reading("a", "another").orElseThrow().value()).isNull();
  }

  @Test
  void anAnswerHoldsForAWhileOnly() throws Exception {
    FlagLease lease = owner("first", LONG);
    lease.hold(0);
    assertThat(reading().heardAt()).isNull();
    assertThat(reading().isStale()).isTrue();
    lease.heard(1, LONG, "");
    Instant heard = reading().heardAt();
    assertThat(reading().isStale()).isFalse();
    lease.heard(1, LONG, "Unleash cannot be reached");
    assertThat(reading().heardAt()).isEqualTo(heard);
    assertThat(reading().problem()).isEqualTo("Unleash cannot be reached");
    lease.heard(1, SHORT, "Unleash cannot be reached");
    await().atMost(Duration.ofSeconds(20)).until(() -> reading().isStale());
  }
}
