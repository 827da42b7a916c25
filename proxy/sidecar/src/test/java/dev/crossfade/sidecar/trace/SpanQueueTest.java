package dev.crossfade.sidecar.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SpanQueueTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final AtomicBoolean refuses = new AtomicBoolean();
  private final SpanQueue queue =
      new SpanQueue(
          new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
              return refuses.get()
                  ? CompletableResultCode.ofFailure()
                  : CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode flush() {
              return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
              return CompletableResultCode.ofSuccess();
            }
          });

  private void end(int spans) {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                new SpanProcessor() {
                  @Override
                  public void onStart(Context parent, ReadWriteSpan span) {}

                  @Override
                  public boolean isStartRequired() {
                    return false;
                  }

                  @Override
                  public void onEnd(ReadableSpan span) {
                    queue.onEnd(span);
                  }

                  @Override
                  public boolean isEndRequired() {
                    return true;
                  }
                })
            .build()) {
      Tracer tracer = provider.get("test");
      for (int i = 0; i < spans; i++) {
        tracer.spanBuilder("x").startSpan().end();
      }
    }
  }

  @Test
  void whatFindsNoPlaceIsDroppedAndCounted() {
    end(SpanQueue.WAITING_MAX + 100);
    assertThat(queue.dropped()).isEqualTo(100);
    queue.start();
    Awaitility.await().atMost(SOON).until(() -> queue.sent() == SpanQueue.WAITING_MAX);
    queue.close();
    assertThat(queue.failed()).isZero();
  }

  @Test
  void whatTheCollectorDoesNotTakeIsCounted() {
    refuses.set(true);
    end(7);
    queue.start();
    Awaitility.await().atMost(SOON).until(() -> queue.failed() == 7);
    queue.close();
    assertThat(queue.sent()).isZero();
  }
}
