package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Feature;
import dev.crossfade.sql.parse.StatementOutline.FeatureKind;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.parse.WriteOutline.Target;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a statement what logs the entities that it changes: to its RETURNING, so that there is
 * one call for each row that was changed, whatever else happens meanwhile; and where it gives a key
 * another value, to its WHERE as well, which the server asks of every version of a row that it is
 * about to change. One call too many logs an entity that is the same as before.
 *
 * <pre>
 * UPDATE t SET a = 1 WHERE b
 *   -> WITH crossfade_w AS (UPDATE t SET a = 1 WHERE b RETURNING note(t.id))
 *      SELECT count(*) FROM crossfade_w
 * DELETE FROM t RETURNING *
 *   -> WITH crossfade_w (crossfade_0, crossfade_1, ..) AS (DELETE FROM t RETURNING note(t.id), *)
 *      SELECT crossfade_1 AS "id", .. FROM crossfade_w
 * TRUNCATE t
 *   -> SELECT note_any(); TRUNCATE t
 * </pre>
 *
 * The client's words stay what they are. What is not certain is refused.
 *
 * <p>Any number of threads, none of them an event loop: it parses.
 */
public final class CaptureAnalyzer {
  private static final String PUBLIC = "public";

  private final SqlParser parser = SqlParser.shared();
  private final Map<TableName, Watched> watched;
  private final Set<String> bareNames = new HashSet<>();
  private final Set<String> views;

  /** Why a statement is not sent. */
  private static final class RefusedWrite extends Exception {
    private static final long serialVersionUID = 1;
    private final transient CaptureAnalysis.Refused refusal;

    RefusedWrite(String code, int token, String detail) {
      super(detail, null, false, false);
      this.refusal = new CaptureAnalysis.Refused(code, token, detail);
    }
  }

  /**
   * @param watched by table what is logged of it
   * @param views bare names of views through which their tables may be written
   */
  public CaptureAnalyzer(Map<TableName, Watched> watched, Set<String> views) {
    this.watched = Map.copyOf(watched);
    this.views = Set.copyOf(views);
    watched.keySet().forEach(table -> bareNames.add(table.name()));
  }

  /** Bare names of all watched tables, and of the views over them. */
  public MappedNames names() {
    Set<String> names = new HashSet<>(bareNames);
    names.addAll(views);
    return MappedNames.of(names);
  }

  /**
   * @param sql the text of one statement, without a semicolon
   */
  public CaptureAnalysis analyze(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    if (!tokens.wellFormed() || tokens.statementCount() != 1) {
      // The server says what is wrong with it.
      return new CaptureAnalysis.Untouched();
    }
    try {
      return analyze(text, tokens);
    } catch (RefusedWrite e) {
      return e.refusal;
    }
  }

  private CaptureAnalysis analyze(byte[] text, Tokens tokens) throws RefusedWrite {
    int first = tokens.statementStart(0);
    if (tokens.isWord(first, "TRUNCATE")) {
      return truncate(tokens);
    }
    if (tokens.statementKind(0) == StatementKind.COPY_FROM) {
      return copy(tokens);
    }
    SqlParser.Result parsed = parser.parseWrite(text, tokens);
    if (parsed instanceof SqlParser.Result.Failed
        && tokens.statementKind(0) == StatementKind.READ) {
      parsed = parser.parse(text, tokens);
    }
    return switch (parsed) {
      case SqlParser.Result.Write(WriteOutline outline, StatementOutline names) ->
          write(outline, names, tokens);
      case SqlParser.Result.Parsed(StatementOutline names) -> {
        requireNone(names, tokens, -1);
        yield new CaptureAnalysis.Untouched();
      }
      case SqlParser.Result.Failed failed ->
          new CaptureAnalysis.Refused(
              "PARSE_FAILED",
              at(tokens, failed.offset()),
              "it is not understood: " + failed.detail());
      case SqlParser.Result.TooLarge large ->
          new CaptureAnalysis.Refused("TOO_LARGE", first, large.detail() + "; write it in parts");
      case SqlParser.Result.TooDeep deep ->
          new CaptureAnalysis.Refused("TOO_DEEP", at(tokens, deep.offset()), "nested too deeply");
      case SqlParser.Result.TooCostly costly ->
          new CaptureAnalysis.Refused(
              "TOO_DEEP", at(tokens, costly.offset()), "too costly to parse; write it in parts");
    };
  }

  private static int at(Tokens tokens, int offset) {
    int token = 0;
    while (token < tokens.count() - 1 && tokens.end(token) <= offset) {
      token++;
    }
    return token;
  }

  /** Null: not a watched one. */
  private @Nullable Watched find(Target target) throws RefusedWrite {
    List<String> parts = target.parts();
    String bare = parts.getLast();
    if (!bareNames.contains(bare) && !views.contains(bare)) {
      return null;
    }
    Watched found =
        watched.get(new TableName(parts.size() == 1 ? PUBLIC : parts.get(parts.size() - 2), bare));
    if (found == null && views.contains(bare)) {
      throw new RefusedWrite(
          "VIEW", target.token(), bare + " is a view over a watched table; write the table itself");
    }
    if (found == null && parts.size() == 1) {
      throw new RefusedWrite(
          "AMBIGUOUS_TABLE",
          target.token(),
          bare + " is watched in another schema; write its schema");
    }
    return found;
  }

