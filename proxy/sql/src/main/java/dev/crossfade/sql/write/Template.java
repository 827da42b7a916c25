package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.Tokens;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * SQL made of fixed text and of pieces of the client's. The pieces are ranges of tokens, so it
 * serves every text with the fingerprint of the one it was made from. Immutable.
 *
 * @param tokenCount of the text it was made from
 */
public record Template(int tokenCount, List<Piece> pieces) {
  public Template {
    pieces = List.copyOf(pieces);
  }

  /** A part of the text. */
  sealed interface Piece {
    record Fixed(String text) implements Piece {}

    /**
     * The client's tokens from {@code first} to before {@code end}, with what stands between them.
     *
     * @param splices inside that range, in the order of the text
     */
    record Quoted(int first, int end, List<Splice> splices) implements Piece {
      public Quoted {
        splices = List.copyOf(splices);
      }
    }
  }

  /**
   * The SQL for one text, in UTF-8.
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
    ByteArrayOutputStream sql = new ByteArrayOutputStream(4 * text.length + 1024);
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Fixed fixed -> sql.writeBytes(fixed.text().getBytes(StandardCharsets.UTF_8));
        case Piece.Quoted quoted -> quote(quoted, text, tokens, sql);
      }
    }
    return sql.toByteArray();
  }

  private static void quote(
      Piece.Quoted quoted, byte[] text, Tokens tokens, ByteArrayOutputStream sql) {
    int from = tokens.start(quoted.first());
    for (Splice splice : quoted.splices()) {
      sql.write(text, from, tokens.start(splice.first()) - from);
      sql.writeBytes(splice.text());
      from = tokens.end(splice.end() - 1);
    }
    sql.write(text, from, tokens.end(quoted.end() - 1) - from);
  }

  /**
   * Where in the client's text a place of what {@link #apply} has made of it comes from: the end of
   * the piece before where that is none of the client's. Both in bytes.
   */
  public int originalOffset(int offset, Tokens tokens) {
    int at = 0;
    int original = tokens.count() == 0 ? 0 : tokens.start(0);
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Fixed fixed -> at += fixed.text().getBytes(StandardCharsets.UTF_8).length;
        case Piece.Quoted quoted -> {
          int start = tokens.start(quoted.first());
          int length = tokens.end(quoted.end() - 1) - start;
          if (offset >= at && offset < at + length && quoted.splices().isEmpty()) {
            return start + offset - at;
          }
          if (offset >= at) {
            original = start + length;
          }
          at += length;
        }
      }
    }
    return original;
  }

  /** What it takes in memory, about. */
  public int bytes() {
    int bytes = 0;
    for (Piece piece : pieces) {
      bytes +=
          switch (piece) {
            case Piece.Fixed fixed -> fixed.text().length() + 32;
            case Piece.Quoted quoted ->
                quoted.splices().stream().mapToInt(splice -> splice.text().length).sum() + 48;
          };
    }
    return bytes;
  }
}
