package dev.crossfade.net.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * How a server of ours is spoken to: always encrypted, always verified, its host's name too. It
 * follows its files as {@link ListenerTls} does. Safe on any thread.
 */
public final class DialerTls {
  private final FollowedContext context;

  /**
   * PEM files.
   *
   * @param ca whom to believe; empty: the Java runtime's own authorities
   * @param shown what is shown of ourselves, if anything
   * @param protocol the one that is asked for by ALPN
   */
  public record Source(Optional<Path> ca, Optional<Shown> shown, String protocol) {
    private List<Path> files() {
      List<Path> files = new ArrayList<>();
      ca.ifPresent(files::add);
      shown.ifPresent(own -> files.addAll(List.of(own.certificate(), own.key())));
      return files;
    }
  }

  /**
   * A certificate of ours.
   *
   * @param certificate our own first, then those between it and its root
   * @param key in PKCS #8, not encrypted
   */
  public record Shown(Path certificate, Path key) {}

  private DialerTls(FollowedContext context) {
    this.context = context;
  }

  /**
   * Reads the files. Blocks.
   *
   * @throws TlsException when one of them cannot be used
   */
  public static DialerTls load(Source source) throws TlsException {
    return new DialerTls(
        FollowedContext.load(source.files(), contents -> context(source, contents)));
  }

  /** For a client that makes its handlers itself; it follows the files as well. */
  public SslContext context() {
    return context;
  }

  /** Reads the files again, as {@link ListenerTls#refresh} does. Blocks: never on an event loop. */
  public void refresh() {
    context.refresh();
  }

  private static SslContext context(Source source, List<byte[]> contents) throws TlsException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(TlsFile.PROTOCOLS)
            .endpointIdentificationAlgorithm("HTTPS")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    source.protocol()));
    int next = 0;
    if (source.ca().isPresent()) {
      builder.trustManager(Pem.certificates(source.ca().get(), contents.get(next++)));
    }
    if (source.shown().isPresent()) {
      Shown own = source.shown().get();
      X509Certificate[] chain = Pem.certificates(own.certificate(), contents.get(next));
      builder.keyManager(Pem.key(own.key(), contents.get(next + 1), chain[0]), chain);
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(source.ca().orElse(Path.of("")), "cannot be used: " + e.getMessage());
    }
  }
}
