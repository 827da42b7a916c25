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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener shows to its clients. It follows its files: {@link #refresh} takes up what has
 * changed, for handshakes from then on; open sessions keep what they began with. Safe on any
 * thread.
 */
public final class ListenerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerTls.class);

  /**
   * PEM files.
   *
   * @param certificate the server's own first, then those between it and its root
   * @param key in PKCS #8, not encrypted
   * @param clientCa if present, clients must show a certificate that one of these has signed
   * @param protocol the one that is agreed on by ALPN with a client that offers any
   */
  public record Source(Path certificate, Path key, Optional<Path> clientCa, String protocol) {
    private List<byte[]> read() throws TlsException {
      List<byte[]> contents = new ArrayList<>();
      contents.add(TlsFile.read(certificate));
      contents.add(TlsFile.read(key));
      if (clientCa.isPresent()) {
        contents.add(TlsFile.read(clientCa.get()));
      }
      return contents;
    }
  }

  static {
    // As the server does it: a client that renegotiates over and over costs much more than it pays.
    // The JDK reads this once, at the first handshake of the process.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private final Source source;
  private volatile SslContext context;
  private List<byte[]> seen;
  private String complaint = "";

  private ListenerTls(Source source, List<byte[]> contents) throws TlsException {
    this.source = source;
    this.seen = contents;
    this.context = context(source, contents);
  }

  /**
   * Reads the files. Blocks.
   *
   * @throws TlsException when one of them cannot be used
   */
  public static ListenerTls load(Source source) throws TlsException {
    return new ListenerTls(source, source.read());
  }

  /**
   * A handler that answers one client's handshake.
   *
   * @param offLoop for the arithmetic of it, which takes milliseconds
   */
  public SslHandler handler(ByteBufAllocator allocator, Executor offLoop) {
    return context.newHandler(allocator, offLoop);
  }

  /**
   * Reads the files again. If they have changed and can be used, the next handshakes use them; if
   * they can't, that is logged once, and what was in force stays. Blocks: never on an event loop.
   */
  public synchronized void refresh() {
    try {
      List<byte[]> contents = source.read();
      if (!same(contents)) {
        seen = contents;
        context = context(source, contents);
        LOG.atInfo().addKeyValue("certificate", source.certificate()).log("certificate reloaded");
      }
      complaint = "";
    } catch (TlsException e) {
      if (!complaint.equals(e.getMessage())) {
        complaint = String.valueOf(e.getMessage());
        LOG.atWarn()
            .addKeyValue("file", e.file())
            .addKeyValue("reason", e.reason())
            .log("certificate not reloaded, the one before stays");
      }
    }
  }

  private boolean same(List<byte[]> contents) {
    for (int i = 0; i < contents.size(); i++) {
      if (!Arrays.equals(contents.get(i), seen.get(i))) {
        return false;
      }
    }
    return true;
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
          .clientAuth(ClientAuth.REQUIRE);
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(source.certificate(), "cannot be used: " + e.getMessage());
    }
  }
}
