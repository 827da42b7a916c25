package dev.crossfade.server;

import dev.crossfade.server.access.AccessControl;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.server.console.HttpSettings;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who can reach a control plane, and what that asks for. */
final class Exposure {
  private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);
  private static final long HANDSHAKE_MAX_SECONDS = 10;

  private Exposure() {}

  static NettyServerBuilder listener(ControlPlaneSettings settings) {
    NettyServerBuilder listener =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .handshakeTimeout(HANDSHAKE_MAX_SECONDS, TimeUnit.SECONDS);
    ServerTls tls = settings.access().tls();
    return tls == null ? listener : listener.sslContext(tls.context());
  }

  /** Who is not on this machine has to say who it is, come what may. */
  static AccessControl.Settings access(ControlPlaneSettings settings) {
    ControlPlaneSettings.Access access = settings.access();
    HttpSettings console = settings.console();
    boolean open = !isLoopback(settings.host()) || console != null && !isLoopback(console.host());
    return new AccessControl.Settings(access.loginRequired() || open, access.names(), access.tls());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static void refuseClearText(ControlPlaneSettings settings) throws StartException {
    refuseClearText(settings.access(), settings.host());
    HttpSettings console = settings.console();
    if (console != null) {
      refuseClearText(settings.access(), console.host());
    }
  }

  private static void refuseClearText(ControlPlaneSettings.Access access, String host)
      throws StartException {
    if (access.tls() != null || isLoopback(host)) {
      return;
    }
    if (!access.clearTextAllowed()) {
      throw new StartException(
          "on "
              + host
              + " others can listen: give --tls-cert and --tls-key, or say --allow-clear-text");
    }
    LOG.atWarn()
        .addKeyValue("host", host)
        .log("It serves in clear text where others can listen: tokens are sent readably");
  }

  static String listenFailure(String address, IOException e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof BindException)) {
      cause = cause.getCause();
    }
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return "cannot listen on " + address + ": " + why;
  }
}
