package dev.crossfade.server.console;

import java.nio.file.Path;
import java.util.Optional;
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
   * @param clientCa if present, browsers may show certificates that one of these has signed
   */
  public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}
}
