package dev.crossfade.bench.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Part of the build: takes out of the manifests of packaged libraries what only other class loaders
 * read, such as the packages of an OSGi bundle. A JVM reads each of them at its start, together 150
 * kilobytes, before anything is compiled. Times of files and entries stay.
 */
public final class SlimJars {
  private static final String FOLDER = "META-INF";
  private static final Set<String> KEPT =
      Set.of(
          "Manifest-Version",
          "Multi-Release",
          "Class-Path",
          "Main-Class",
          "Implementation-Title",
          "Implementation-Version",
          "Implementation-Vendor");

  private SlimJars() {}

  /**
   * @param folders of jars
   */
  public static void main(String[] folders) throws IOException {
    for (String folder : folders) {
      for (Path jar : jars(Path.of(folder))) {
        slim(jar);
      }
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  static void slim(Path jar) throws IOException {
    FileTime time = Files.getLastModifiedTime(jar);
    boolean changed;
    try (FileSystem entries = FileSystems.newFileSystem(jar)) {
      changed = slim(entries);
    }
    if (changed) {
      Files.setLastModifiedTime(jar, time);
    }
  }

  private static boolean slim(FileSystem entries) throws IOException {
    Path folder = entries.getPath(FOLDER);
    Path place = folder.resolve("MANIFEST.MF");
    if (!Files.exists(place) || isSigned(folder)) {
      return false;
    }
    Manifest manifest = new Manifest();
    try (InputStream content = Files.newInputStream(place)) {
      manifest.read(content);
    }
    boolean changed =
        manifest.getMainAttributes().keySet().removeIf(key -> !KEPT.contains(key.toString()));
    if (!changed) {
      return false;
    }
    FileTime time = Files.getLastModifiedTime(place);
    try (OutputStream content = Files.newOutputStream(place)) {
      manifest.write(content);
    }
    Files.setLastModifiedTime(place, time);
    return true;
  }

  /** What is signed is signed with all of its manifest. */
  private static boolean isSigned(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".SF"));
    }
  }
}
