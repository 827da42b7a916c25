package dev.crossfade.sidecar.trace;

import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.trace.BatchTraces;
import dev.crossfade.postgresql.trace.TraceParent;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Sends a span for each batch of a traced statement to a collector, by OTLP over HTTP. Whether it
 * is recorded the client's own trace has decided.
 */
public final class OtlpTraces implements BatchTraces, AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final String NAME = "crossfade.batch";
  private static final AttributeKey<String> MIGRATION =
      AttributeKey.stringKey("crossfade.migration");
  private static final AttributeKey<String> SIDE = AttributeKey.stringKey("crossfade.side");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("crossfade.reason");
  private static final AttributeKey<Boolean> FALLBACK =
      AttributeKey.booleanKey("crossfade.fallback");
  private static final AttributeKey<String> ERROR_CLASS =
      AttributeKey.stringKey("crossfade.sqlstate_class");

  private final SpanQueue queue;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private OtlpTraces(SpanQueue queue, SdkTracerProvider provider) {
    this.queue = queue;
    this.provider = provider;
    this.tracer = provider.get("dev.crossfade.sidecar");
  }

  /**
   * @param endpoint of the collector, such as {@code http://127.0.0.1:4318/v1/traces}
   */
  public static OtlpTraces start(
      URI endpoint, String service, String instance, SidecarMetrics metrics) {
    SpanQueue queue =
        new SpanQueue(
            OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setTimeout(ANSWER_MAX)
                .build());
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        service,
                        AttributeKey.stringKey("service.instance.id"),
                        instance)))
            .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
            .addSpanProcessor(queue)
            .build();
    queue.start();
    metrics.counter(
        "crossfade.spans.sent", "Spans that the collector has taken", queue, SpanQueue::sent);
    metrics.counter(
        "crossfade.spans.dropped", "Spans that found no place", queue, SpanQueue::dropped);
    metrics.counter(
        "crossfade.spans.failed",
        "Spans that the collector has not taken",
        queue,
        SpanQueue::failed);
    return new OtlpTraces(queue, provider);
  }

  @Override
  public BatchSpan begin(TraceParent parent, String migration, RouteReason reason) {
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    Span span =
        tracer
            .spanBuilder(NAME)
            .setParent(Context.root().with(Span.wrap(remote)))
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(MIGRATION, migration)
            .setAttribute(REASON, reason.name())
            .startSpan();
    return new Batch(span);
  }

  /** One session's event loop ends it. */
  private static final class Batch implements BatchSpan {
    private final Span span;
    private boolean fellBack;

    private Batch(Span span) {
      this.span = span;
    }

    @Override
    public void failedOnNew() {
      fellBack = true;
    }

    @Override
    public void erred(int errorClass) {
      span.setAttribute(ERROR_CLASS, ErrorClasses.name(errorClass));
      span.setStatus(StatusCode.ERROR);
    }

    @Override
    public void ended(Side side) {
      span.setAttribute(SIDE, side.name().toLowerCase(Locale.ROOT));
      span.setAttribute(FALLBACK, fellBack && side == Side.OLD);
      span.end();
    }
  }

  /** Sends what waits, within a bound. */
  @Override
  public void close() {
    queue.close();
    provider.close();
  }
}
