package dev.crossfade.net.tls;

import java.nio.file.Path;

/** A file of certificates or keys that cannot be used: one sentence for people. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final String reason;

  TlsException(Path file, String reason) {
    super(file + ": " + reason, null, false, false);
    this.file = file;
    this.reason = reason;
  }

  /** The file that is wrong. */
  public Path file() {
    return file;
  }

  /** What is wrong with it, and what would be right. */
  public String reason() {
    return reason;
  }
}
