package dev.crossfade.server.access;

import dev.crossfade.engine.access.CertificateNames;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says whom certificates stand for. {@link #refresh} takes up what has changed; what
 * can't be used is logged once, and the names stay what they were.
 */
public final class NamesFile {
  private static final Logger LOG = LoggerFactory.getLogger(NamesFile.class);
  private static final long MAX_BYTES = 1 << 20;

  private final Path file;
  private volatile CertificateNames names;
  private String complaint = "";

  private NamesFile(Path file, CertificateNames names) {
    this.file = file;
    this.names = names;
  }

  /**
   * Reads the file. Blocks.
   *
   * @throws IOException when it can not be read
   * @throws InvalidFileException with everything that is wrong with it
   */
  public static NamesFile load(Path file) throws IOException, InvalidFileException {
    return new NamesFile(file, read(file));
  }

  private static CertificateNames read(Path file) throws IOException, InvalidFileException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("it is larger than 1 MiB");
    }
    return CertificateNames.parse(Files.readString(file), file.toString());
  }

  CertificateNames names() {
    return names;
  }

  synchronized void refresh() {
    try {
      CertificateNames read = read(file);
      if (!read.equals(names)) {
        names = read;
        LOG.atInfo().addKeyValue("file", file).log("access file reloaded");
      }
      complaint = "";
    } catch (IOException e) {
      complain(file + " cannot be read: " + e.getMessage());
    } catch (InvalidFileException e) {
      complain(String.valueOf(e.getMessage()));
    }
  }

  private void complain(String reason) {
    if (!complaint.equals(reason)) {
      complaint = reason;
      LOG.atWarn().addKeyValue("reason", reason).log("access file not reloaded, the names stay");
    }
  }
}
