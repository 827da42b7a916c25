package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.AnswerDigest;
import dev.crossfade.core.compare.RowHash;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Digests the bodies of rows as they come, in pieces of any size. Allocates nothing for a row.
 *
 * <pre>
 * int16 columns | per column: int32 length, bytes
 * </pre>
 */
final class RowDigest {
  private final Columns columns;
  private final AnswerDigest.Builder digest = new AnswerDigest.Builder();
  private final RowHash row = new RowHash();
  private final RowHash key = new RowHash();
  private boolean open;
  private int header;
  private int headerLeft;
  private int column;
  private int valueLeft;

  RowDigest(Columns columns) {
    this.columns = columns;
  }

  /** Part of the body of a row. */
  void part(ByteBuf borrowed, int start, int end, boolean begins) {
    if (begins) {
      endRow();
      begin();
    }
    if (columns.isPlain()) {
      feed(row, borrowed, start, end);
    } else {
      takeApart(borrowed, start, end);
    }
  }

  private void begin() {
    open = true;
    row.begin();
    key.begin();
    header = 0;
    headerLeft = 2;
    column = -1;
    valueLeft = 0;
  }

  private void takeApart(ByteBuf borrowed, int start, int end) {
    int at = start;
    while (at < end) {
      if (headerLeft > 0) {
        header = header << 8 | borrowed.getUnsignedByte(at++);
        if (--headerLeft == 0) {
          headerCame();
        }
      } else {
        int part = Math.min(valueLeft, end - at);
        if (!columns.isIgnored(column)) {
          feed(row, borrowed, at, at + part);
          if (columns.isOrder(column)) {
            feed(key, borrowed, at, at + part);
          }
        }
        at += part;
        valueLeft -= part;
        if (valueLeft <= 0) {
          nextColumn();
        }
      }
    }
  }

  private void headerCame() {
    if (column < 0) {
      nextColumn();
      return;
    }
    if (!columns.isIgnored(column)) {
      row.add((long) header);
      if (columns.isOrder(column)) {
        key.add((long) header);
      }
    }
    valueLeft = Math.max(0, header);
    if (valueLeft == 0) {
      nextColumn();
    }
  }

  private void nextColumn() {
    column++;
    header = 0;
    headerLeft = 4;
  }

  private static void feed(RowHash hash, ByteBuf borrowed, int start, int end) {
    int at = start;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      hash.add(borrowed.getLongLE(at));
    }
    for (; at < end; at++) {
      hash.add(borrowed.getByte(at));
    }
  }

  private void endRow() {
    if (!open) {
      return;
    }
    open = false;
    row.end();
    digest.row(row);
    if (!columns.isPlain()) {
      key.end();
      digest.orderedBy(key);
    }
  }

  /** The answer has ended. */
  AnswerDigest end() {
    endRow();
    return digest.build();
  }

  /**
   * What rows are digested by.
   *
   * @param ignored columns whose values do not count; null: none
   * @param order columns that the statement orders by; null: none
   */
  record Columns(boolean @Nullable [] ignored, boolean @Nullable [] order) {
    /** All count, and none orders. */
    static final Columns PLAIN = new Columns(null, null);

    boolean isIgnored(int column) {
      return ignored != null && column < ignored.length && ignored[column];
    }

    boolean isOrder(int column) {
      return order != null && column < order.length && order[column];
    }

    /** Whether rows need not be taken apart. */
    boolean isPlain() {
      return ignored == null && order == null;
    }
  }
}
