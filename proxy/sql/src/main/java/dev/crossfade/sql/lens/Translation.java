package dev.crossfade.sql.lens;

import dev.crossfade.sql.parse.Tokens;
import java.util.List;

/**
 * Replaces ranges of tokens by fixed text and leaves every other byte as it is. Ranges are token
 * indexes rather than offsets, so it serves every text with the fingerprint of the one it was made
 * from. Immutable.
 */
public final class Translation {
  private final int tokenCount;
  private final List<Splice> splices;

  /**
   * Tokens from {@code first} to before {@code end} become the text.
   *
   * @param text UTF-8
   */
  public record Splice(int first, int end, byte[] text) {
    public Splice {
      if (first < 0 || end <= first) {
        throw new IllegalArgumentException("a splice replaces at least one token");
      }
    }
  }

  /**
   * @param tokenCount of the text it was made from
   * @param splices in the order of the text, not overlapping
   */
  public Translation(int tokenCount, List<Splice> splices) {
    this.tokenCount = tokenCount;
    this.splices = List.copyOf(splices);
    int behind = 0;
    for (Splice splice : splices) {
      if (splice.first() < behind || splice.end() > tokenCount) {
        throw new IllegalArgumentException("splices overlap or stand outside the statement");
      }
      behind = splice.end();
    }
  }

  /**
   * The text for new.
   *
   * @param tokens of this very text
   * @throws IllegalArgumentException when the text has not the fingerprint of the one that this was
   *     made from
   */
  public byte[] apply(byte[] text, Tokens tokens) {
    if (tokens.count() != tokenCount) {
      throw new IllegalArgumentException(
          "made for " + tokenCount + " tokens, applied to " + tokens.count());
    }
    byte[] result = new byte[lengthFor(tokens)];
    int from = 0;
    int to = 0;
    for (Splice splice : splices) {
      int start = tokens.start(splice.first());
      System.arraycopy(text, from, result, to, start - from);
      to += start - from;
      System.arraycopy(splice.text(), 0, result, to, splice.text().length);
      to += splice.text().length;
      from = tokens.end(splice.end() - 1);
    }
    System.arraycopy(text, from, result, to, tokens.textLength() - from);
    return result;
  }

  /**
   * Where in the original text a place of the translated one comes from; of a place in replaced
   * text: where what it replaced begins.
   *
   * @param offset in the translated text, in bytes
   * @param tokens of the original text
   * @return in bytes, at most the length of the original text
   */
  public int originalOffset(int offset, Tokens tokens) {
    int shift = 0;
    for (Splice splice : splices) {
      int start = tokens.start(splice.first());
      int from = start + shift;
      if (offset < from) {
        break;
      }
      if (offset < from + splice.text().length) {
        return start;
      }
      shift += splice.text().length - (tokens.end(splice.end() - 1) - start);
    }
    return Math.min(offset - shift, tokens.textLength());
  }

  /** What it takes in memory, about. */
  public int bytes() {
    int bytes = 0;
    for (Splice splice : splices) {
      bytes += splice.text().length;
    }
    return bytes;
  }

  private int lengthFor(Tokens tokens) {
    int length = tokens.textLength();
    for (Splice splice : splices) {
      length += splice.text().length;
      length -= tokens.end(splice.end() - 1) - tokens.start(splice.first());
    }
    return length;
  }
}
