package dev.crossfade.postgresql.shape;

import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's text and what the authority gets instead: some of its parts replaced, all else as it
 * came. Immutable.
 */
final class Rewriting {
  private final byte[] original;
  private final byte[] text;
  private final int[] parameterTypes;
  private final List<Part> parts;

  /** Where each part begins in the new text. */
  private final int[] starts;

  /**
   * The bytes of the original from {@code start} to before {@code end} are replaced.
   *
   * @param statement of the text, counted from 0
   */
  record Part(int statement, int start, int end, Replacement by) {
    byte[] text() {
      return by.text();
    }
  }

  /**
   * @param parts in the order of the text
   * @param parameterTypes OIDs that a Parse of the text fixes
   */
  Rewriting(byte[] original, List<Part> parts, int[] parameterTypes) {
    this.original = original;
    this.parts = List.copyOf(parts);
    this.parameterTypes = parameterTypes;
    this.starts = new int[parts.size()];
    int length = original.length;
    byte[][] texts = new byte[parts.size()][];
    for (int i = 0; i < texts.length; i++) {
      Part part = parts.get(i);
      texts[i] = part.text();
      length += texts[i].length - (part.end() - part.start());
    }
    text = new byte[length];
    int from = 0;
    int to = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      System.arraycopy(original, from, text, to, part.start() - from);
      to += part.start() - from;
      starts[i] = to;
      System.arraycopy(texts[i], 0, text, to, texts[i].length);
      to += texts[i].length;
      from = part.end();
    }
    System.arraycopy(original, from, text, to, original.length - from);
  }

  byte[] original() {
    return original;
  }

  byte[] text() {
    return text;
  }

  int[] parameterTypes() {
    return parameterTypes;
  }

  /**
   * What stands in the place of a statement of the text, or of a part of it; null: it is as it
   * came.
   */
  @Nullable Replacement of(int statement) {
    for (Part part : parts) {
      if (part.statement() == statement) {
        return part.by();
      }
    }
    return null;
  }

  /** The same where it writes; null where it does not. */
  Replacement.@Nullable Write write(int statement) {
    return of(statement) instanceof Replacement.Write write ? write : null;
  }

  /** Where in the original a place of the new text comes from; both in bytes. */
  int originalOffset(int offset) {
    int shift = 0;
    for (int i = 0; i < starts.length && offset >= starts[i]; i++) {
      Part part = parts.get(i);
      if (offset < starts[i] + part.text().length) {
        return part.start() + within(part, offset - starts[i]);
      }
      shift = part.end() - (starts[i] + part.text().length);
    }
    return Math.min(offset + shift, original.length);
  }

  private int within(Part part, int offset) {
    if (part.by() instanceof Replacement.Write write && write.own() != null) {
      byte[] own = Arrays.copyOfRange(original, part.start(), part.end());
      int before = part.text().length - write.last().length;
      return write.own().originalOffset(offset - before, new Lexer().lex(own, own.length));
    }
    if (!(part.by() instanceof Replacement.Read(var _, Translation translation, var _))
        || translation == null) {
      return 0;
    }
    byte[] own = Arrays.copyOfRange(original, part.start(), part.end());
    return translation.originalOffset(offset, new Lexer().lex(own, own.length));
  }

  /** For people. */
  Map<String, String> explain() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("shape", "new");
    if (of(0) instanceof Replacement.Refused(ShapeError why)) {
      rows.put("refused", why.detail());
    } else {
      rows.put("translated", new String(text, StandardCharsets.UTF_8));
    }
    return rows;
  }

  /** A rewriting that only refuses the whole text. */
  static Rewriting refused(byte[] original, ShapeError why) {
    Part whole = new Part(0, 0, original.length, new Replacement.Refused(why));
    return new Rewriting(original, List.of(whole), new int[0]);
  }
}
