package dev.crossfade.postgresql.parity;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what a server answers to one batch, and is gone from the pipeline with its
 * ReadyForQuery. All bytes go on at once as they came.
 */
public final class ReplyTap extends ChannelInboundHandlerAdapter {
  private final Consumer<Outcome> told;
  private @Nullable OutcomeReader reader;

  /**
   * @param told on the channel's event loop, once or never
   */
  public ReplyTap(Consumer<Outcome> told) {
    this.told = told;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    reader = new OutcomeReader(context.alloc());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (reader != null) {
      reader.release();
      reader = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    OutcomeReader reading = reader;
    if (reading != null) {
      reading.read(((ByteBuf) chunk).retainedDuplicate());
    }

    context.fireChannelRead(chunk);
    if (reading != null && reader == reading && (reading.isComplete() || reading.isUnknown())) {
      Outcome outcome = reading.status() == 'I' ? reading.outcome() : null;
      context.pipeline().remove(this);
      if (outcome != null) {
        told.accept(outcome);
      }
    }
  }
}
