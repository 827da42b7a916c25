package dev.crossfade.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.catalog.Verdict.Changed;
import dev.crossfade.engine.catalog.Verdict.Refused;
import dev.crossfade.engine.catalog.Verdict.Unchanged;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FlagRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final ChangeNote ADA = new ChangeNote("ada", "by hand");
  private static final ChangeNote UNLEASH = new ChangeNote("unleash", "flag 'reads': 25%");
  private static final ReadShare QUARTER = ReadShare.parse("25%");

  private @Nullable CatalogEntry entry;
  private long version;

  private Verdict decide(Command command) {
    version++;
    Verdict verdict =
        CatalogRules.decide(
            new CatalogView(entry, entry == null ? 0 : 1, 0),
            command,
            new Moment(version, NOW.plusSeconds(version)));
    if (verdict instanceof Changed changed) {
      entry = changed.entry();
    }
    return verdict;
  }

  private CatalogEntry now() {
    return Optional.ofNullable(entry).orElseThrow();
  }

  private Following following() {
    return Optional.ofNullable(now().following()).orElseThrow();
  }

  private Following.Takeover takeover() {
    return Optional.ofNullable(following().takeover()).orElseThrow();
  }

  private void apply(String yaml, @Nullable String flag) {
    decide(
        new Command.Apply(
            "orders",
            new MigrationText(yaml, "orders.yaml"),
            OptionalLong.empty(),
            ADA,
            null,
            flag));
  }

  private Verdict reads(boolean overrides) {
    return decide(
        new Command.SetReads(
            "orders", QUARTER, Optional.empty(), OptionalLong.empty(), ADA, overrides));
  }

  private Verdict follow(ReadShare share) {
    return decide(
        new Command.FollowFlag(
            "orders", "reads", share, Stickiness.USER, "group", OptionalLong.empty(), UNLEASH));
  }

  private Verdict resume() {
    return decide(new Command.Resume("orders", OptionalLong.empty(), ADA));
  }

  private void toRamp() {
    for (Stage stage : new Stage[] {Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP}) {
      decide(new Command.SetStage("orders", stage, OptionalLong.empty(), ADA));
    }
  }

  @Test
  void aFlagDecidesShareStickinessAndBuckets() {
    apply("a", "reads");
    toRamp();
    assertThat(follow(QUARTER)).isInstanceOf(Changed.class);
    assertThat(now().position())
        .isEqualTo(
            new Position(
                Stage.RAMP, QUARTER, Stickiness.USER, now().position().consistency(), "group"));
    assertThat(now().flags().bucketGroup()).isEqualTo("group");
    assertThat(follow(QUARTER)).isInstanceOf(Unchanged.class);
  }

  @Test
  void theMigrationsOwnNameAsTheGroupIsNoOther() {
    apply("a", "reads");
    decide(
        new Command.FollowFlag(
            "orders", "reads", QUARTER, Stickiness.USER, "orders", OptionalLong.empty(), UNLEASH));
    assertThat(now().position().bucketGroup()).isEmpty();
    assertThat(now().flags().bucketGroup()).isEqualTo("orders");
  }

  @Test
  void peopleDoNotSetAShareThatAFlagDecides() {
    apply("a", "reads");
    assertThat(reads(false))
        .isEqualTo(
            new Refused(
                Verdict.Why.STATE,
                "migration 'orders' follows the flag 'reads' of Unleash: change that, or take the"
                    + " share over with --override until 'ctl flag follow orders'"));
  }

  @Test
  void anOverrideHoldsUntilItIsGivenBack() {
    apply("a", "reads");
    assertThat(reads(true)).isInstanceOf(Changed.class);
    assertThat(now().following())
        .isEqualTo(new Following("reads", new Following.Takeover("ada", NOW.plusSeconds(2))));
    assertThat(follow(ReadShare.ALL)).isInstanceOf(Refused.class);
    assertThat(reads(false)).isInstanceOf(Unchanged.class);
    assertThat(resume()).isInstanceOf(Changed.class);
    assertThat(now().following()).isEqualTo(new Following("reads", null));
    assertThat(resume()).isInstanceOf(Unchanged.class);
    assertThat(follow(ReadShare.ALL)).isInstanceOf(Changed.class);
    assertThat(now().position().reads()).isEqualTo(ReadShare.ALL);
  }

  @Test
  void anOverrideWithTheShareThatThereIsTakesOverToo() {
    apply("a", "reads");
    follow(QUARTER);
    assertThat(reads(true)).isInstanceOf(Changed.class);
    assertThat(following().isOverridden()).isTrue();
  }

  @Test
  void aRollbackWinsAndTheFlagDoesNotGoForwardAgainByItself() {
    apply("a", "reads");
    toRamp();
    follow(QUARTER);
    decide(new Command.Rollback("orders", Stage.SHADOW, ADA));
    assertThat(now().position().reads()).isEqualTo(ReadShare.NONE);
    assertThat(takeover().actor()).isEqualTo("ada");
    assertThat(follow(QUARTER)).isInstanceOf(Refused.class);
    resume();
    assertThat(follow(QUARTER)).isInstanceOf(Changed.class);
  }

  @Test
  void aRollbackToWhereItStandsHoldsTheFlagOffToo() {
    apply("a", "reads");
    assertThat(decide(new Command.Rollback("orders", Stage.OFF, ADA))).isInstanceOf(Changed.class);
    assertThat(following().isOverridden()).isTrue();
    assertThat(decide(new Command.Rollback("orders", Stage.OFF, ADA)))
        .isInstanceOf(Unchanged.class);
  }

  @Test
  void aStepBackLeavesTheFlagItsShare() {
    apply("a", "reads");
    toRamp();
    decide(new Command.SetStage("orders", Stage.SHADOW, OptionalLong.empty(), ADA));
    assertThat(following().isOverridden()).isFalse();
  }

  @Test
  void anotherFlagAndAFileWithoutOneDecideNothing() {
    apply("a", "reads");
    reads(true);
    apply("b", "others");
    assertThat(now().following()).isEqualTo(new Following("others", null));
    assertThat(follow(QUARTER)).isInstanceOf(Refused.class);
    apply("c", null);
    assertThat(now().following()).isNull();
    assertThat(reads(false)).isInstanceOf(Unchanged.class);
    assertThat(resume())
        .isEqualTo(
            new Refused(
                Verdict.Why.STATE,
                "the file of migration 'orders' names no flag: spec.flag.unleash would"));
  }

  @Test
  void aNewFileWithTheSameFlagKeepsTheOverrideAndOneWithoutLeavesItsBuckets() {
    apply("a", "reads");
    follow(QUARTER);
    reads(true);
    apply("b", "reads");
    assertThat(following().isOverridden()).isTrue();
    assertThat(now().position().bucketGroup()).isEqualTo("group");
    apply("c", null);
    assertThat(now().position().bucketGroup()).isEmpty();
  }
}
