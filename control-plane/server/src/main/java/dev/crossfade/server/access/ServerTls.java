package dev.crossfade.server.access;

import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.net.tls.TlsException;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How the control plane's ports are encrypted. It follows its files. The gRPC port takes {@link
 * #context}; a server that makes its own of the files takes {@link #files}, and makes another when
 * {@link #onChange} tells.
 */
public final class ServerTls {
  /** HTTP/2, as ALPN names it. */
  private static final String PROTOCOL = "h2";

  private final Files files;
  private final ListenerTls listener;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * PEM files.
   *
   * @param certificate the server's own first, then those between it and its root
   * @param key in PKCS #8, not encrypted
   * @param clientCa if present, clients may show certificates that one of these has signed
   */
  public record Files(Path certificate, Path key, Optional<Path> clientCa) {}

  private ServerTls(Files files, ListenerTls listener) {
    this.files = files;
    this.listener = listener;
    listener.onChange(() -> listeners.forEach(Runnable::run));
  }

  /**
   * Reads the files. Blocks.
   *
   * @throws TlsException when one of them cannot be used
   */
  public static ServerTls load(Files files) throws TlsException {
    return new ServerTls(
        files,
        ListenerTls.load(
            new ListenerTls.Source(
                files.certificate(),
                files.key(),
                files.clientCa(),
                ListenerTls.ClientCertificate.ACCEPTED,
                PROTOCOL)));
  }

  public Files files() {
    return files;
  }

  /** For gRPC; what changes is in force for the next handshake. */
  public SslContext context() {
    return listener.context();
  }

  /** Tells of each change of the files that can be used, on a thread of the control plane. */
  public void onChange(Runnable changed) {
    listeners.add(changed);
  }

  /** Reads the files again; see {@link ListenerTls#refresh}. */
  void refresh() {
    listener.refresh();
  }
}
