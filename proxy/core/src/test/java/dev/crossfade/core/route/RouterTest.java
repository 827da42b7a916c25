package dev.crossfade.core.route;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RouterTest {
  private static final ReadRequest.Conditions WELL =
      new ReadRequest.Conditions(false, Set.of(), Set.of());

  @ParameterizedTest
  @EnumSource(Stage.class)
  void onlyRampSplits(Stage stage) {
    FlagsSnapshot flags = flags(flags("m", stage, 50_000, Stickiness.RANDOM));
    RouteDecision low = decide(flags, TransactionSide.NONE, caller(0), WELL, "m");
    RouteDecision high = decide(flags, TransactionSide.NONE, caller(99), WELL, "m");
    if (stage == Stage.RAMP) {
      assertThat(low).isEqualTo(new RouteDecision(Side.NEW, RouteReason.IN_SHARE));
      assertThat(high).isEqualTo(new RouteDecision(Side.OLD, RouteReason.OUT_OF_SHARE));
    } else {
      Side all =
          EnumSet.of(Stage.LIVE, Stage.RAMPDOWN, Stage.COMPLETE).contains(stage)
              ? Side.NEW
              : Side.OLD;
      assertThat(low).isEqualTo(high);
      assertThat(low.side()).isEqualTo(all);
    }
  }

  @Test
  void aMigrationWithoutFlagsIsOff() {
    assertThat(decide(flags(), TransactionSide.NONE, caller(0), WELL, "m").reason())
        .isEqualTo(RouteReason.STAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, NEW, IN_SHARE",
    "READ_ONLY_UNDECIDED, NEW, IN_SHARE",
    "READ_ONLY_NEW, NEW, IN_SHARE",
    "READ_ONLY_OLD, OLD, TRANSACTION_SIDE",
    "AUTHORITY, OLD, IN_TRANSACTION"
  })
  void aTransactionKeepsItsSide(TransactionSide transaction, Side side, RouteReason reason) {
    FlagsSnapshot flags = flags(flags("m", Stage.RAMP, ReadShare.WHOLE, Stickiness.RANDOM));
    assertThat(decide(flags, transaction, caller(5), WELL, "m"))
        .isEqualTo(new RouteDecision(side, reason));
  }

  @Test
  void aTransactionThatBeganOnNewStaysThereOutOfShare() {
    FlagsSnapshot flags = flags(flags("m", Stage.RAMP, 1000, Stickiness.RANDOM));
    assertThat(decide(flags, TransactionSide.READ_ONLY_NEW, caller(99), WELL, "m").side())
        .isEqualTo(Side.NEW);
    assertThat(decide(flags, TransactionSide.READ_ONLY_UNDECIDED, caller(99), WELL, "m").side())
        .isEqualTo(Side.OLD);
  }

  @Test
  void whatIsWrongWithNewOutweighsTheShare() {
    FlagsSnapshot flags = flags(flags("m", Stage.RAMP, ReadShare.WHOLE, Stickiness.RANDOM));
    assertThat(
            decide(
                flags,
                TransactionSide.NONE,
                caller(0),
                new ReadRequest.Conditions(true, Set.of(), Set.of()),
                "m"))
        .isEqualTo(new RouteDecision(Side.OLD, RouteReason.CIRCUIT_OPEN));
    ReadRequest.Conditions stale = new ReadRequest.Conditions(false, Set.of("m"), Set.of());
    for (TransactionSide transaction : TransactionSide.values()) {
      assertThat(decide(flags, transaction, caller(0), stale, "m"))
          .as("%s", transaction)
          .isEqualTo(new RouteDecision(Side.OLD, RouteReason.UNMIRRORED_WRITE));
    }
    assertThat(
            decide(
                    flags,
                    TransactionSide.NONE,
                    caller(0),
                    new ReadRequest.Conditions(false, Set.of("other"), Set.of()),
                    "m")
                .side())
        .isEqualTo(Side.NEW);
  }

  @Test
  void everyMigrationOfAStatementMustLetItGo() {
    FlagsSnapshot flags =
        flags(
            flags("a", Stage.RAMP, ReadShare.WHOLE, Stickiness.RANDOM),
            flags("b", Stage.SHADOW, ReadShare.WHOLE, Stickiness.RANDOM));
    assertThat(decide(flags, TransactionSide.NONE, caller(0), WELL, "a").side())
        .isEqualTo(Side.NEW);
    assertThat(decide(flags, TransactionSide.NONE, caller(0), WELL, "a", "b"))
        .isEqualTo(new RouteDecision(Side.OLD, RouteReason.STAGE));
  }

  @ParameterizedTest
  @EnumSource(Stickiness.class)
  void theKeyIsWhatStickinessNames(Stickiness stickiness) {
    FlagsSnapshot flags = flags(flags("m", Stage.RAMP, 50_000, stickiness));
    int sessions = 0;
    int users = 0;
    int entities = 0;
    int randoms = 0;
    ReadRequest.Caller first = new ReadRequest.Caller("s", "u", "e", 0);
    Side side = decide(flags, TransactionSide.NONE, first, WELL, "m").side();
    for (int i = 0; i < 100; i++) {
      sessions += differs(flags, new ReadRequest.Caller("s" + i, "u", "e", 0), side);
      users += differs(flags, new ReadRequest.Caller("s", "u" + i, "e", 0), side);
      entities += differs(flags, new ReadRequest.Caller("s", "u", "e" + i, 0), side);
      randoms += differs(flags, new ReadRequest.Caller("s", "u", "e", i), side);
    }
    assertThat(sessions > 0).isEqualTo(stickiness == Stickiness.SESSION);
    assertThat(users > 0).isEqualTo(stickiness == Stickiness.USER);
    assertThat(entities > 0).isEqualTo(stickiness == Stickiness.ENTITY);
    assertThat(randoms > 0).isEqualTo(stickiness == Stickiness.RANDOM);
  }

  @Test
  void withoutAnEntityTheSessionIsTheKey() {
    FlagsSnapshot entity = flags(flags("m", Stage.RAMP, 50_000, Stickiness.ENTITY));
    FlagsSnapshot session = flags(flags("m", Stage.RAMP, 50_000, Stickiness.SESSION));
    for (int i = 0; i < 100; i++) {
      ReadRequest.Caller caller = new ReadRequest.Caller("s" + i, "u", null, i);
      assertThat(decide(entity, TransactionSide.NONE, caller, WELL, "m"))
          .isEqualTo(decide(session, TransactionSide.NONE, caller, WELL, "m"));
    }
  }

  private static int differs(FlagsSnapshot flags, ReadRequest.Caller caller, Side side) {
    return decide(flags, TransactionSide.NONE, caller, WELL, "m").side() == side ? 0 : 1;
  }

  /** A caller whose random bits fall into this percent. */
  private static ReadRequest.Caller caller(int percent) {
    return new ReadRequest.Caller("s", "u", null, percent);
  }

  private static RouteDecision decide(
      FlagsSnapshot flags,
      TransactionSide transaction,
      ReadRequest.Caller caller,
      ReadRequest.Conditions state,
      String... migrations) {
    return Router.decide(new ReadRequest(flags, Set.of(migrations), transaction, caller, state));
  }

  private static MigrationFlags flags(
      String name, Stage stage, int buckets, Stickiness stickiness) {
    return new MigrationFlags(name, stage, new ReadShare(buckets), stickiness);
  }

  private static FlagsSnapshot flags(MigrationFlags... flags) {
    return new FlagsSnapshot(
        1, Stream.of(flags).collect(toUnmodifiableMap(MigrationFlags::migration, each -> each)));
  }
}
