package dev.crossfade.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatalogRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final ChangeNote NOTE = new ChangeNote("ada", "because");
  private static final MigrationText FILE = new MigrationText("kind: Migration", "orders.yaml");

  private @Nullable CatalogEntry entry;
  private long version;

  @Test
  void aNewMigrationStartsOffWithNoReadsOnNew() {
    Verdict verdict = run(apply(FILE, OptionalLong.empty()));
    assertThat(verdict).isInstanceOf(Verdict.Changed.class);
    assertThat(current().position()).isEqualTo(Position.START);
    assertThat(current().lifetime())
        .isEqualTo(new CatalogEntry.Lifetime(NOW.plusSeconds(1), NOW.plusSeconds(1)));
    Change change = ((Verdict.Changed) verdict).change();
    assertThat(change)
        .isEqualTo(
            new Change(
                1, "orders", NOW.plusSeconds(1), Change.Kind.CREATED, NOTE, null, Position.START));
  }

  @Test
  void theSameFileAgainChangesNothingInAnyStage() {
    run(apply(FILE, OptionalLong.empty()));
    run(stage(Stage.DUAL_WRITE));
    assertThat(run(apply(new MigrationText(FILE.yaml(), "elsewhere.yaml"), OptionalLong.empty())))
        .isInstanceOf(Verdict.Unchanged.class);
    assertThat(current().version()).isEqualTo(2);
  }

  @Test
  void anotherFileReplacesTheOneOfAMigrationThatIsOff() {
    run(apply(FILE, OptionalLong.empty()));
    run(reads("10%"));
    assertThat(run(apply(new MigrationText("kind: Migration # 2", "b.yaml"), OptionalLong.empty())))
        .isInstanceOf(Verdict.Changed.class);
    assertThat(current().file().source()).isEqualTo("b.yaml");
    assertThat(current().position().reads()).isEqualTo(ReadShare.parse("10%"));
    assertThat(current().lifetime().createdAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(current().lifetime().updatedAt()).isEqualTo(NOW.plusSeconds(3));
  }

  @Test
  void anotherFileIsRefusedUnderTraffic() {
    run(apply(FILE, OptionalLong.empty()));
    run(stage(Stage.DUAL_WRITE));
    Verdict verdict =
        run(apply(new MigrationText("kind: Migration # 2", "b.yaml"), OptionalLong.empty()));
    assertThat(refusal(verdict)).isEqualTo(Verdict.Why.STATE);
    assertThat(verdict.message())
        .isEqualTo(
            "migration 'orders' is in DUAL_WRITE: its file cannot change under traffic; roll it"
                + " back to OFF first");
  }

  @Test
  void aReadShareMayBeSetAnyTimeAndSaysWhetherItIsInForce() {
    run(apply(FILE, OptionalLong.empty()));
    assertThat(run(reads("25%")).message())
        .isEqualTo(
            "reads of migration 'orders' on new: 25%, in force only in stage RAMP (it is in OFF:"
                + " all reads are old's)");
    assertThat(current().flags().effectiveReads()).isEqualTo(ReadShare.NONE);
    run(stage(Stage.DUAL_WRITE));
    run(stage(Stage.SHADOW));
    run(stage(Stage.RAMP));
    assertThat(current().flags().effectiveReads()).isEqualTo(ReadShare.parse("25%"));
    assertThat(run(reads("50%")).message())
        .isEqualTo("reads of migration 'orders' on new: 50%, in force");
  }

  @Test
  void theSameReadShareAgainChangesNothing() {
    run(apply(FILE, OptionalLong.empty()));
    run(reads("25%"));
    assertThat(run(reads("25%"))).isInstanceOf(Verdict.Unchanged.class);
  }

  @Test
  void stickinessChangesOnlyWhenGiven() {
    run(apply(FILE, OptionalLong.empty()));
    run(
        new Command.SetReads(
            "orders", ReadShare.NONE, Optional.of(Stickiness.ENTITY), OptionalLong.empty(), NOTE));
    run(reads("1%"));
    assertThat(current().position().stickiness()).isEqualTo(Stickiness.ENTITY);
  }

  @Test
  void promisesChangeOnlyWhereGivenAndStayWhenTheStageMoves() {
    run(apply(FILE, OptionalLong.empty()));
    run(consistency(Optional.of(ReadFreshness.EVENTUAL), Optional.empty()));
    Verdict verdict = run(consistency(Optional.empty(), Optional.of(WriteAck.MIRRORED)));
    Consistency promised = new Consistency(ReadFreshness.EVENTUAL, WriteAck.MIRRORED);
    assertThat(((Verdict.Changed) verdict).change().kind()).isEqualTo(Change.Kind.CONSISTENCY);
    assertThat(current().position().consistency()).isEqualTo(promised);
    run(new Command.SetStage("orders", Stage.DUAL_WRITE, OptionalLong.empty(), NOTE));
    run(reads("1%"));
    run(new Command.Rollback("orders", Stage.OFF, NOTE));
    assertThat(current().position().consistency()).isEqualTo(promised);
    assertThat(current().flags().consistency()).isEqualTo(promised);
    assertThat(run(consistency(Optional.empty(), Optional.of(WriteAck.MIRRORED))))
        .isInstanceOf(Verdict.Unchanged.class);
  }

  private static Command consistency(Optional<ReadFreshness> freshness, Optional<WriteAck> ack) {
    return new Command.SetConsistency("orders", freshness, ack, OptionalLong.empty(), NOTE);
  }

  @Test
  void anUnexpectedVersionIsAConflict() {
    run(apply(FILE, OptionalLong.of(0)));
    Verdict verdict =
        run(new Command.SetStage("orders", Stage.DUAL_WRITE, OptionalLong.of(7), NOTE));
    assertThat(refusal(verdict)).isEqualTo(Verdict.Why.CONFLICT);
    assertThat(verdict.message())
        .isEqualTo(
            "migration 'orders' is at version 1, not at the expected version 7: read it again, then"
                + " decide again");
    assertThat(refusal(run(apply(new MigrationText("other", "x"), OptionalLong.of(0)))))
        .isEqualTo(Verdict.Why.CONFLICT);
  }

  @Test
  void aVersionOfAMigrationThatDoesNotExistIsAConflict() {
    Verdict verdict = run(apply(FILE, OptionalLong.of(3)));
    assertThat(refusal(verdict)).isEqualTo(Verdict.Why.CONFLICT);
    assertThat(verdict.message())
        .startsWith("migration 'orders' does not exist, not at the expected version 3");
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    for (Command command :
        new Command[] {
          stage(Stage.DUAL_WRITE), reads("1%"), new Command.Rollback("orders", Stage.OFF, NOTE)
        }) {
      Verdict verdict = run(command);
      assertThat(refusal(verdict)).isEqualTo(Verdict.Why.NOT_FOUND);
      assertThat(verdict.message()).isEqualTo("there is no migration 'orders'");
    }
  }

  @Test
  void aFullCatalogTakesNoMoreMigrations() {
    Command command = apply(FILE, OptionalLong.empty());
    CatalogView full = new CatalogView(null, CatalogLimits.MIGRATIONS_MAX, 0);
    assertThat(refusal(CatalogRules.decide(full, command, moment()))).isEqualTo(Verdict.Why.LIMIT);
    CatalogView almost = new CatalogView(null, CatalogLimits.MIGRATIONS_MAX - 1, 0);
    assertThat(CatalogRules.decide(almost, command, moment())).isInstanceOf(Verdict.Changed.class);
  }

  @Test
  void filesAreLimitedEachAndTogether() {
    MigrationText atLimit = new MigrationText("x".repeat(CatalogLimits.YAML_MAX_BYTES), "big");
    MigrationText over =
        new MigrationText("ä".repeat(CatalogLimits.YAML_MAX_BYTES / 2) + "x", "bigger");
    CatalogView empty = new CatalogView(null, 0, 0);
    assertThat(CatalogRules.decide(empty, apply(atLimit, OptionalLong.empty()), moment()))
        .isInstanceOf(Verdict.Changed.class);
    assertThat(refusal(CatalogRules.decide(empty, apply(over, OptionalLong.empty()), moment())))
        .isEqualTo(Verdict.Why.INVALID);
    CatalogView large =
        new CatalogView(null, 20, CatalogLimits.CATALOG_MAX_BYTES - FILE.yaml().length());
    assertThat(CatalogRules.decide(large, apply(FILE, OptionalLong.empty()), moment()))
        .isInstanceOf(Verdict.Changed.class);
    CatalogView larger = new CatalogView(null, 20, large.yamlBytes() + 1);
    assertThat(refusal(CatalogRules.decide(larger, apply(FILE, OptionalLong.empty()), moment())))
        .isEqualTo(Verdict.Why.LIMIT);
  }

  @Test
  void aReplacedFileGivesItsBytesBack() {
    run(apply(FILE, OptionalLong.empty()));
    CatalogView full = new CatalogView(entry, 20, CatalogLimits.CATALOG_MAX_BYTES);
    MigrationText smaller = new MigrationText("kind: M", "orders.yaml");
    assertThat(CatalogRules.decide(full, apply(smaller, OptionalLong.empty()), moment()))
        .isInstanceOf(Verdict.Changed.class);
  }

  private static final CatalogEvidence EVIDENCE =
      new CatalogEvidence("old:5432/shop", "new:5432/shop", "0f".repeat(32), 2);

  private static Command checked(MigrationText file, CatalogEvidence evidence) {
    return new Command.Apply("orders", file, OptionalLong.empty(), NOTE, evidence);
  }

  @Test
  void evidenceIsKeptWithWhoAndWhenUntilTheFileIsAnotherOne() {
    run(checked(FILE, EVIDENCE));
    assertThat(current().checked())
        .isEqualTo(new CheckedCatalogs(EVIDENCE, NOTE.actor(), NOW.plusSeconds(1)));
    run(reads("10%"));
    run(stage(Stage.DUAL_WRITE));
    run(stage(Stage.OFF));
    assertThat(current().checked()).isNotNull();
    run(apply(new MigrationText("kind: Migration # 2", "b.yaml"), OptionalLong.empty()));
    assertThat(current().checked()).isNull();
  }

  @Test
  void newEvidenceForTheSameFileIsNotedInAnyStageAndTheSameIsNot() {
    run(apply(FILE, OptionalLong.empty()));
    assertThat(current().checked()).isNull();
    run(stage(Stage.DUAL_WRITE));
    Verdict verdict = run(checked(FILE, EVIDENCE));
    assertThat(verdict).isInstanceOf(Verdict.Changed.class);
    assertThat(((Verdict.Changed) verdict).change().kind()).isEqualTo(Change.Kind.CHECKED);
    assertThat(current().position().stage()).isEqualTo(Stage.DUAL_WRITE);
    assertThat(run(checked(FILE, EVIDENCE))).isInstanceOf(Verdict.Unchanged.class);
    assertThat(run(apply(FILE, OptionalLong.empty()))).isInstanceOf(Verdict.Unchanged.class);
    assertThat(current().checked()).isNotNull();
    CatalogEvidence other = new CatalogEvidence("old:5432/shop", "new:5432/shop", "1f", 2);
    assertThat(run(checked(FILE, other))).isInstanceOf(Verdict.Changed.class);
  }

  private static Command apply(MigrationText file, OptionalLong expected) {
    return new Command.Apply("orders", file, expected, NOTE);
  }

  private static Command stage(Stage stage) {
    return new Command.SetStage("orders", stage, OptionalLong.empty(), NOTE);
  }

  private static Command reads(String percent) {
    return new Command.SetReads(
        "orders", ReadShare.parse(percent), Optional.empty(), OptionalLong.empty(), NOTE);
  }

  private Moment moment() {
    return new Moment(version + 1, NOW.plusSeconds(version + 1));
  }

  private Verdict run(Command command) {
    CatalogEntry before = entry;
    CatalogView view =
        new CatalogView(
            before, before == null ? 0 : 1, before == null ? 0 : before.file().yaml().length());
    Verdict verdict = CatalogRules.decide(view, command, moment());
    if (verdict instanceof Verdict.Changed changed) {
      entry = changed.entry();
      version++;
    }
    return verdict;
  }

  private CatalogEntry current() {
    CatalogEntry now = entry;
    assertThat(now).isNotNull();
    if (now == null) {
      throw new AssertionError("no entry");
    }
    return now;
  }

  private static Verdict.Why refusal(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return ((Verdict.Refused) verdict).why();
  }
}