  private CaptureAnalysis truncate(Tokens tokens) throws RefusedWrite {
    Words words = new Words(tokens);
    words.take("TRUNCATE");
    words.take("TABLE");
    Set<String> functions = new HashSet<>();
    do {
      words.take("ONLY");
      Target name = words.table();
      Watched found = name == null ? null : find(name);
      if (found != null) {
        functions.addAll(found.whole());
        found.keyed().keySet().forEach(note -> functions.add(note + "_any"));
      }
      words.takeSign('*');
    } while (words.takeSign(','));
    if (functions.isEmpty()) {
      return new CaptureAnalysis.Untouched();
    }
    SqlText note =
        new SqlText(List.of())
            .add(
                functions.stream()
                    .sorted()
                    .map(function -> function + "()")
                    .collect(Collectors.joining(", ", "SELECT ", "")));
    SqlText itself = new SqlText(List.of()).add(whole(tokens));
    return new CaptureAnalysis.Logged(
        WriteTranslation.of(
            new Answer.AsItIs(), note.build(tokens.count()), itself.build(tokens.count())));
  }

  private static Span whole(Tokens tokens) {
    return new Span(tokens.statementStart(0), tokens.statementEnd(0));
  }

  private CaptureAnalysis copy(Tokens tokens) throws RefusedWrite {
    Words words = new Words(tokens);
    words.take("COPY");
    words.take("BINARY");
    Target name = words.table();
    if (name != null && find(name) != null) {
      throw new RefusedWrite(
          "COPY_FROM",
          name.token(),
          "COPY tells no keys; COPY to a temporary table and INSERT ... SELECT from there");
    }
    return new CaptureAnalysis.Untouched();
  }

  /**
   * No other write in the statement than the one at a token may be of a watched table.
   *
   * @param but the target of the statement itself; -1 when it writes only in its WITH
   */
  private void requireNone(StatementOutline names, Tokens tokens, int but) throws RefusedWrite {
    for (Feature feature : names.features()) {
      if (feature.kind() == FeatureKind.WRITE) {
        int token = feature.token() + 1;
        while (tokens.isWord(token, "INTO")
            || tokens.isWord(token, "FROM")
            || tokens.isWord(token, "ONLY")) {
          token++;
        }
        Target nested = token == but ? null : name(tokens, token);
        if (nested != null && find(nested) != null) {
          throw new RefusedWrite(
              "NESTED_WRITE",
              token,
              "a WITH that writes "
                  + nested.parts().getLast()
                  + "; make it a statement of its own");
        }
      }
    }
  }

  private static @Nullable Target name(Tokens tokens, int first) {
    List<String> parts = new ArrayList<>();
    int token = first;
    while (token < tokens.count()
        && (tokens.kind(token) == Tokens.IDENTIFIER
            || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER)) {
      parts.add(tokens.identifier(token));
      if (token + 1 >= tokens.count() || !tokens.isPunctuation(token + 1, '.')) {
        break;
      }
      token += 2;
    }
    return parts.isEmpty() ? null : new Target(parts, first, null, false);
  }

  private CaptureAnalysis write(WriteOutline outline, StatementOutline names, Tokens tokens)
      throws RefusedWrite {
    Target target = outline.target();
    requireNone(names, tokens, target.token());
    Watched found = find(target);
    if (found == null) {
      return new CaptureAnalysis.Untouched();
    }
    Span moved =
        switch (outline) {
          case WriteOutline.Insert insert -> {
            WriteOutline.Change change =
                insert.conflict() == null ? null : insert.conflict().update();
            if (change != null && assignsKey(change, found)) {
              throw keyChange(target, "ON CONFLICT DO UPDATE");
            }
            yield null;
          }
          case WriteOutline.Update update ->
              assignsKey(update.change(), found) ? moved(update, tokens) : null;
          case WriteOutline.Delete ignored -> null;
          case WriteOutline.Merge ignored ->
              throw new RefusedWrite(
                  "MERGE",
                  target.token(),
                  "MERGE tells no keys; use INSERT ... ON CONFLICT, UPDATE and DELETE");
        };
    LoggedStatement wrapped =
        new LoggedStatement(outline, found, tokens, assignsKey(outline, found), moved);
    return outline.returning() == null
        ? new CaptureAnalysis.Logged(wrapped.counted())
        : new CaptureAnalysis.Returning(wrapped::returning);
  }

  private static boolean assignsKey(WriteOutline outline, Watched found) {
    return outline instanceof WriteOutline.Update update && assignsKey(update.change(), found);
  }

  private static boolean assignsKey(WriteOutline.Change change, Watched found) {
    return change.set().stream()
        .flatMap(assignment -> assignment.columns().stream())
        .anyMatch(found::isKey);
  }

  private static RefusedWrite keyChange(Target target, String where) {
    return new RefusedWrite(
        "KEY_CHANGE",
        target.token(),
        where
            + " gives a column of the entity's key a value, and the key before is not told; make it"
            + " an UPDATE of one table without sub-queries");
  }

  /**
   * The condition of an UPDATE that gives a key another value; null when it has none. Where rows
   * are chosen by other tables, the planner may ask a condition of all rows first.
   */
  private static @Nullable Span moved(WriteOutline.Update update, Tokens tokens)
      throws RefusedWrite {
    Span where = update.change().where();
    if (update.from() != null) {
      throw keyChange(update.target(), "UPDATE ... FROM");
    }
    for (int token = where == null ? 0 : where.first();
        where != null && token < where.end();
        token++) {
      if (tokens.isWord(token, "SELECT") || tokens.isWord(token, "CURRENT")) {
        throw keyChange(update.target(), "UPDATE ... WHERE with a sub-query or CURRENT OF");
      }
    }
    return where;
  }
}
