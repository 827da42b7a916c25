package dev.crossfade.sidecar.control;

import io.netty.handler.ssl.SslContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the control plane is spoken to, and who says to be speaking.
 *
 * @param tls empty: in clear text
 * @param token asked for each stream, without waiting for anything; never logged
 */
public record ControlLine(Optional<SslContext> tls, Supplier<Optional<String>> token) {
  /** In clear text, as nobody. */
  public static final ControlLine PLAIN = new ControlLine(Optional.empty(), Optional::empty);
}
