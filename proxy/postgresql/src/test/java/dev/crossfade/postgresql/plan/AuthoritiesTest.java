package dev.crossfade.postgresql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AuthoritiesTest {
  private static final String NAME = "split-customers";

  /** What is read of it on new in between would lack what old was told. */
  @Test
  void whoFindsThatItIsOldsAgainFindsItReturning() throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < 5_000; round++) {
        Authorities authorities = new Authorities();
        authorities.flags(in(Stage.LIVE));
        assertThat(authorities.returning()).isEmpty();
        Future<Boolean> news = other.submit(() -> authorities.told(NAME, Side.OLD));
        while (authorities.of(NAME) == Side.NEW) {
          Thread.onSpinWait();
        }
        assertThat(authorities.returning()).containsOnlyKeys(NAME);
        assertThat(news.get()).isTrue();
      }
    }
  }

  @Test
  void aMigrationThatIsGoneIsForgotten() {
    Authorities authorities = new Authorities();
    authorities.flags(in(Stage.LIVE));
    authorities.flags(in(Stage.RAMP));
    assertThat(authorities.returning()).containsOnlyKeys(NAME);
    authorities.flags(FlagsSnapshot.EMPTY);
    assertThat(authorities.returning()).isEmpty();
    assertThat(authorities.told(NAME, Side.NEW)).isFalse();
    assertThat(authorities.of(NAME)).isEqualTo(Side.OLD);
  }

  private static FlagsSnapshot in(Stage stage) {
    return new FlagsSnapshot(
        1, Map.of(NAME, new MigrationFlags(NAME, stage, ReadShare.ALL, Stickiness.SESSION)));
  }
}
