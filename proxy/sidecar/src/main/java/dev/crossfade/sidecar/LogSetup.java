package dev.crossfade.sidecar;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * How the sidecar logs, unless {@code -Dlogback.configurationFile} names a file: to stderr, because
 * stdout belongs to what people and scripts read. In code, because reading a file would be a fourth
 * of the time until the first client is answered.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String FILE = "logback.configurationFile";

  /** In UTC, which is also the one zone whose rules Java has without opening every jar. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %msg %kvp%n%ex{short}";

  private static final List<String> LIBRARIES = List.of("io.grpc", "io.netty");

  /** At DEBUG it writes every frame of HTTP/2, and with them the token for the control plane. */
  private static final String FRAMES = "io.grpc.netty.NettyClientHandler";

  /** For {@link java.util.ServiceLoader}. */
  public LogSetup() {}

  /** Keeps tokens out of the log, however much of it a file wants to see. */
  static void keepSecrets() {
    if (System.getProperty(FILE) != null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      logback.getLogger(FRAMES).setLevel(Level.INFO);
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext logback) {
    if (System.getProperty(FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(logback);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(logback);
    appender.setName("STDERR");
    appender.setTarget(ConsoleTarget.SystemErr.getName());
    appender.setEncoder(encoder);
    appender.start();
    LIBRARIES.forEach(library -> logback.getLogger(library).setLevel(Level.WARN));
    Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
