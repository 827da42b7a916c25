package dev.crossfade.net.tls;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reading of small files, with a bound. */
final class TlsFile {
  static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** A bundle with every public root is a quarter of this. */
  private static final long MAX_BYTES = 1 << 20;

  private TlsFile() {}

  static byte[] read(Path file) throws TlsException {
    try {
      if (Files.isDirectory(file)) {
        throw new TlsException(file, "cannot be read: it is a directory");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new TlsException(file, "is larger than 1 MiB");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TlsException(file, "cannot be read: there is no such file");
    } catch (AccessDeniedException e) {
      throw new TlsException(file, "cannot be read: its permissions forbid it");
    } catch (IOException e) {
      throw new TlsException(file, "cannot be read: " + e.getMessage());
    }
  }
}
