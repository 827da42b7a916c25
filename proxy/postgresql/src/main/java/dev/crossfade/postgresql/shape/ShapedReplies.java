package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ClientEncoding;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.write.HiddenFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The session's replies, made to speak of what the client wrote: each is matched to the frame that
 * asked for it.
 *
 * <pre>
 * E of a text that is not run -> the reason          E of one that is translated -> its place in the client's text
 * T of what is translated     -> without the tables  1 2 3 C of frames that the client did not send -> dropped
 * T D C of a write that returns no rows -> n if it was described, and the client's own C
 * </pre>
 */
final class ShapedReplies implements BackendDecoder.Sink {
  /** Schema, table, column, type and constraint are the old shape's. */
  private static final String LEFT_OUT = "stcdn";

  private final ShapeHost host;
  private final Runnable loggedIn;
  private final Runnable transactionEnded;
  private final BackendDecoder decoder;
  private final ArrayDeque<Asked> asked = new ArrayDeque<>();
  private ByteBuf replacement = Unpooled.EMPTY_BUFFER;
  private boolean serving;
  private boolean copyIn;

  /** After an error: up to Sync, whatever is sent is passed over. */
  private boolean skipping;

  private boolean broken;

  /**
   * @param loggedIn run when the authority has let the client in
   * @param transactionEnded run when no transaction is left open
   */
  ShapedReplies(ShapeHost host, Runnable loggedIn, Runnable transactionEnded) {
    this.host = host;
    this.loggedIn = loggedIn;
    this.transactionEnded = transactionEnded;
    this.decoder = new BackendDecoder(host.alloc(), this);
  }

  /** The login is over. */
  void begin() {
    serving = true;
  }

  /** A frame goes to the session. */
  void sent(Asked frame) {
    if (skipping) {
      skipping = frame.kind() != Asked.Kind.SYNC;
      if (skipping) {
        frame.undone();
        return;
      }
    }
    if (frame.kind() == Asked.Kind.SYNC && copyIn) {
      // The server ignores it.
      return;
    }
    if (frame.kind() == Asked.Kind.COPY_END) {
      if (copyIn) {
        copyIn = false;
        return;
      }
      if (asked.isEmpty()) {
        return;
      }
    }
    asked.add(frame);
    showRows();
  }

  /** Takes over bytes for the client. */
  void take(ByteBuf bytes) {
    if (broken) {
      host.reply(bytes);
      return;
    }
    try {
      decoder.decode(bytes);
    } catch (ProtocolViolation e) {
      broken = true;
      host.distrust("reply: " + e.reason());
    }
  }

  void release() {
    decoder.release();
    asked.clear();
  }

