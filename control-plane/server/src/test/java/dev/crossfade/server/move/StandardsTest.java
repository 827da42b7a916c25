package dev.crossfade.server.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.CompiledLens;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a migration must be like before new takes its writes. */
class StandardsTest {
  private static Optional<String> unfenced(CaptureMode capture) {
    return Standards.unfenced(new CompiledLens("notes", Map.of(), Map.of(), Set.of(), capture));
  }

  @Test
  void whereOldHasNoTriggersNothingWouldRefuseItsWrites() {
    assertThat(unfenced(CaptureMode.TRIGGERS)).isEmpty();
    assertThat(unfenced(CaptureMode.STATEMENTS).orElse(""))
        .contains("capture: statements", "no fence", "RAMP");
  }
}
