package dev.crossfade.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void aPageSaysWhenAndWhereAndOfWhichVersionsAndWhatElseWentOn() throws IOException {
    assertThat(Machine.inOneLine())
        .matches(
            "\\d{4}-\\d\\d-\\d\\d; \\d+ cores: .+; Linux \\S+; Java \\d\\S*; PostgreSQL 17\\.\\d+;"
                + " load [0-9.]+ [0-9.]+ [0-9.]+");
  }

  @Test
  void aProgramThatIsNotThereOrFailsPrintsNothing() {
    assertThat(ChildProgram.firstLine(List.of("/no/such/program"))).isEmpty();
    assertThat(ChildProgram.firstLine(List.of("sh", "-c", "echo said; exit 3"))).isEmpty();
    assertThat(ChildProgram.firstLine(List.of("sh", "-c", "echo said; echo more")))
        .contains("said");
  }
}
