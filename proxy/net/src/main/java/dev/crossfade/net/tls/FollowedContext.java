package dev.crossfade.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A context that follows its files: every handshake uses what they had in them when they were last
 * read and could be used. So whoever holds it never has to be told.
 */
final class FollowedContext extends SslContext {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedContext.class);

  private final List<Path> files;
  private final Maker maker;
  private volatile SslContext current;
  private List<byte[]> seen;
  private String complaint = "";
  private Runnable changed = () -> {};

  /** What becomes of the files' contents, which are in their order. */
  interface Maker {
    SslContext make(List<byte[]> contents) throws TlsException;
  }

  private FollowedContext(List<Path> files, Maker maker, List<byte[]> contents)
      throws TlsException {
    this.files = files;
    this.maker = maker;
    this.seen = contents;
    this.current = maker.make(contents);
  }

  /**
   * Reads the files. Blocks.
   *
   * @throws TlsException when one of them cannot be used
   */
  static FollowedContext load(List<Path> files, Maker maker) throws TlsException {
    return new FollowedContext(List.copyOf(files), maker, read(files));
  }

  private static List<byte[]> read(List<Path> files) throws TlsException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(TlsFile.read(file));
    }
    return contents;
  }

  /**
   * Reads the files again. If they have changed and can be used, the next handshakes use them; if
   * they can't, that is logged once, and what was in force stays. Blocks: never on an event loop.
   */
  synchronized void refresh() {
    try {
      List<byte[]> contents = read(files);
      if (!same(contents)) {
        seen = contents;
        current = maker.make(contents);
        LOG.atInfo().addKeyValue("certificate", files.getFirst()).log("certificate reloaded");
        changed.run();
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

  /** Tells of each change that is taken up, on the thread of {@link #refresh}. */
  synchronized void onChange(Runnable listener) {
    changed = listener;
  }

  private boolean same(List<byte[]> contents) {
    for (int i = 0; i < contents.size(); i++) {
      if (!Arrays.equals(contents.get(i), seen.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** What the next handshake uses. */
  SslContext current() {
    return current;
  }

  @Override
  public boolean isClient() {
    return current.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return current.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return current.newEngine(allocator, host, port);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }
}
