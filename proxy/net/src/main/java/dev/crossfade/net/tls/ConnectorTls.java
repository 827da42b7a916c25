package dev.crossfade.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How a server is asked for TLS, and what it has to show. Safe on any thread. */
public final class ConnectorTls {
  /** What is done for encryption, from nothing to all; the names that libpq has for it. */
  public enum Mode {
    /** It is not asked for. */
    DISABLE,
    /** It is asked for; a server that says no is spoken to without it. */
    PREFER,
    /** It is demanded, from whomever. */
    REQUIRE,
    /** As before, and the certificate must be signed by the authority. */
    VERIFY_CA,
    /** As before, and it must be that of the host. */
    VERIFY_FULL
  }

  private final Mode mode;
  private final Executor offLoop;
  private final @Nullable SslContext context;

  private ConnectorTls(Mode mode, Executor offLoop, @Nullable SslContext context) {
    this.mode = mode;
    this.offLoop = offLoop;
    this.context = context;
  }

  /**
   * Reads the authority's certificates. Blocks.
   *
   * @param ca looked at where certificates are verified; empty: the Java runtime's own authorities
   * @param offLoop for the arithmetic of handshakes, which takes milliseconds
   * @throws TlsException when the file cannot be used
   */
  public static ConnectorTls load(Mode mode, Optional<Path> ca, Executor offLoop)
      throws TlsException {
    if (mode == Mode.DISABLE) {
      return new ConnectorTls(mode, offLoop, null);
    }
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(TlsFile.PROTOCOLS)
            .endpointIdentificationAlgorithm(mode == Mode.VERIFY_FULL ? "HTTPS" : null);
    if (mode.compareTo(Mode.VERIFY_CA) < 0) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (ca.isPresent()) {
      builder.trustManager(Pem.certificates(ca.get(), TlsFile.read(ca.get())));
    }
    try {
      return new ConnectorTls(mode, offLoop, builder.build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(ca.orElse(Path.of("")), "cannot be used: " + e.getMessage());
    }
  }

  public Mode mode() {
    return mode;
  }

  /**
   * A handler that begins a handshake as soon as it is in an active channel's pipeline.
   *
   * @param host the name that was configured: it is sent by SNI, and verified if the mode says so
   * @throws IllegalStateException when the mode is {@link Mode#DISABLE}
   */
  public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
    if (context == null) {
      throw new IllegalStateException("TLS is disabled");
    }
    return context.newHandler(allocator, host, port, offLoop);
  }
}