  @Override
  public Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    if (!serving) {
      return login(type);
    }
    if (type == BackendType.ERROR) {
      return error(borrowed, start, end);
    }
    Asked head = head();
    if (type == BackendType.READY_FOR_QUERY) {
      ready(borrowed.getByte(start + 5));
      showRows();
      return Verdict.FORWARD;
    }
    if (head == null || !answers(type)) {
      boolean ofStep = head != null && head.isForNobody() && type == BackendType.NOTICE;
      return ofStep ? Verdict.DROP : Verdict.FORWARD;
    }
    Verdict verdict = answer(type, head, borrowed.slice(start, end - start));
    showRows();
    return verdict;
  }

  /** Whether a frame is one that was asked for, rather than told. */
  private static boolean answers(byte type) {
    return type != BackendType.NOTICE
        && type != BackendType.NOTIFICATION
        && type != BackendType.PARAMETER_STATUS;
  }

  /** Rows are looked at when the client is not to have them. */
  private void showRows() {
    Asked head = head();
    Replacement.Write write = head == null ? null : head.answersWrite();
    decoder.showRows(head != null && (head.isForNobody() || write != null && write.counts()));
  }

  private Verdict answer(byte type, Asked head, ByteBuf frame) {
    boolean dropped = head.isForNobody();
    Replacement.Write write = head.answersWrite();
    boolean hidesTables = head.hidesTables();
    Replacement by = head.replacement();
    boolean described = head.kind() == Asked.Kind.DESCRIBE;
    long count = head.count();
    boolean completes = answered(type, head);
    if (dropped) {
      // What the client is to copy in, it is to be told of.
      return type == BackendType.COPY_IN ? Verdict.FORWARD : Verdict.DROP;
    }
    if (type == BackendType.DATA_ROW) {
      head.counted(WriteReply.count(frame));
      return Verdict.DROP;
    }
    if (type == BackendType.ROW_DESCRIPTION && write != null && write.counts()) {
      return described ? replace(WriteReply.noData(host.alloc())) : Verdict.DROP;
    }
    if (type == BackendType.ROW_DESCRIPTION && hidesTables) {
      return describe(by, RowDescription.read(frame, 0, frame.readableBytes()));
    }
    if (type == BackendType.PARAMETER_DESCRIPTION
        && by instanceof Replacement.Read read
        && read.description() != null) {
      return replace(Unpooled.wrappedBuffer(read.description().parameterFrame()));
    }
    return completes && write != null
        ? replace(WriteReply.complete(write.reply().answer(), frame, count, host.alloc()))
        : Verdict.FORWARD;
  }

  /** The types that the authority gives are the right ones: that was made sure of with the plan. */
  private Verdict describe(@Nullable Replacement by, RowDescription sent) {
    RowDescription known = by == null ? null : by.rows();
    return replace(
        known == null || known.columns() != sent.columns()
            ? sent.withoutTables().write(host.alloc())
            : known.withFormatsOf(sent, host.alloc()));
  }

  private Verdict replace(ByteBuf frame) {
    replacement = frame;
    return Verdict.REPLACE;
  }

  private Verdict login(byte type) {
    if (type == BackendType.READY_FOR_QUERY) {
      serving = true;
      loggedIn.run();
    }
    return Verdict.FORWARD;
  }

  private @Nullable Asked head() {
    Asked head = asked.peek();
    while (head != null && head.kind() == Asked.Kind.COPY_END) {
      asked.poll();
      head = asked.peek();
    }
    return head;
  }

  /**
   * Takes note of an answer that is no error.
   *
   * @return whether it is the CommandComplete of a statement of the client's
   */
  private boolean answered(byte type, Asked head) {
    boolean completes = false;
    switch (type) {
      case BackendType.COMMAND_COMPLETE, BackendType.EMPTY_QUERY -> {
        completes = head.completes() && type == BackendType.COMMAND_COMPLETE;
        poll(head, Asked.Kind.EXECUTE);
        copyIn = false;
      }
      case BackendType.PORTAL_SUSPENDED -> poll(head, Asked.Kind.EXECUTE);
      case BackendType.PARSE_COMPLETE -> poll(head, Asked.Kind.PARSE);
      case BackendType.BIND_COMPLETE -> poll(head, Asked.Kind.BIND);
      case BackendType.CLOSE_COMPLETE -> poll(head, Asked.Kind.CLOSE);
      case BackendType.ROW_DESCRIPTION, BackendType.NO_DATA -> poll(head, Asked.Kind.DESCRIBE);
      case BackendType.COPY_IN -> copyInStarts();
      default -> {
        // Rows, notices and statuses end nothing.
      }
    }
    return completes;
  }

  private void poll(Asked head, Asked.Kind kind) {
    if (head.kind() == kind) {
      asked.poll();
    }
  }

  /** The server ignores every Sync until the end of the copy data, also one that is on its way. */
  private void copyInStarts() {
    Asked copying = asked.poll();
    copyIn = true;
    while (copyIn
        && asked.peek() != null
        && (asked.peek().kind() == Asked.Kind.SYNC || asked.peek().kind() == Asked.Kind.COPY_END)) {
      copyIn = asked.poll().kind() == Asked.Kind.SYNC;
    }
    if (copying != null) {
      asked.addFirst(copying);
    }
  }

  private void ready(byte status) {
    copyIn = false;
    Asked ended = asked.poll();
    while (ended != null && !ended.endsWithReady()) {
      ended.undone();
      ended = asked.poll();
    }
    if (status == 'I') {
      transactionEnded.run();
    }
  }

  private Verdict error(ByteBuf borrowed, int start, int end) {
    copyIn = false;
    Asked head = head();
    ErrorFields error = ErrorFields.read(borrowed, start, end);
    if (head == null || error.isFatal()) {
      return Verdict.FORWARD;
    }
    skip(head);
    Rewriting rewriting = head.rewriting();
    if (rewriting == null) {
      return Verdict.FORWARD;
    }
    ByteBuf out = host.alloc().buffer(end - start);
    Replacement by = head.replacement();
    if (by instanceof Replacement.Refused(ShapeError why)
        && error.sqlState().equals(Replacement.Refused.SQL_STATE)) {
      why.write(out, rewriting.original(), host.encoding());
    } else if (by instanceof Replacement.Write && hidden(error) instanceof ShapeError why) {
      why.write(out, rewriting.original(), host.encoding());
    } else {
      String leftOut =
          switch (by) {
            case null -> "";
            case Replacement.Write write when write.isOwn() -> "";
            // What is run instead of a write has no places of the client's text.
            case Replacement.Write _ -> LEFT_OUT + "PW";
            case Replacement.Read _, Replacement.Refused _ -> LEFT_OUT;
          };
      ClientEncoding encoding = host.encoding();
      Frames.fields(
          out,
          borrowed.slice(start, end - start),
          leftOut,
          position -> inOriginal(position, rewriting, encoding));
    }
    return replace(out);
  }

  private static @Nullable ShapeError hidden(ErrorFields error) {
    return HiddenFailure.of(error.sqlState(), error.message())
        .map(failure -> new ShapeError(failure.sqlState(), failure.message(), "", -1, null))
        .orElse(null);
  }

  /** After an error the server passes over everything up to Sync. */
  private void skip(Asked head) {
    if (head.isSkippedAfterError()) {
      while (asked.peek() != null && asked.peek().kind() != Asked.Kind.SYNC) {
        asked.poll().undone();
      }
      skipping = asked.isEmpty();
    }
  }

  /** Both in characters from 1. */
  private static int inOriginal(int position, Rewriting rewriting, ClientEncoding encoding) {
    int offset = encoding.bytes(rewriting.text(), position - 1);
    return encoding.characters(rewriting.original(), rewriting.originalOffset(offset)) + 1;
  }

  @Override
  public ByteBuf replacement() {
    ByteBuf frame = replacement;
    replacement = Unpooled.EMPTY_BUFFER;
    return frame;
  }

  @Override
  public void passesUnread(byte type) {
    Asked head = head();
    if (serving && head != null && type != BackendType.DATA_ROW && type != BackendType.COPY_DATA) {
      if (type == BackendType.ERROR) {
        skip(head);
      } else {
        answered(type, head);
      }
    }
  }

  @Override
  public void forward(ByteBuf bytes) {
    host.reply(bytes);
  }
}
