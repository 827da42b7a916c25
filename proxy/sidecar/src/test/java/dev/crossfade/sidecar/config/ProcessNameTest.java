package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessNameTest {
  @Test
  void aProcessIsKnownByItsId() {
    assertThat(ProcessName.of(Optional.empty(), 4711)).isEqualTo("4711");
    assertThat(ProcessName.get()).isEqualTo(ProcessName.get()).isNotEmpty();
  }

  @Test
  void theFirstProcessesOfTwoContainersAreTwo() {
    assertThat(Stream.generate(() -> ProcessName.of(Optional.empty(), 1)).limit(8))
        .allMatch(name -> name.matches("[0-9a-f]{8}"))
        .doesNotHaveDuplicates();
  }

  @Test
  void whoeverStartsItMayCallItSomething() {
    assertThat(ProcessName.of(Optional.of("standby"), 1)).isEqualTo("standby");
    assertThat(ProcessName.of(Optional.of("../second-container"), 7)).isEqualTo("secondcont");
    assertThat(ProcessName.of(Optional.of(" "), 7)).isEqualTo("7");
  }
}
