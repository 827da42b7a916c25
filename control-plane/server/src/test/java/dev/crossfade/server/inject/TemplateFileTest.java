package dev.crossfade.server.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateFileTest {
  @Test
  void aTemplateIsReadFromItsFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("inject.yaml"), Pods.TEMPLATE);
    assertThat(TemplateFile.read(file).containerName()).isEqualTo("crossfade");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name: crossfade\\n|name: Cross Fade\\n|`container.name: \"Cross Fade\" is no name`",
        "name: crossfade\\n|name: ${config}\\n|`container.name: \"${config}\" is no name`",
        "restartPolicy: Always|restartPolicy: Never|`\"Never\" does not make it a sidecar`",
        "startupProbe|livenessProbe|container.startupProbe: missing; this key is required",
        "image: crossfade/sidecar:1.2.3|image: ''|container.image: empty",
        "{name: \"${config}\"}|{name: \"${cofnig}\"}|${cofnig} is none of the parameters above",
        "form: port|form: prot|parameters.admin-port.form: ",
        "default: 160Mi|default: lots|`\"lots\" is not a quantity, such as 100m or 128Mi`",
        "memory: {form|inject: {form|no name for a parameter",
        "name: crossfade-state, mountPath|name: state, mountPath|`\"state\" is none of the"
            + " volumes`",
        "- name: crossfade\\n|- name: other\\n|the first one has the name of the container above",
        "- name: crossfade-standby|- name: crossfade|is there twice",
        "name: crossfade-state, emptyDir|name: crossfade-config, emptyDir|is there twice",
        "\\nvolumes:|\\nvolume:|volume: "
      })
  void aMistakeIsShownWithItsPlace(String right, String wrong, String told) {
    String yaml = Pods.TEMPLATE.replace(right.replace("\\n", "\n"), wrong.replace("\\n", "\n"));
    assertThat(yaml).isNotEqualTo(Pods.TEMPLATE);
    assertThatThrownBy(() -> TemplateFile.parse(yaml, "inject.yaml"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("inject.yaml:")
        .hasMessageContaining(told);
  }

  @Test
  void everyMistakeIsShownAtOnce() {
    assertThatThrownBy(
            () ->
                TemplateFile.parse(
                    Pods.TEMPLATE
                        .replace("Always", "OnFailure")
                        .replace("\"${memory}\"", "\"${cpu}\""),
                    "inject.yaml"))
        .hasMessageContaining("OnFailure")
        .hasMessageContaining("${cpu}");
  }

  @Test
  void aFileThatIsTooLargeIsNotRead(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("inject.yaml");
    Files.writeString(file, "#".repeat(300_000));
    assertThatThrownBy(() -> TemplateFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("it is larger than 256 KiB");
  }
}
