package dev.crossfade.server.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a lens check goes on when an attempt at it has failed, for as long as this control plane
 * has the job: without it one that takes too long in its second table would check the first one for
 * ever. What takes too long is tried in smaller chunks.
 */
final class LensCheckPlace implements AutoCloseable {
  private static final int CHUNK_MIN = 50;

  private final Path folder;
  private int chunk;
  private @Nullable Instant pass;

  private LensCheckPlace(Path folder, int chunk) {
    this.folder = folder;
    this.chunk = chunk;
  }

  static LensCheckPlace create(int chunk) {
    try {
      return new LensCheckPlace(Files.createTempDirectory("crossfade-lens-check"), chunk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was found in another pass counts for nothing in this one. */
  Path of(Instant began) {
    if (!began.equals(pass)) {
      remove();
      pass = began;
    }
    return file();
  }

  int chunk() {
    return chunk;
  }

  void tookTooLong() {
    chunk = Math.max(Math.min(chunk, CHUNK_MIN), chunk / 2);
  }

  private Path file() {
    return folder.resolve("place");
  }

  private void remove() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    remove();
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
