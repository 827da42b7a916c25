package dev.crossfade.sidecar.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Spans that wait to be sent. Bounded: who ends a span never waits, and what finds no place is
 * dropped and counted.
 */
final class SpanQueue implements SpanProcessor {
  static final int WAITING_MAX = 2_048;
  private static final int AT_ONCE_MAX = 512;
  private static final Duration SENT_WITHIN = Duration.ofSeconds(10);
  private static final Duration LAST_MAX = Duration.ofSeconds(1);

  private final SpanExporter exporter;
  private final BlockingQueue<SpanData> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("crossfade-spans").unstarted(this::run);
  private volatile boolean closed;

  SpanQueue(SpanExporter exporter) {
    this.exporter = exporter;
  }

  void start() {
    thread.start();
  }

  /** Spans that a collector has taken. */
  long sent() {
    return sent.sum();
  }

  /** Spans that found no place. */
  long dropped() {
    return dropped.sum();
  }

  /** Spans that no collector has taken. */
  long failed() {
    return failed.sum();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (span.getSpanContext().isSampled() && !waiting.offer(span.toSpanData())) {
      dropped.increment();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  private void run() {
    List<SpanData> batch = new ArrayList<>(AT_ONCE_MAX);
    try {
      while (!closed || !waiting.isEmpty()) {
        SpanData first = waiting.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, AT_ONCE_MAX - 1);
          send(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<SpanData> batch) {
    CompletableResultCode result = exporter.export(List.copyOf(batch));
    result.join(SENT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    (result.isSuccess() ? sent : failed).add(batch.size());
  }

  /** Sends what waits, within a bound. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LAST_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    exporter.shutdown();
  }
}
