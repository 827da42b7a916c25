package dev.crossfade.sql.lens;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.sql.yaml.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the pieces of SQL that a file gives: a piece must stay one when it is put into a query. */
final class SqlPieces {
  private final SqlParser parser;
  private final List<Problem> problems;

  SqlPieces(SqlParser parser, List<Problem> problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** An expression over columns. */
  SourceText expression(SourceText written) {
    outline('(' + written.text() + ')', written);
    return inParentheses(written);
  }

  /** An expression that is the same for every row. */
  SourceText constant(SourceText written) {
    StatementOutline outline = outline('(' + written.text() + ')', written);
    if (outline != null && !outline.columns().isEmpty()) {
      String name = String.join(".", outline.columns().getFirst().parts());
      problems.add(
          written
              .at(0)
              .problem(
                  "column "
                      + name
                      + " has no meaning here, where every row gets the same value; use up or down"
                      + " to compute one"));
    }
    return inParentheses(written);
  }

  void type(SourceText written) {
    outline("CAST(NULL AS " + written.text() + ")", written);
  }

  private static SourceText inParentheses(SourceText written) {
    return new ComposedText(written.place()).add("(").add(written).add(")");
  }

  private @Nullable StatementOutline outline(String expression, SourceText written) {
    byte[] text = ("SELECT " + expression).getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    if (tokens.wellFormed()
        && tokens.statementCount() == 1
        && tokens.end(tokens.count() - 1) == text.length
        && parser.parse(text, tokens) instanceof SqlParser.Result.Parsed parsed
        && parsed.outline().output().size() == 1
        && parsed.outline().tables().isEmpty()) {
      return parsed.outline();
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
