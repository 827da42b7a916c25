package dev.crossfade.postgresql.shadow;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what a server answers to one read, and is gone from the pipeline behind it. All bytes
 * go on at once as they came; they are looked at when the client has been sent what came with them.
 */
public final class AnswerTap extends ChannelInboundHandlerAdapter {
  private final Shadow shadow;
  private final ReadSample sample;
  private final Before before;
  private final ArrayDeque<ByteBuf> seen = new ArrayDeque<>(2);
  private @Nullable AnswerReader reader;
  private long endedNanos;

  /**
   * What comes before the answer.
   *
   * @param ready how many ReadyForQuery answer what the sidecar asks before the read
   * @param statements how many the client asks before it, in the same batch
   */
  public record Before(int ready, int statements) {}

  public AnswerTap(Shadow shadow, ReadSample sample, Before before) {
    this.shadow = shadow;
    this.sample = sample;
    this.before = before;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    reader = new AnswerReader(context.alloc(), sample.query().columns(), before, null);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    seen.forEach(ByteBuf::release);
    seen.clear();
    if (reader != null) {
      reader.release();
      reader = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    seen.add(((ByteBuf) chunk).retainedDuplicate());
    endedNanos = System.nanoTime();
    context.fireChannelRead(chunk);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    AnswerReader reading = reader;
    if (reading != null && !shadow.aside(() -> look(context, reading)) && !context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  private void look(ChannelHandlerContext context, AnswerReader reading) {
    for (ByteBuf part = seen.poll(); part != null; part = seen.poll()) {
      reading.read(part);
    }
    if (reading.isComplete() || reading.isUnknown()) {
      reader = null;
      Answer answer = reading.answer();
      reading.release();
      if (!context.isRemoved()) {
        context.pipeline().remove(this);
      }
      if (reading.isPart()) {
        shadow.unfit(ShadowMeters.Unfit.PART);
      }
      shadow.answered(sample, answer, reading.bytes(), endedNanos - sample.sentNanos());
    }
  }
}
