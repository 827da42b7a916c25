package dev.crossfade.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.tls.Identity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerTlsTest {
  private static final Authority AUTHORITY = Authority.create("root");

  private final Identity first = AUTHORITY.issue("first");
  private final Identity second = AUTHORITY.issue("second");

  @TempDir private Path folder;

  /** Two ends, and what one writes the other reads. */
  private static final class Wire {
    private final EmbeddedChannel server;
    private final EmbeddedChannel client;
    private final SslHandler clientTls;

    Wire(ListenerTls tls, String version) throws IOException {
      SslContext context =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .trustManager(AUTHORITY.certificate())
              .endpointIdentificationAlgorithm(null)
              .protocols(version)
              .build();
      clientTls = context.newHandler(ByteBufAllocator.DEFAULT);
      server = new EmbeddedChannel(tls.handler(ByteBufAllocator.DEFAULT, Runnable::run));
      client = new EmbeddedChannel(clientTls);
      carry();
    }

    /** Until neither has anything more to say. */
    void carry() {
      boolean moved = true;
      while (moved) {
        moved = carry(client, server);
        moved |= carry(server, client);
      }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
      from.runPendingTasks();
      Object bytes = from.readOutbound();
      if (bytes == null) {
        return false;
      }
      if (to.isOpen()) {
        to.writeInbound(bytes);
      } else {
        ReferenceCountUtil.release(bytes);
      }
      return true;
    }

    Certificate shown() throws IOException {
      return clientTls.engine().getSession().getPeerCertificates()[0];
    }

    boolean passes(String text) {
      client.writeOutbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
      carry();
      ByteBuf read = server.readInbound();
      boolean same = read != null && read.toString(StandardCharsets.US_ASCII).equals(text);
      ReferenceCountUtil.release(read);
      return same;
    }

    void close() {
      client.finishAndReleaseAll();
      server.finishAndReleaseAll();
    }
  }

  @BeforeEach
  void write() throws IOException {
    first.write(folder, "server");
  }

  private ListenerTls.Source source() {
    return new ListenerTls.Source(
        folder.resolve("server.crt"),
        folder.resolve("server.key"),
        Optional.empty(),
        ListenerTls.ClientCertificate.DEMANDED,
        "protocol");
  }

  @Test
  void aChangeIsForTheNextHandshakeAndTouchesNoSession() throws Exception {
    ListenerTls tls = ListenerTls.load(source());
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      first.write(folder, "server");
      tls.refresh();
      Wire before = new Wire(tls, version);
      assertThat(before.shown()).isEqualTo(first.certificate());
      // Half of a change is none.
      Files.writeString(folder.resolve("server.crt"), second.certificatePem());
      tls.refresh();
      Wire between = new Wire(tls, version);
      assertThat(between.shown()).isEqualTo(first.certificate());
      second.write(folder, "server");
      tls.refresh();
      Wire after = new Wire(tls, version);
      assertThat(after.shown()).isEqualTo(second.certificate());
      for (Wire wire : new Wire[] {before, between, after}) {
        assertThat(wire.passes("hello")).isTrue();
        wire.close();
      }
    }
  }

  @Test
  void filesThatAreGoneForAWhileChangeNothing() throws Exception {
    ListenerTls tls = ListenerTls.load(source());
    Files.delete(folder.resolve("server.key"));
    tls.refresh();
    Wire wire = new Wire(tls, "TLSv1.3");
    assertThat(wire.shown()).isEqualTo(first.certificate());
    wire.close();
    second.write(folder, "server");
    tls.refresh();
    Wire after = new Wire(tls, "TLSv1.3");
    assertThat(after.shown()).isEqualTo(second.certificate());
    after.close();
  }

  @Test
  void clientsCannotRenegotiate() throws Exception {
    Wire wire = new Wire(ListenerTls.load(source()), "TLSv1.2");
    assertThat(wire.passes("hello")).isTrue();
    var again = wire.clientTls.renegotiate();
    wire.client.runPendingTasks();
    assertThatThrownBy(wire::carry).hasMessageContaining("renegotiation");
    assertThat(again.isSuccess()).isFalse();
    assertThat(wire.server.isOpen()).isFalse();
    wire.close();
  }

  @Test
  void aKeyMustBeThatOfItsCertificate() throws IOException {
    Files.writeString(folder.resolve("server.key"), second.keyPem());
    assertThatThrownBy(() -> ListenerTls.load(source()))
        .isInstanceOf(TlsException.class)
        .hasMessageContainingAll("server.key", "not the key of the certificate");
  }
}
