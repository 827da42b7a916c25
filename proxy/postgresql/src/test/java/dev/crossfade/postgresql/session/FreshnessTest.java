package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.Routing;
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
    assertThat(freshness.behind()).isEmpty();
  }

  @Test
  void everybodyIsBehindUntilTheMirrorHasLooked() {
    Watermark watermark = mirror();
    assertThat(freshness.behind()).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind()).isEmpty();
    watermark.lost();
    assertThat(freshness.behind()).containsExactly("m");
  }

  @Test
  void aWriterIsBehindUntilALaterRound() {
    Watermark watermark = mirror();
    round(watermark);
    freshness.writes();
    assertThat(freshness.behind()).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind()).as("its commit is not acknowledged").containsExactly("m");
    freshness.settled();
    assertThat(hurried).hasValue(1);
    assertThat(freshness.behind()).containsExactly("m");
    round(watermark);
    assertThat(freshness.behind()).isEmpty();
  }

  @Test
  void whatWasReadOnOldCountsUnlessItBelongsThere() {
    Watermark watermark = mirror();
    round(watermark);
    for (RouteReason reason : RouteReason.values()) {
      freshness.goesToOld(reason);
      freshness.settled();
      boolean expected =
          switch (reason) {
            case UNMAPPED, OUT_OF_SHARE, STAGE, METADATA, SESSION_SCOPE, IN_SHARE -> false;
            default -> true;
          };
      assertThat(freshness.behind().contains("m")).as("%s", reason).isEqualTo(expected);
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
    assertThat(freshness.behind()).containsExactly("m");
    round(after);
    assertThat(freshness.behind()).isEmpty();
  }
}
