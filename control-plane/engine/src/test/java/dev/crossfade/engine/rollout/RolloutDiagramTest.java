package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RolloutDiagramTest {
  /** From the module's folder or the whole tree's. */
  private static Path documentation() {
    Path here = Path.of("docs/rollout.md");
    return Files.exists(here) ? here : Path.of("../../docs/rollout.md");
  }

  @Test
  void thePictureInTheDocumentationIsThisTable() throws Exception {
    assertThat(Files.readString(documentation())).contains(RolloutTransition.diagram());
  }
}
