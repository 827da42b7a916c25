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
  private final int prologue;
  private final ArrayDeque<ByteBuf> seen = new ArrayDeque<>(2);
  private @Nullable AnswerReader reader;
  private long endedNanos;

  /**
   * @param prologue how many ReadyForQuery answer what the sidecar asks before the read
   */
  public AnswerTap(Shadow shadow, ReadSample sample, int prologue) {
    this.shadow = shadow;
    this.sample = sample;
    this.prologue = prologue;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    reader = new AnswerReader(context.alloc(), sample.query().columns(), prologue, null);
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
    if (reading == null) {
      return;
    }
    for (ByteBuf part = seen.poll(); part != null; part = seen.poll()) {
      reading.read(part);
    }
    if (reading.isComplete() || reading.isUnknown()) {
      reader = null;
      Answer answer = reading.status() == 'I' ? reading.answer() : null;
      reading.release();
      if (!context.isRemoved()) {
        context.pipeline().remove(this);
      }
      shadow.answered(sample, answer, reading.bytes(), endedNanos - sample.sentNanos());
    }
  }
}
