package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.Routing;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private final Routing routing = new Routing();
  private final AtomicInteger hurried = new AtomicInteger();
  private final Freshness freshness = new Freshness(routing);

  private Watermark mirror() {
    Watermark watermark = new Watermark(hurried::incrementAndGet);
    routing.watermarks().put("m", watermark);
    return watermark;
  }

  private static void round(Watermark watermark) {
    watermark.seenEmpty(watermark.begin());
  }

  @Test
  void nothingIsBehindWithoutAMirror() {
    freshness.writes();
    freshness.settled();
    assertThat(freshness.behind(null)).isEmpty();
  }

  @Test
  void everybodyIsBehindWhileTheAuthorityReturnsToOld() {
    routing.flags(in(Stage.LIVE));
    assertThat(freshness.behind(null)).isEmpty();
    routing.told("m", Side.OLD);
    Map<String, Long> first = routing.returning();
    assertThat(freshness.behind(null)).containsExactly("m");
    routing.told("m", Side.NEW);
    routing.told("m", Side.OLD);
    routing.returned(first);
    assertThat(freshness.behind(null)).as("it has returned once more").containsExactly("m");
    routing.returned(routing.returning());
    assertThat(freshness.behind(null)).isEmpty();
    routing.told("m", Side.NEW);
    routing.flags(in(Stage.RAMP));
    assertThat(freshness.behind(null)).containsExactly("m");
  }

  private static FlagsSnapshot in(Stage stage) {
    return new FlagsSnapshot(
        1, Map.of("m", new MigrationFlags("m", stage, ReadShare.ALL, Stickiness.RANDOM)));
  }

  @Test
  void everybodyIsBehindUntilTheMirrorHasLooked() {
    Watermark watermark = mirror();
    assertThat(freshness.behind(null)).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind(null)).isEmpty();
    watermark.lost();
    assertThat(freshness.behind(null)).containsExactly("m");
  }

  @Test
  void aWriterIsBehindUntilALaterRound() {
    Watermark watermark = mirror();
    round(watermark);
    freshness.writes();
    assertThat(freshness.behind(null)).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind(null)).as("its commit is not acknowledged").containsExactly("m");
    freshness.settled();
    assertThat(hurried).hasValue(1);
    assertThat(freshness.behind(null)).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind(null)).isEmpty();
  }

  @Test
  void whatWasReadOnOldCountsUnlessItBelongsThere() {
    Watermark watermark = mirror();
    round(watermark);
    for (RouteReason reason : RouteReason.values()) {
      freshness.goesToOld(reason, null);
      freshness.settled();
      boolean expected =
          switch (reason) {
            case UNMAPPED, AUTHORITY_NEW, OUT_OF_SHARE, STAGE, METADATA, SESSION_SCOPE, IN_SHARE ->
                false;
            default -> true;
          };
      assertThat(freshness.behind(null).contains("m")).as("%s", reason).isEqualTo(expected);
      round(watermark);
    }
    assertThat(hurried).hasValue(0);
  }

  @Test
  void aMirrorThatIsStartedAnewCountsFromTheBeginning() {
    Watermark before = mirror();
    for (int i = 0; i < 1_000; i++) {
      round(before);
    }
    freshness.writes();
    freshness.settled();
    Watermark after = mirror();
    round(after);
    assertThat(freshness.behind(null)).containsExactly("m");
    round(after);
    assertThat(freshness.behind(null)).isEmpty();
  }

  private void reads(String entity) {
    freshness.goesToOld(RouteReason.NOT_FRESH, entity);
  }

  @Test
  void whoReadOneEntityWaitsForThatOne() {
    Watermark watermark = mirror();
    round(watermark);
    reads("7");
    assertThat(freshness.behind("8")).as("7 is under way").isEmpty();
    assertThat(freshness.behind("7")).containsExactly("m");
    assertThat(freshness.behind(null)).containsExactly("m");
    freshness.settled();
    assertThat(freshness.behind("8")).isEmpty();
    assertThat(freshness.behind("007")).containsExactly("m");
    assertThat(freshness.behind(null)).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind("7")).isEmpty();
    assertThat(freshness.behind(null)).isEmpty();
  }

  /** Or it would never end for a session that has written and goes on reading. */
  @Test
  void readingOneEntityPutsOffNothingElse() {
    Watermark watermark = mirror();
    round(watermark);
    freshness.writes();
    freshness.settled();
    reads("1");
    freshness.settled();
    assertThat(freshness.behind("2")).containsExactly("m");
    long began = watermark.begin();
    reads("1");
    freshness.settled();
    watermark.seenEmpty(began);
    assertThat(freshness.behind("2")).isEmpty();
    assertThat(freshness.behind("1")).containsExactly("m");
  }

  @Test
  void whoReadsManyEntitiesHasSeenEverything() {
    Watermark watermark = mirror();
    round(watermark);
    for (int i = 0; i <= Freshness.MOST_ENTITIES; i++) {
      reads("k" + i);
      freshness.settled();
      assertThat(freshness.behind("other").contains("m")).isEqualTo(i == Freshness.MOST_ENTITIES);
    }
    round(watermark);
    assertThat(freshness.behind("other")).isEmpty();
    for (int i = 0; i <= Freshness.MOST_ENTITIES; i++) {
      reads("k" + i);
    }
    assertThat(freshness.behind("other")).as("in one transaction").containsExactly("m");
  }
}
