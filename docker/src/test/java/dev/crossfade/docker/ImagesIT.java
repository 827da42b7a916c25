package dev.crossfade.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the images, and what is not. */
final class ImagesIT {
  private static final long MEGABYTE = 1_000_000;
  private static final int EXECUTABLE = 0111;
  private static final int SET_ID = 06000;
  private static final Set<String> MADE_BY_THE_ENGINE =
      Set.of("/.dockerenv", "/dev/console", "/etc/mtab");

  @BeforeAll
  static void needImages() {
    Images.needEngine();
  }

  @ParameterizedTest
  @CsvSource({"sidecar,120", "ctl,120", "control-plane,250"})
  void noneIsLargerThanItMayBe(String name, long megabytes) {
    InspectImageResponse image = Images.inspect(image(name));
    assertThat(Objects.requireNonNull(image.getSize())).isLessThanOrEqualTo(megabytes * MEGABYTE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidecar", "ctl", "control-plane"})
  void theyRunAsNobodyInParticularAndSayWhatTheyAre(String name) {
    ContainerConfig config = Objects.requireNonNull(Images.inspect(image(name)).getConfig());
    assertThat(config.getUser()).isEqualTo("65532:65532");
    Map<String, String> labels = Objects.requireNonNull(config.getLabels());
    assertThat(labels)
        .containsEntry("org.opencontainers.image.version", Images.VERSION)
        .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
        .containsKeys(
            "org.opencontainers.image.title",
            "org.opencontainers.image.description",
            "org.opencontainers.image.revision",
            "org.opencontainers.image.created");
    assertThat(labels.values()).doesNotContain("unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidecar", "ctl", "control-plane"})
  void thereIsNoShellAndNothingElseToStartButJava(String name) throws IOException {
    List<String> programs = new ArrayList<>();
    try (Hardened container = stopped(name)) {
      for (TarArchiveEntry entry : entries(container, "/")) {
        assertThat(entry.getMode() & SET_ID).as("set-id bits of " + entry.getName()).isZero();
        String path = entry.getName().replaceFirst("^/?", "/");
        boolean file = entry.isFile() && !entry.isSymbolicLink();
        boolean executable = file && (entry.getMode() & EXECUTABLE) != 0;
        if (executable && !path.contains(".so") && !MADE_BY_THE_ENGINE.contains(path)) {
          programs.add(path);
        }
      }
    }
    assertThat(programs)
        .containsExactlyInAnyOrder(
            "/opt/java/bin/java", "/opt/java/lib/jexec", "/opt/java/lib/jspawnhelper");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidecar", "ctl", "control-plane"})
  void theBillOfMaterialsNamesEveryLibrary(String name) throws IOException {
    try (Hardened container = stopped(name)) {
      TreeSet<String> listed = new TreeSet<>();
      JsonArray components =
          JsonParser.parseString(read(container, "/opt/crossfade/sbom.json"))
              .getAsJsonObject()
              .getAsJsonArray("components");
      for (JsonElement component : components) {
        listed.add(component.getAsJsonObject().get("name").getAsString());
      }
      List<String> jars =
          entries(container, "/opt/crossfade/lib").stream()
              .map(TarArchiveEntry::getName)
              .filter(file -> file.endsWith(".jar"))
              .map(file -> file.substring(file.indexOf('/') + 1).replaceFirst("-[0-9].*", ""))
              .toList();
      assertThat(jars).hasSizeGreaterThan(20);
      assertThat(listed).containsAll(jars);
    }
  }

  @Test
  void aSidecarWithoutItsConfigurationSaysSoInOneLine() {
    Site.Outcome outcome = Site.once(new Hardened(Images.SIDECAR));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors().strip()).contains("/etc/crossfade/sidecar.yaml").hasLineCount(1);
  }

  @Test
  void aControlPlaneThatIsNotToldOfADatabaseSaysThatItHasNone() {
    Site.Outcome outcome =
        Site.once(new Hardened(Images.CONTROL_PLANE).withCommand("--data-dir", "/tmp/state"));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("--jdbc-url");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sidecar", "control-plane"})
  void theHealthCheckFailsWhereNothingAnswers(String name) {
    Site.Outcome outcome =
        Site.once(
            new Hardened(image(name))
                .withCreateContainerCmdModifier(
                    command ->
                        command.withEntrypoint(
                            "/opt/java/bin/java", "@/opt/crossfade/probe.args")));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output()).contains("127.0.0.1:9090");
  }

  private static String image(String name) {
    return "crossfade/" + name + ":" + Images.VERSION;
  }

  /** A container that has ended at once; its files can be read. */
  private static Hardened stopped(String name) {
    Hardened container = new Hardened(image(name)).withCommand("--help");
    container.withStartupCheckStrategy(new Site.Ended()).start();
    return container;
  }

  private static List<TarArchiveEntry> entries(Hardened container, String folder)
      throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream tar = archive(container, folder)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static String read(Hardened container, String file) throws IOException {
    try (TarArchiveInputStream tar = archive(container, file)) {
      assertThat(tar.getNextEntry()).as(file).isNotNull();
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      tar.transferTo(content);
      return content.toString(StandardCharsets.UTF_8);
    }
  }

  private static TarArchiveInputStream archive(Hardened container, String path) {
    InputStream stream =
        Images.client().copyArchiveFromContainerCmd(container.getContainerId(), path).exec();
    return new TarArchiveInputStream(stream);
  }
}
