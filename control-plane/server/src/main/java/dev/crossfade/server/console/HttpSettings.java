package dev.crossfade.server.console;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the console is served.
 *
 * @param host address to listen on
 * @param port 0 for a free one
 * @param tls null: in clear text
 */
public record HttpSettings(String host, int port, @Nullable Tls tls) {
  /** One in clear text. */
  public HttpSettings(String host, int port) {
    this(host, port, null);
  }

  /**
   * What it proves itself by.
   *
   * @param certificate a PEM file, the whole chain
   * @param key its private key, a PEM file
   */
  public record Tls(Path certificate, Path key) {}
}
