package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.KeptAnswer;
import dev.crossfade.postgresql.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the rows of an answer in text, up to a limit. */
final class RowKeeper {
  static final int MOST_ROWS = 2_000;
  static final int MOST_BYTES = 1 << 20;

  private final Charset charset;
  private final List<String> columns = new ArrayList<>();
  private final List<KeptAnswer.Row> rows = new ArrayList<>();
  private int bytes;
  private boolean complete = true;

  /**
   * @param charset that the values are written in
   */
  RowKeeper(Charset charset) {
    this.charset = charset;
  }

  /** A RowDescription has come. */
  void described(ByteBuf borrowed, int start, int end) {
    RowDescription description = RowDescription.read(borrowed, start, end);
    columns.clear();
    for (int column = 0; column < description.columns(); column++) {
      columns.add(description.name(column));
    }
  }

  /** The body of a row has come. */
  void row(ByteBuf borrowed, int start, int end) {
    bytes += end - start;
    if (rows.size() == MOST_ROWS || bytes > MOST_BYTES || end - start < 2) {
      complete = false;
      return;
    }
    List<@Nullable String> row = new ArrayList<>(columns.size());
    int at = start + 2;
    for (int column = borrowed.getUnsignedShort(start); column > 0 && end - at >= 4; column--) {
      int length = borrowed.getInt(at);
      at += 4;
      if (length > end - at) {
        complete = false;
        return;
      }
      row.add(length < 0 ? null : borrowed.toString(at, length, charset));
      at += Math.max(0, length);
    }
    complete &= row.size() == columns.size();
    rows.add(new KeptAnswer.Row(row));
  }

  /** A row was too long to be looked at. */
  void tooLong() {
    complete = false;
  }

  KeptAnswer kept() {
    return new KeptAnswer(columns, rows, complete);
  }
}
