package dev.crossfade.bench.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A directory that is gone after {@link #close()}, and soon after this JVM ended in any other way.
 */
public final class Scratch implements AutoCloseable {
  private static final int SWEEP_SECONDS = 15;

  private final Path directory;
  private final Process sweeper;

  private Scratch(Path directory, Process sweeper) {
    this.directory = directory;
    this.sweeper = sweeper;
  }

  /** Makes a directory that only this user can read. */
  public static Scratch create(String prefix) {
    try {
      Path directory = Files.createTempDirectory(prefix);
      Process sweeper =
          new ProcessBuilder("sh", "-c", script(), "sweeper", directory.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Scratch(directory, sweeper);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path directory() {
    return directory;
  }

  /** Writes a file into the directory and returns its path. */
  public Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      sweeper.getOutputStream().close();
      sweeper.waitFor(SWEEP_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String script() {
    try (InputStream stream = Scratch.class.getResourceAsStream("sweeper.sh")) {
      if (stream == null) {
        throw new IllegalStateException("sweeper.sh is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
