package dev.crossfade.postgresql.shape;

import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
   * The bytes of the original from {@code start} to before {@code end} become the text.
   *
   * @param statement of the text, counted from 0
   * @param translation that made the text of it; null where it was not one alone
   * @param refusal why the statement is not run: the text then fails on the authority
   */
  record Part(
      int statement,
      int start,
      int end,
      byte[] text,
      @Nullable Translation translation,
      @Nullable ShapeError refusal) {}

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
    for (Part part : parts) {
      length += part.text().length - (part.end() - part.start());
    }
    text = new byte[length];
    int from = 0;
    int to = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      System.arraycopy(original, from, text, to, part.start() - from);
      to += part.start() - from;
      starts[i] = to;
      System.arraycopy(part.text(), 0, text, to, part.text().length);
      to += part.text().length;
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

  /** Whether a statement of the text is not as it came. */
  boolean concerns(int statement) {
    for (Part part : parts) {
      if (part.statement() == statement) {
        return true;
      }
    }
    return false;
  }

  /** Why a statement of the text is not run; null when it is. */
  @Nullable ShapeError refusal(int statement) {
    for (Part part : parts) {
      if (part.statement() == statement && part.refusal() != null) {
        return part.refusal();
      }
    }
    return null;
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
    Translation translation = part.translation();
    if (translation == null) {
      return 0;
    }
    byte[] own = Arrays.copyOfRange(original, part.start(), part.end());
    return translation.originalOffset(offset, new Lexer().lex(own, own.length));
  }

  /** A rewriting that only refuses the whole text. */
  static Rewriting refused(byte[] original, ShapeError refusal) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(0, 0, original.length, FAILING, null, refusal));
    return new Rewriting(original, parts, new int[0]);
  }

  /**
   * Fails when it is analysed, and nowhere else: so the authority itself refuses what cannot be
   * translated, with all that an error does to a batch and to a transaction.
   */
  static final byte[] FAILING =
      "SELECT \"crossfade: not translated\"".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** The SQLSTATE of {@link #FAILING}: a column that is not there. */
  static final String FAILS_WITH = "42703";
}
