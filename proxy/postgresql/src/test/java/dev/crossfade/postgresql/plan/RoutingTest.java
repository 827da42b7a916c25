package dev.crossfade.postgresql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.mirror.Watermark;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingTest {
  private static final String NAME = "split-customers";

  private final Routing routing = new Routing();
  private long version;

  private void stage(Stage stage) {
    MigrationFlags flags = new MigrationFlags(NAME, stage, ReadShare.ALL, Stickiness.SESSION);
    routing.flags(new FlagsSnapshot(++version, Map.of(NAME, flags)));
  }

  @Test
  void aWriteThatNothingCarriesIsRemembered() {
    stage(Stage.RAMP);
    routing.wrote(NAME);
    assertThat(routing.unmirrored()).containsExactly(NAME);
    stage(Stage.SHADOW);
    assertThat(routing.unmirrored()).isEmpty();
  }

  /** The mirror is about to be turned round, and what is written before is in its log. */
  @Test
  void aWriteRightAfterTheAuthorityHasComeBackIsCarried() {
    stage(Stage.LIVE);
    stage(Stage.RAMP);
    routing.wrote(NAME);
    assertThat(routing.unmirrored()).isEmpty();
    Map<String, Long> returning = routing.returning();
    routing.watermarks().put(NAME, new Watermark(() -> {}));
    routing.returned(returning);
    routing.wrote(NAME);
    assertThat(routing.unmirrored()).isEmpty();
  }

  @Test
  void whereNoMirrorFollowsSuchAWriteIsRememberedAfterAll() {
    stage(Stage.LIVE);
    routing.told(NAME, Side.OLD);
    routing.wrote(NAME);
    assertThat(routing.unmirrored()).isEmpty();
    routing.returned(routing.returning());
    assertThat(routing.unmirrored()).containsExactly(NAME);
  }

  @Test
  void whatNobodyReadsOnNewAnyMoreIsNotRemembered() {
    stage(Stage.LIVE);
    routing.told(NAME, Side.OLD);
    routing.wrote(NAME);
    stage(Stage.SHADOW);
    routing.returned(routing.returning());
    stage(Stage.RAMP);
    assertThat(routing.unmirrored()).isEmpty();
  }

  /** Who comes back once more is not what was asked about. */
  @Test
  void aReturnThatIsNotOverYetKeepsItsWrites() {
    stage(Stage.LIVE);
    routing.told(NAME, Side.OLD);
    Map<String, Long> first = routing.returning();
    routing.told(NAME, Side.NEW);
    routing.told(NAME, Side.OLD);
    routing.wrote(NAME);
    routing.returned(first);
    assertThat(routing.unmirrored()).isEmpty();
    routing.returned(routing.returning());
    assertThat(routing.unmirrored()).containsExactly(NAME);
  }
}
