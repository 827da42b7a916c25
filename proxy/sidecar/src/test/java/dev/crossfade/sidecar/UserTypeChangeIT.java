package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Types that change while they are read: no client gets anything but what old would say. */
class UserTypeChangeIT {
  private static final String READ = "SELECT flags, flag FROM parcels WHERE id = 3";
  private static final String BY_FLAG = "SELECT id FROM parcels WHERE flag = $1 ORDER BY id";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private UserTypePair pair;
  private Sidecar sidecar;

  @BeforeEach
  void start() throws Exception {
    pair = new UserTypePair();
    sidecar = pair.sidecar();
  }

  @AfterEach
  void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  /** A statement that is not described, so that only its values tell the types. */
  private static List<Frame> undescribed(WireClient client) throws IOException {
    return client.exchange(
        Messages.parse("", READ),
        Messages.bind("", "", List.of(), List.of(1)),
        Messages.execute("", 0),
        Messages.sync());
  }

  private void makeTheTypeAnew() throws Exception {
    pair.run(
        true,
        "ALTER TABLE things ALTER flags TYPE text[] USING flags::text[], ALTER flag TYPE text",
        "DROP TYPE flag",
        "CREATE TYPE flag AS ENUM ('red', 'blue')",
        "ALTER TABLE things ALTER flags TYPE flag[] USING flags::flag[],"
            + " ALTER flag TYPE flag USING flag::flag");
  }

  @Test
  void aTypeThatNewMadeAnewIsNoticedInsideAValue() throws Exception {
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      List<Frame> asOld = undescribed(direct);
      MarkedPair.awaitCounted(sidecar, () -> undescribed(through));
      assertThat(undescribed(through)).isEqualTo(asOld);
      long fallbacks = Pair.metric(sidecar, "crossfade_fallbacks_total");
      makeTheTypeAnew();
      assertThat(undescribed(through)).isEqualTo(asOld);
      assertThat(Pair.metric(sidecar, "crossfade_fallbacks_total")).isEqualTo(fallbacks + 1);
      // The doubt has the types read again, so that new answers with what it has now.
      Await.until(
          "plans with the new types",
          PATIENCE,
          () -> {
            long before = MarkedPair.onNew(sidecar);
            assertThat(undescribed(through)).isEqualTo(asOld);
            return MarkedPair.onNew(sidecar) == before + 1;
          });
    }
  }

  @Test
  void aLabelThatOnlyOldHasIsAskedOfOld() throws Exception {
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      MarkedPair.awaitCounted(sidecar, () -> byFlag(through, "red"));
      pair.run(
          false,
          "ALTER TYPE flag ADD VALUE 'green' BEFORE 'red'",
          "UPDATE parcels SET flag = 'green' WHERE id = 4");
      assertThat(byFlag(direct, "green")).extracting(Frame::type).contains('D');
      assertThat(byFlag(through, "green")).isEqualTo(byFlag(direct, "green"));
      Await.until(
          "the type not to be taken for the same",
          PATIENCE,
          () ->
              UserTypePair.explain(through, "SELECT id, flag FROM parcels ORDER BY flag")
                  .getOrDefault("refused", "")
                  .equals("USER_TYPE"));
      assertThat(byFlag(through, "green")).isEqualTo(byFlag(direct, "green"));
      assertThat(UserTypePair.explain(through, "SELECT moods FROM parcels"))
          .containsEntry("side", "new");
    }
  }

  private static List<Frame> byFlag(WireClient client, String flag) throws IOException {
    return UserTypePair.answer(client, BY_FLAG, 1, new int[0], Parameter.text(flag));
  }
}
