package dev.crossfade.sql.lens;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.sql.yaml.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the pieces of SQL that a file gives: a piece must stay one when it is put into a query.
 */
final class SqlPieces {
  private final SqlParser parser;
  private final List<Problem> problems;

  SqlPieces(SqlParser parser, List<Problem> problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** An expression over columns of one side. */
  SourceText expression(SourceText written, Columns columns) {
    Piece piece = piece("(", written, ")");
    if (piece != null) {
      piece
          .outline()
          .columns()
          .forEach(column -> columns.used(column.parts(), piece.place(column.token())));
    }
    return inParentheses(written);
  }

  /** Is told of each column that an expression names. */
  @FunctionalInterface
  interface Columns {
    void used(List<String> parts, Place place);
  }

  /** A piece that is one. */
  private record Piece(SourceText written, StatementOutline outline, Tokens tokens, int before) {
    Place place(int token) {
      return written.at(Math.max(tokens.start(token) - before, 0));
    }
  }

  /** An expression that is the same for every row. */
  SourceText constant(SourceText written) {
    Piece piece = piece("(", written, ")");
    if (piece != null && !piece.outline().columns().isEmpty()) {
      StatementOutline.Column column = piece.outline().columns().getFirst();
      String name = String.join(".", column.parts());
      problems.add(
          piece
              .place(column.token())
              .problem(
                  "column "
                      + name
                      + " has no meaning here, where every row gets the same value; use up or down"
                      + " to compute one"));
    }
    return inParentheses(written);
  }

  void type(SourceText written) {
    piece("CAST(NULL AS ", written, ")");
  }

  private static SourceText inParentheses(SourceText written) {
    return new ComposedText(written.place()).add("(").add(written).add(")");
  }

  private @Nullable Piece piece(String before, SourceText written, String behind) {
    String start = "SELECT " + before;
    byte[] text = (start + written.text() + behind).getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    if (tokens.wellFormed()
        && tokens.statementCount() == 1
        && tokens.end(tokens.count() - 1) == text.length
        && parser.parse(text, tokens) instanceof SqlParser.Result.Parsed parsed
        && parsed.outline().output().size() == 1
        && parsed.outline().tables().isEmpty()) {
      return new Piece(written, parsed.outline(), tokens, start.length());
    }
    problems.add(
        written
            .at(0)
            .problem(
                "\""
                    + written.text()
                    + "\" is not one SQL value or type; write it as in a SELECT"));
    return null;
  }
}
