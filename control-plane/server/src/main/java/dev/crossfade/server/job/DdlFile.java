package dev.crossfade.server.job;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of statements that are run one by one.
 *
 * @param source its name
 */
public record DdlFile(String source, List<Statement> statements) {
  public static final int MAX_BYTES = 256 << 10;

  /** Each statement is a transaction of its own already. */
  private static final List<String> OF_TRANSACTIONS =
      List.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

  public DdlFile {
    statements = List.copyOf(statements);
  }

  /**
   * One of them.
   *
   * @param line on which it begins, from 1
   * @param hash of its text, and of which one it is of those with this text
   * @param index that it makes CONCURRENTLY, as it is written; empty for none
   * @param traits of it
   */
  record Statement(String text, int line, String hash, String index, Set<Trait> traits) {
    Statement {
      traits = Set.copyOf(traits);
    }

    /** Whether it lets others read and write meanwhile, so that its locks may be waited for. */
    boolean isConcurrent() {
      return traits.contains(Trait.CONCURRENT);
    }

    /** Whether it is of the session only, and has to be run each time. */
    boolean isSetting() {
      return traits.contains(Trait.SETTING);
    }

    boolean isDrop() {
      return traits.contains(Trait.DROP);
    }
  }

  /** What matters about a statement. */
  enum Trait {
    CONCURRENT,
    SETTING,
    DROP
  }

  /**
   * @throws InvalidFileException when it is not a text of statements, or holds some that can not be
   *     run like this
   */
  public static DdlFile parse(String text, String source) throws InvalidFileException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BYTES) {
      throw problem(source, 0, "it is larger than " + MAX_BYTES + " bytes; split it");
    }
    Tokens tokens = new Lexer().lex(bytes, bytes.length);
    if (!tokens.wellFormed()) {
      throw problem(
          source,
          line(bytes, tokens.malformedAt()),
          "a quote or a comment is not closed, or a character belongs to no statement");
    }
    if (tokens.statementCount() == 0) {
      throw problem(source, 0, "there is no statement in it");
    }
    List<Statement> statements = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < tokens.statementCount(); i++) {
      int first = tokens.statementStart(i);
      int end = tokens.statementEnd(i);
      int line = line(bytes, tokens.start(first));
      require(tokens, first, end, source, line);
      String statement =
          new String(
              bytes,
              tokens.start(first),
              tokens.end(end - 1) - tokens.start(first),
              StandardCharsets.UTF_8);
      int earlier = seen.merge(statement, 1, Integer::sum);
      statements.add(
          new Statement(
              statement,
              line,
              hash(earlier + " " + statement),
              index(tokens, first),
              traits(tokens, first, end)));
    }
    return new DdlFile(source, statements);
  }

  private static void require(Tokens tokens, int first, int end, String source, int line)
      throws InvalidFileException {
    if (OF_TRANSACTIONS.stream().anyMatch(word -> tokens.isWord(first, word))) {
      throw problem(
          source, line, "each statement is a transaction of its own; leave BEGIN and COMMIT out");
    }
    for (int token = first; token + 1 < end; token++) {
      if (tokens.isWord(token, "BEGIN") && tokens.isWord(token + 1, "ATOMIC")) {
        throw problem(source, line, "BEGIN ATOMIC is not understood; quote the function's body");
      }
    }
  }

  private static Set<Trait> traits(Tokens tokens, int first, int end) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (tokens.isWord(first, "SET")) {
      traits.add(Trait.SETTING);
    }
    if (tokens.isWord(first, "DROP")) {
      traits.add(Trait.DROP);
    }
    for (int token = first; token < end; token++) {
      if (tokens.isWord(token, "CONCURRENTLY")) {
        traits.add(Trait.CONCURRENT);
      }
    }
    return traits;
  }

  /** The name behind {@code CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS]}. */
  private static String index(Tokens tokens, int first) {
    int token = first + 1;
    if (!tokens.isWord(first, "CREATE")) {
      return "";
    }
    token += tokens.isWord(token, "UNIQUE") ? 1 : 0;
    if (!tokens.isWord(token, "INDEX") || !tokens.isWord(token + 1, "CONCURRENTLY")) {
      return "";
    }
    token += 2;
    token += tokens.isWord(token, "IF") ? 3 : 0;
    if (token + 3 >= tokens.count() || !tokens.isWord(token + 1, "ON")) {
      return "";
    }
    int table = token + (tokens.isWord(token + 2, "ONLY") ? 3 : 2);
    // It is made where its table is.
    return tokens.isPunctuation(table + 1, '.')
        ? tokens.text(table) + "." + tokens.text(token)
        : tokens.text(token);
  }

  private static int line(byte[] text, int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      line += text[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private static InvalidFileException problem(String source, int line, String message) {
    return new InvalidFileException(List.of(new Problem(source, line, 1, "", message)));
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
