package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The batches that were sent to old and that it has not answered whole, in their order. */
final class InFlight {
  private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();

  boolean isEmpty() {
    return exchanges.isEmpty();
  }

  int size() {
    return exchanges.size();
  }

  void sent(Exchange exchange) {
    exchanges.add(exchange);
  }

  /** The one whose answer comes now. */
  @Nullable Exchange first() {
    return exchanges.peek();
  }

  /** The one that was sent last. */
  @Nullable Exchange last() {
    return exchanges.peekLast();
  }

  /** A portal of the first has given some of its rows. */
  void partlyDone() {
    Exchange exchange = exchanges.peek();
    if (exchange != null) {
      exchange.done(false);
    }
  }

  /** The first has been answered. */
  @Nullable Exchange answered() {
    return exchanges.poll();
  }

  /**
   * The server ignores the Sync that it had been sent before it began to copy. A client that did
   * not wait for this may have sent the next one, too, which then ends this exchange.
   *
   * @return whether the client's copy data is still to come
   */
  boolean copyInStarts() {
    Exchange exchange = exchanges.poll();
    if (exchange == null) {
      return true;
    }
    Exchange next = exchanges.peek();
    if (exchange.isExtended() && exchange.hasCopyEnded() && next != null && next.isOnlySync()) {
      exchanges.poll();
    } else {
      exchange.copyInStarted();
    }
    exchanges.addFirst(exchange);
    return !exchange.hasCopyEnded();
  }

  /**
   * What becomes of this name when old works through what it was sent without an error; null:
   * nothing.
   */
  @Nullable Naming pending(String name) {
    for (var newest = exchanges.descendingIterator(); newest.hasNext(); ) {
      Naming naming = newest.next().pending(name);
      if (naming != null) {
        return naming;
      }
    }
    return null;
  }

  /** Whatever becomes of any name, before old has confirmed it. */
  void forEachPending(Consumer<Naming> reader) {
    exchanges.forEach(exchange -> exchange.pending().forEach(reader));
  }

  boolean hasPending() {
    return exchanges.stream().anyMatch(Exchange::hasPending);
  }

  /** Old has done a statement of the first. */
  void completed(ByteBuf borrowed, int start, int end) {
    Exchange exchange = first();
    if (exchange == null) {
      return;
    }
    boolean maybeCommit = borrowed.getByte(start + 5) == 'C';
    if (maybeCommit && exchange.effect() instanceof SessionEffect.Commit) {
      exchange.commit();
    }
    if (Frames.isRollback(borrowed, start, end)) {
      exchange.rolledBack();
    } else {
      exchange.done(maybeCommit);
    }
  }

  /** Whether what was sent before a moment has been answered. */
  boolean hasAnswered(long since) {
    Exchange first = first();
    return first == null || first.startNanos() - since > 0;
  }
}
