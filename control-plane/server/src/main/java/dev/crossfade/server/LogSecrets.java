package dev.crossfade.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps tokens out of the log, however much of it somebody wants to see. */
final class LogSecrets {
  /** At DEBUG they write every frame of HTTP/2, with its headers and what is in it. */
  private static final List<String> FRAMES =
      List.of("io.grpc.netty.NettyServerHandler", "io.grpc.netty.NettyClientHandler");

  private LogSecrets() {}

  static void keep() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      FRAMES.forEach(name -> logback.getLogger(name).setLevel(Level.INFO));
    }
  }
}
