package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.core.migration.Side;
import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.control.ScriptedControlPlane;
import dev.crossfade.sidecar.control.Snapshots;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The authority goes back to old, and the sidecar learns of it from a fence. */
class ReturnedAuthorityIT {
  private static final int ALL_READS = 100_000;

  @Test
  void aSessionSeesItsWritesAllTheTime() throws Exception {
    try (MirroredPair pair = new MirroredPair();
        ScriptedControlPlane controlPlane = new ScriptedControlPlane(0)) {
      pair.flip(Side.NEW);
      controlPlane.greetWith(
          Snapshots.of(1, "split-customers", Pair.LENS, Stage.STAGE_LIVE, ALL_READS));
      try (Sidecar sidecar = start(pair, controlPlane);
          Connection connection = Pair.connect(sidecar)) {
        long value = writeAndRead(connection, 0, 20);
        pair.flip(Side.OLD);
        value = writeAndRead(connection, value, 200);
        controlPlane.send(
            Snapshots.of(2, "split-customers", Pair.LENS, Stage.STAGE_RAMP, ALL_READS));
        value = writeAndRead(connection, value, 200);
        assertThat(MovedScene.get(connection, 1)).isEqualTo(value);
      }
    }
  }

  private static long writeAndRead(Connection connection, long last, int times) throws Exception {
    for (long value = last + 1; value <= last + times; value++) {
      assertThat(MovedScene.set(connection, 1, value)).isEqualTo(1);
      assertThat(MovedScene.get(connection, 1)).isEqualTo(value);
    }
    return last + times;
  }

  private static Sidecar start(MirroredPair pair, ScriptedControlPlane controlPlane)
      throws Exception {
    String config =
        pair.sides
            .config(
                "OFF",
                "0%",
                "random",
                MirroredPair.MIRROR + "\ncontrolPlane: {port: " + controlPlane.port() + "}")
            .replaceFirst("migrations:\n.*\n", "");
    return Sidecar.start(
        ConfigFile.parse(config, pair.sides.folder.resolve("live.yaml").toString(), Map.of()));
  }
}
