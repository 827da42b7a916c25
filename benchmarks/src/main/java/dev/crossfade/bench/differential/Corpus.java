package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The SELECTs of PostgreSQL's own regression tests and the tables that they read, in two shapes.
 * See {@code corpus/NOTICE.md} for where they come from and what was changed.
 */
final class Corpus {
  private static final String FOLDER = "/corpus/";
  private static final Pattern FILE = Pattern.compile("(?m)^-- (\\w+\\.sql)$");

  private Corpus() {}

  /**
   * @param file of the regression tests that it comes from
   * @param number in the corpus, from 1
   */
  record Question(String file, int number, String sql) {}

  static List<Question> questions() {
    String text = resource("statements.sql");
    List<Question> questions = new ArrayList<>();
    String[] bodies = FILE.split(text);
    List<String> files = FILE.matcher(text).results().map(found -> found.group(1)).toList();
    for (int file = 0; file < files.size(); file++) {
      for (String sql : statements(bodies[file + 1])) {
        questions.add(new Question(files.get(file), questions.size() + 1, sql));
      }
    }
    return questions;
  }

  /** Makes and fills the old tables. */
  static List<String> oldSchema() {
    return statements(resource("old.sql"));
  }

  /** Makes the new tables, empty. */
  static List<String> newSchema() {
    return statements(resource("new.sql"));
  }

  static LensFile lens() {
    return LensFile.resource(FOLDER + "regress.yaml");
  }

  private static List<String> statements(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(bytes, bytes.length);
    if (!tokens.wellFormed()) {
      throw new IllegalStateException("a file of the corpus is not well formed");
    }
    List<String> statements = new ArrayList<>();
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      int start = tokens.start(tokens.statementStart(statement));
      int end = tokens.end(tokens.statementEnd(statement) - 1);
      statements.add(new String(bytes, start, end - start, StandardCharsets.UTF_8));
    }
    return statements;
  }

  private static String resource(String name) {
    try (InputStream stream = Corpus.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException(FOLDER + name + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
