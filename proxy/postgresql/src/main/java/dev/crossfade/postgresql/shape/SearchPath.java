package dev.crossfade.postgresql.shape;

import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import java.util.Set;

/**
 * Whether a table without a schema is in {@code public}, where the lenses look for it. Once a
 * session may have said otherwise, it has to name the schema.
 */
final class SearchPath {
  private static final MappedNames SETTER = MappedNames.of(Set.of("set_config"));
  private static final Set<String> USUAL =
      Set.of("public", "$user", "pg_catalog", "default", "to", "search_path", "session", "local");

  private boolean usual;

  /**
   * @param usual the start-up packet says nothing of it
   */
  SearchPath(boolean usual) {
    this.usual = usual;
  }

  /** A text goes to the authority. */
  void sent(Tokens tokens) {
    if (!usual) {
      return;
    }
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      StatementKind kind = tokens.statementKind(statement);
      if (kind == StatementKind.SET_SESSION || kind == StatementKind.SET_LOCAL) {
        usual &= keeps(tokens, statement);
      }
    }
    usual &= !tokens.names(SETTER) || !mentionsPath(tokens);
  }

  private static boolean keeps(Tokens tokens, int statement) {
    int first = tokens.statementStart(statement) + 1;
    int end = tokens.statementEnd(statement);
    boolean path = false;
    boolean keeps = true;
    for (int token = first; token < end; token++) {
      path |= tokens.isWord(token, "SEARCH_PATH") || tokens.isWord(token, "SCHEMA");
      keeps &= isUsual(tokens, token);
    }
    return keeps || !path;
  }

  private static boolean isUsual(Tokens tokens, int token) {
    return switch (tokens.kind(token)) {
      case Tokens.IDENTIFIER, Tokens.QUOTED_IDENTIFIER -> USUAL.contains(tokens.identifier(token));
      case Tokens.STRING -> {
        String text = tokens.text(token);
        yield text.length() > 2 && USUAL.contains(text.substring(1, text.length() - 1));
      }
      default -> true;
    };
  }

  private static boolean mentionsPath(Tokens tokens) {
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.kind(token) == Tokens.STRING && tokens.text(token).contains("search_path")) {
        return true;
      }
    }
    return false;
  }

  /** Whether every one of the names in the text is where the lenses look for it. */
  boolean covers(Tokens tokens, MappedNames names) {
    if (usual) {
      return true;
    }
    for (int token = 0; token < tokens.count(); token++) {
      byte kind = tokens.kind(token);
      boolean word = kind == Tokens.IDENTIFIER || kind == Tokens.QUOTED_IDENTIFIER;
      boolean qualified = token > 0 && tokens.isPunctuation(token - 1, '.');
      if (word && !qualified && names.names().contains(tokens.identifier(token))) {
        return false;
      }
    }
    return true;
  }
}
