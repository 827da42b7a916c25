package dev.crossfade.postgresql.shadow;

import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server answers to one read, up to its ReadyForQuery: digests the rows, and keeps
 * them if it is told to. On one event loop.
 */
final class AnswerReader implements BackendDecoder.Sink {
  private static final int HEADER = 5;

  private final BackendDecoder decoder;
  private final RowDigest digest;
  private final @Nullable RowKeeper keeper;

  /** ReadyForQuery of what was asked before the read. */
  private int prologue;

  /** Of the client's own before the read. */
  private final int leading;

  private boolean prologueFailed;
  private int statements;
  private long bytes;
  private boolean unknown;
  private boolean part;
  private @Nullable String sqlState;
  private byte status;

  /**
   * @param keeper null where rows are not kept
   */
  AnswerReader(
      ByteBufAllocator allocator,
      RowDigest.Columns columns,
      AnswerTap.Before before,
      @Nullable RowKeeper keeper) {
    this.decoder = new BackendDecoder(allocator, this);
    this.digest = new RowDigest(columns);
    this.prologue = before.ready();
    this.leading = before.statements();
    this.keeper = keeper;
    decoder.watchRows(true);
    decoder.showRows(keeper != null);
  }

  /** Takes over bytes of the server. */
  void read(ByteBuf chunk) {
    bytes += chunk.readableBytes();
    if (unknown || status != 0) {
      chunk.release();
      return;
    }
    try {
      decoder.decode(chunk);
    } catch (ProtocolViolation e) {
      unknown = true;
    }
  }

  /** Whether nothing that is still to come will tell. */
  boolean isUnknown() {
    return unknown;
  }

  /** Whether there are more rows than the client has asked for so far. */
  boolean isPart() {
    return part;
  }

  /** Whether its ReadyForQuery has come. */
  boolean isComplete() {
    return status != 0;
  }

  /** Of ReadyForQuery. */
  byte status() {
    return status;
  }

  /** What has come, in bytes. */
  long bytes() {
    return bytes;
  }

  /** Null where it was not one statement, or what was asked before it has failed. */
  @Nullable Answer answer() {
    if (unknown || prologueFailed) {
      return null;
    }
    if (sqlState != null) {
      return statements < leading ? null : new Answer.Failed(sqlState);
    }
    return statements == leading + 1
        ? new Answer.Rows(digest.end(), keeper == null ? null : keeper.kept())
        : null;
  }

  void release() {
    decoder.release();
  }

  @Override
  public Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    switch (type) {
      case BackendType.DATA_ROW -> {
        rowPart(borrowed, start + HEADER, end, true);
        if (keeper != null) {
          keeper.row(borrowed, start + HEADER, end);
        }
      }
      case BackendType.ROW_DESCRIPTION -> {
        if (keeper != null) {
          keeper.described(borrowed, start, end);
        }
      }
      case BackendType.COMMAND_COMPLETE -> statements += prologue == 0 ? 1 : 0;
      case BackendType.ERROR -> {
        if (prologue > 0) {
          prologueFailed = true;
        } else {
          sqlState = ErrorFields.read(borrowed, start, end).sqlState();
        }
      }
      case BackendType.PORTAL_SUSPENDED -> {
        part = prologue == 0;
        unknown = true;
      }
      case BackendType.EMPTY_QUERY,
          BackendType.COPY_IN,
          BackendType.COPY_OUT,
          BackendType.COPY_BOTH ->
          unknown = true;
      case BackendType.READY_FOR_QUERY -> {
        if (prologue > 0) {
          prologue--;
        } else {
          status = borrowed.getByte(start + HEADER);
          return Verdict.STOP;
        }
      }
      default -> {
        // It says nothing of the rows.
      }
    }
    return Verdict.DROP;
  }

  @Override
  public boolean rowPart(ByteBuf borrowed, int start, int end, boolean begins) {
    if (prologue == 0) {
      digest.part(borrowed, start, end, begins);
    }
    return true;
  }

  @Override
  public void passesUnread(byte type) {
    if (type != BackendType.DATA_ROW) {
      unknown = true;
    } else if (keeper != null) {
      keeper.tooLong();
    }
  }

  @Override
  public ByteBuf replacement() {
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void forward(ByteBuf owned) {
    owned.release();
  }
}
