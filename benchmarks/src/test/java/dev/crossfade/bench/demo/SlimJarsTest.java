package dev.crossfade.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlimJarsTest {
  private static final FileTime TIME = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));
  @TempDir Path folder;

  @Test
  void onlyWhatStartsReadStays() throws IOException {
    Path jar = jar("bundle.jar", "Multi-Release: true", "Export-Package: a,b", "a/A.class");
    SlimJars.main(new String[] {folder.toString()});
    try (JarFile slim = new JarFile(jar.toFile())) {
      assertThat(slim.getManifest().getMainAttributes().keySet())
          .extracting(Object::toString)
          .containsExactlyInAnyOrder("Manifest-Version", "Multi-Release");
      assertThat(slim.isMultiRelease()).isTrue();
      assertThat(slim.getInputStream(slim.getEntry("a/A.class")))
          .hasBinaryContent("a/A.class".getBytes(StandardCharsets.UTF_8));
      assertThat(slim.getEntry("META-INF/MANIFEST.MF").getLastModifiedTime()).isEqualTo(TIME);
    }
    assertThat(Files.getLastModifiedTime(jar)).isEqualTo(TIME);
    byte[] once = Files.readAllBytes(jar);
    SlimJars.main(new String[] {folder.toString()});
    assertThat(jar).hasBinaryContent(once);
  }

  @Test
  void whatIsSignedStaysAsItIs() throws IOException {
    Path jar = jar("signed.jar", "Export-Package: a", "Bundle-Name: b", "META-INF/KEY.SF");
    byte[] before = Files.readAllBytes(jar);
    SlimJars.main(new String[] {folder.toString()});
    assertThat(jar).hasBinaryContent(before);
  }

  private Path jar(String name, String first, String second, String entry) throws IOException {
    Path jar = folder.resolve(name);
    try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar))) {
      JarEntry manifest = new JarEntry("META-INF/MANIFEST.MF");
      manifest.setLastModifiedTime(TIME);
      to.putNextEntry(manifest);
      to.write(
          "Manifest-Version: 1.0\r\n%s\r\n%s\r\n\r\n"
              .formatted(first, second)
              .getBytes(StandardCharsets.UTF_8));
      to.closeEntry();
      to.putNextEntry(new JarEntry(entry));
      to.write(entry.getBytes(StandardCharsets.UTF_8));
      to.closeEntry();
    }
    Files.setLastModifiedTime(jar, TIME);
    return jar;
  }
}
