package dev.crossfade.sidecar;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.control.ScriptedControlPlane;
import dev.crossfade.sidecar.control.Snapshots;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/** A sidecar that knows of no migration until it is told of one. */
final class SteeredSidecar implements AutoCloseable {
  private static final int ALL_READS = 100_000;

  final Sidecar sidecar;
  final ScriptedControlPlane controlPlane;
  private long version;

  private SteeredSidecar(Sidecar sidecar, ScriptedControlPlane controlPlane) {
    this.sidecar = sidecar;
    this.controlPlane = controlPlane;
  }

  static SteeredSidecar start(Pair pair) throws Exception {
    return start(pair, "");
  }

  /**
   * @param more of its configuration
   */
  static SteeredSidecar start(Pair pair, String more) throws Exception {
    ScriptedControlPlane controlPlane = new ScriptedControlPlane(0);
    String config =
        pair.config(
                "OFF",
                "0%",
                "random",
                "controlPlane: {port: "
                    + controlPlane.port()
                    + "}\nlimits: {controlTimeout: 0s}\n"
                    + more)
            .replaceFirst("migrations:\n.*\n", "")
            .replace("stateDirectory: state", "stateDirectory: state-" + UUID.randomUUID());
    try {
      Sidecar sidecar =
          Sidecar.start(
              ConfigFile.parse(config, pair.folder.resolve("steered.yaml").toString(), Map.of()));
      controlPlane.hello();
      return new SteeredSidecar(sidecar, controlPlane);
    } catch (Exception e) {
      controlPlane.close();
      throw e;
    }
  }

  /** Returns when the lens and its stage are in force; with RAMP all reads may go to new. */
  void use(String lens, Stage stage) throws InterruptedException {
    version++;
    controlPlane.send(
        Snapshots.of(
            version, "split-customers", lens, stage, stage == Stage.STAGE_RAMP ? ALL_READS : 0));
    controlPlane.ack();
  }

  /** Returns when the sidecar has said that the lens does not fit. */
  void offer(String lens, Stage stage) throws InterruptedException {
    version++;
    controlPlane.send(Snapshots.of(version, "split-customers", lens, stage, 0));
    controlPlane.nack();
  }

  void use(Stage stage) throws InterruptedException {
    use(Pair.LENS, stage);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    sidecar.close();
    controlPlane.close();
  }
}
