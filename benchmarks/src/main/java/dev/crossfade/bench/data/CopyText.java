package dev.crossfade.bench.data;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rows in PostgreSQL's COPY text format: columns end with a tab, rows with a line feed, NULL is
 * {@code \N}.
 */
final class CopyText {
  private final StringBuilder text = new StringBuilder();
  private boolean inRow;

  CopyText column(@Nullable Object value) {
    if (inRow) {
      text.append('\t');
    }
    inRow = true;
    if (value == null) {
      text.append("\\N");
    } else {
      escape(value.toString());
    }
    return this;
  }

  CopyText endRow() {
    text.append('\n');
    inRow = false;
    return this;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
  }

  int length() {
    return text.length();
  }

  /** The rows so far in UTF-8; begins anew. */
  byte[] take() {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    text.setLength(0);
    return bytes;
  }
}
