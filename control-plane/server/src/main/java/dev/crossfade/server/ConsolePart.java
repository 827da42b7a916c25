package dev.crossfade.server;

import dev.crossfade.server.access.AccessControl;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.server.console.Console;
import dev.crossfade.server.console.HttpSettings;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The web console, wired. It calls the very services that others call, and passes the same door, so
 * it can do nothing that they could not.
 */
final class ConsolePart implements AutoCloseable {
  private final Server inProcess;
  private final ManagedChannel channel;
  private final Console console;

  /**
   * What it calls.
   *
   * @param door that every call passes
   */
  record Services(List<ServerServiceDefinition> all, AccessControl door, Executor calls) {}

  private ConsolePart(Server inProcess, ManagedChannel channel, Console console) {
    this.inProcess = inProcess;
    this.channel = channel;
    this.console = console;
  }

  /**
   * @param tls gRPC's, whose certificate it shows as well
   */
  static ConsolePart start(HttpSettings settings, @Nullable ServerTls tls, Services services)
      throws IOException, StartException {
    String name = "console-" + UUID.randomUUID();
    Server inProcess =
        InProcessServerBuilder.forName(name)
            .executor(services.calls())
            .intercept(services.door())
            .maxInboundMessageSize(ControlPlane.INBOUND_MAX_BYTES)
            .addServices(services.all())
            .build()
            .start();
    ManagedChannel channel =
        InProcessChannelBuilder.forName(name).executor(services.calls()).build();
    try {
      Console console = Console.start(secured(settings, tls), channel);
      if (tls != null) {
        tls.onChange(console::renewCertificate);
      }
      return new ConsolePart(inProcess, channel, console);
    } catch (IOException e) {
      channel.shutdownNow();
      inProcess.shutdownNow();
      throw new StartException(
          Exposure.listenFailure(settings.host() + ":" + settings.port(), e)
              + "; choose another address with --http, or none",
          e);
    }
  }

  /** With the certificate that gRPC has. */
  private static HttpSettings secured(HttpSettings settings, @Nullable ServerTls tls) {
    return tls == null || settings.tls() != null
        ? settings
        : new HttpSettings(
            settings.host(),
            settings.port(),
            new HttpSettings.Tls(
                tls.files().certificate(), tls.files().key(), tls.files().clientCa()));
  }

  int port() {
    return console.port();
  }

  boolean isTls() {
    return console.isTls();
  }

  @Override
  public void close() {
    console.close();
    channel.shutdownNow();
    inProcess.shutdownNow();
  }
}
