package dev.crossfade.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/**
 * What a listener shows to its clients. It follows its files: {@link #refresh} takes up what has
 * changed, for handshakes from then on; open sessions keep what they began with. Safe on any
 * thread.
 */
public final class ListenerTls {
  /** Whether clients have to show a certificate, where there is an authority for theirs. */
  public enum ClientCertificate {
    /** Who shows none is sent away. */
    DEMANDED,
    /** Who shows none may have other ways to say who it is. */
    ACCEPTED
  }

  /**
   * PEM files.
   *
   * @param certificate the server's own first, then those between it and its root
   * @param key in PKCS #8, not encrypted
   * @param clientCa if present, certificates of clients must be signed by one of these
   * @param demanded looked at where {@code clientCa} is present
   * @param protocol the one that is agreed on by ALPN with a client that offers any
   */
  public record Source(
      Path certificate,
      Path key,
      Optional<Path> clientCa,
      ClientCertificate demanded,
      String protocol) {
    private List<Path> files() {
      List<Path> files = new ArrayList<>(List.of(certificate, key));
      clientCa.ifPresent(files::add);
      return files;
    }
  }

  static {
    // As the server does it: a client that renegotiates over and over costs much more than it pays.
    // The JDK reads this once, at the first handshake of the process.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private final FollowedContext context;

  private ListenerTls(FollowedContext context) {
    this.context = context;
  }

  /**
   * Reads the files. Blocks.
   *
   * @throws TlsException when one of them cannot be used
   */
  public static ListenerTls load(Source source) throws TlsException {
    return new ListenerTls(
        FollowedContext.load(source.files(), contents -> context(source, contents)));
  }

  /**
   * A handler that answers one client's handshake.
   *
   * @param offLoop for the arithmetic of it, which takes milliseconds
   */
  public SslHandler handler(ByteBufAllocator allocator, Executor offLoop) {
    return context.current().newHandler(allocator, offLoop);
  }

  /** For a server that makes its handlers itself; it follows the files as well. */
  public SslContext context() {
    return context;
  }

  /**
   * Reads the files again. If they have changed and can be used, the next handshakes use them; if
   * they can't, that is logged once, and what was in force stays. Blocks: never on an event loop.
   */
  public void refresh() {
    context.refresh();
  }

  /**
   * Tells of each change that is taken up, on the thread of {@link #refresh}: for servers that can
   * not use {@link #context}.
   */
  public void onChange(Runnable listener) {
    context.onChange(listener);
  }

  private static SslContext context(Source source, List<byte[]> contents) throws TlsException {
    X509Certificate[] chain = Pem.certificates(source.certificate(), contents.get(0));
    PrivateKey key = Pem.key(source.key(), contents.get(1), chain[0]);
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, chain)
            .sslProvider(SslProvider.JDK)
            .protocols(TlsFile.PROTOCOLS)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    source.protocol()));
    if (source.clientCa().isPresent()) {
      builder
          .trustManager(Pem.certificates(source.clientCa().get(), contents.get(2)))
          .clientAuth(
              source.demanded() == ClientCertificate.DEMANDED
                  ? ClientAuth.REQUIRE
                  : ClientAuth.OPTIONAL);
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(source.certificate(), "cannot be used: " + e.getMessage());
    }
  }
}
