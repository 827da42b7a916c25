package dev.crossfade.sidecar;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Notes what Netty's leak detector says. A lost buffer is found when it has been collected and
 * another one is allocated, so both are provoked. Needs {@code
 * -Dio.netty.leakDetection.level=paranoid}, as the build sets it.
 */
final class LeakWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final int ROUNDS = 5;

  private final Logger detector = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  private final List<String> leaks = new CopyOnWriteArrayList<>();

  LeakWatch() {
    if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      throw new IllegalStateException("leak detection is not paranoid");
    }
    start();
    detector.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getFormattedMessage().contains("LEAK")) {
      leaks.add(event.getFormattedMessage());
    }
  }

  /** What has been lost since the start. */
  List<String> leaks() {
    for (int round = 0; round < ROUNDS; round++) {
      System.gc();
      for (int i = 0; i < 100; i++) {
        PooledByteBufAllocator.DEFAULT.buffer(16).release();
      }
    }
    return List.copyOf(leaks);
  }

  @Override
  public void close() {
    detector.detachAppender(this);
    stop();
  }
}
