package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.command.CommandReader;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.postgresql.plan.WritePlan;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.WriteTranslation;
import dev.crossfade.sql.write.WriteTranslation.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of a text in another shape than the authority's. A statement that names none of
 * the shape's tables goes on as it came; one that names any goes on translated or not at all.
 */
final class Rewriter implements TextReader {
  private static final int[] NO_TYPES = {};

  /** First words of statements that name no table, though a word in them may read like one. */
  private static final Set<String> NO_TABLES =
      Set.of("fetch", "move", "close", "listen", "notify", "unlisten", "prepare", "checkpoint");

  private final Supplier<@Nullable TranslatedShape> lenses;
  private final ShapeHost host;
  private final QueryPlans plans;
  private final SearchPath path;
  private final Lexer lexer = new Lexer();

  /** Lenses of the last PREPARE of a mapped read in SQL; -1 when there was none. */
  private int preparedWith = -1;

  Rewriter(Supplier<@Nullable TranslatedShape> lenses, ShapeHost host, SearchPath path) {
    this.lenses = lenses;
    this.host = host;
    this.path = path;
    this.plans = new QueryPlans(host);
  }

  @Override
  public int generation() {
    TranslatedShape shape = lenses.get();
    return shape == null ? -1 : shape.generation();
  }

  @Override
  public Reading read(byte[] sql, int[] types, boolean prepared) {
    TranslatedShape shape = lenses.get();
    if (shape == null) {
      return new Reading.Unknown();
    }
    Tokens tokens = lexer.lex(sql, sql.length);
    if (CommandReader.read(tokens) != null || prepared && tokens.statementCount() > 1) {
      // The sidecar's own, or a mistake that the authority tells of.
      return new Reading.AsIs(false);
    }
    Reading reading = read(new Text(sql, types, prepared, tokens), shape);
    if (!(reading instanceof Reading.Unknown)) {
      path.sent(tokens);
      plans.settled();
    }
    return reading;
  }

  @Override
  public @Nullable Map<String, String> explain(byte[] sql) {
    TranslatedShape shape = lenses.get();
    if (shape == null) {
      return null;
    }
    Tokens tokens = lexer.lex(sql, sql.length);
    Reading reading = read(new Text(sql, NO_TYPES, false, tokens), shape);
    if (!(reading instanceof Reading.Unknown)) {
      plans.settled();
    }
    return switch (reading) {
      case Reading.Unknown _ -> null;
      case Reading.AsIs _ -> Map.of("shape", "new");
      case Reading.Changed(Rewriting rewriting) -> rewriting.explain();
    };
  }

  @Override
  public void abandon() {
    plans.settled();
  }

  @Override
  public ShapeError refusal(String code, String detail) {
    return ShapeError.untranslated(code, detail, -1);
  }

  /**
   * @param prepared of a Parse frame
   */
  private record Text(byte[] sql, int[] types, boolean prepared, Tokens tokens) {
    byte[] slice(InnerQuery query) {
      int from = tokens.start(query.first());
      int to = tokens.end(query.end() - 1);
      return from == 0 && to == sql.length ? sql : Arrays.copyOfRange(sql, from, to);
    }
  }

  private Reading read(Text text, TranslatedShape shape) {
    List<Rewriting.Part> parts = new ArrayList<>();
    int[] types = text.types();
    boolean named = names(text.tokens(), shape);
    boolean ofOthers = false;
    for (int statement = 0; statement < text.tokens().statementCount(); statement++) {
      Found found = statement(text, statement, shape, named);
      switch (found) {
        case Found.Nothing(boolean others) -> ofOthers |= others;
        case Found.Replaced(Rewriting.Part part, int[] fixed) -> {
          parts.add(part);
          types = fixed;
        }
        case Found.Unknown ignored -> {
          return new Reading.Unknown();
        }
      }
    }
    return parts.isEmpty()
        ? new Reading.AsIs(ofOthers)
        : new Reading.Changed(new Rewriting(text.sql(), parts, types));
  }

  /** What becomes of one statement of a text. */
  private sealed interface Found {
    record Nothing(boolean ofOthers) implements Found {}

    record Replaced(Rewriting.Part part, int[] types) implements Found {}

    record Unknown() implements Found {}
  }

  private static boolean names(Tokens tokens, TranslatedShape shape) {
    return tokens.names(shape.names())
        || tokens.kind() == StatementKind.CALL_OR_DO && mentions(tokens, shape.names());
  }

  /** Whether a string of the text, such as the body of a DO, has one of the names in it. */
  private static boolean mentions(Tokens tokens, MappedNames names) {
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.kind(token) == Tokens.STRING) {
        byte[] body =
            tokens
                .text(token)
                .replace('\'', ' ')
                .replace('$', ' ')
                .getBytes(StandardCharsets.UTF_8);
        if (new Lexer().lex(body, body.length).names(names)) {
          return true;
        }
      }
    }
    return false;
  }

  private Found statement(Text text, int statement, TranslatedShape shape, boolean named) {
    Tokens tokens = text.tokens();
    int first = tokens.statementStart(statement);
    int end = tokens.statementEnd(statement);
    StatementKind kind = tokens.statementKind(statement);
    if (ShapeOption.isSetBy(tokens, statement)) {
      return refused(
          text,
          statement,
          new ShapeError(
              "55P02",
              "parameter \"crossfade.shape\" cannot be set after connection start",
              "The shape of a session is part of its start-up options.",
              -1,
              null));
    }
    if (kind == StatementKind.EXECUTE && preparedWith >= 0 && preparedWith != shape.generation()) {
      return refused(
          text,
          statement,
          ShapeError.untranslated(
              "LENS_CHANGED",
              "a migration has changed since the statement was prepared; prepare it again",
              tokens.start(first)));
    }
    if (!named || isFreeOfTables(tokens, first, kind)) {
      return new Found.Nothing(kind == StatementKind.EXECUTE || tokens.isWord(first, "FETCH"));
    }
    InnerQuery query = InnerQuery.find(tokens, first, end, kind);
    return query(text, statement, query == null ? new InnerQuery(first, end, false) : query, shape);
  }

  private static boolean isFreeOfTables(Tokens tokens, int first, StatementKind kind) {
    return switch (kind) {
      case EMPTY,
          BEGIN,
          BEGIN_READ_ONLY,
          BEGIN_READ_ONLY_SNAPSHOT,
          COMMIT,
          ROLLBACK,
          SAVEPOINT,
          SET_SESSION,
          SET_LOCAL,
          RESET,
          DISCARD,
          DEALLOCATE,
          EXECUTE,
          SHOW ->
          true;
      case OTHER -> NO_TABLES.contains(tokens.identifier(first));
      case READ, PREPARE, EXPLAIN, COPY_FROM, COPY_TO, CALL_OR_DO, WRITE, DDL -> false;
    };
  }

  private Found query(Text text, int statement, InnerQuery query, TranslatedShape shape) {
    byte[] own = query.ofTable() ? ofTable(text, query) : text.slice(query);
    Tokens tokens = new Lexer().lex(own, own.length);
    if (!names(tokens, shape)) {
      return new Found.Nothing(false);
    }
    int start = text.tokens().start(query.first());
    ShapeError unfit = unfit(tokens, shape, start);
    if (unfit != null) {
      return refused(text, statement, unfit);
    }
    StatementKind kind = text.tokens().statementKind(statement);
    boolean whole =
        kind == StatementKind.READ
            || kind == StatementKind.WRITE
            || kind == StatementKind.COPY_FROM;
    int end = text.tokens().end(query.end() - 1);
    return switch (plans.find(shape, own, tokens, whole ? text.types() : NO_TYPES)) {
      case PlanState.Pending _ -> new Found.Unknown();
      case PlanState.Ready(ReadPlan plan) -> {
        if (kind == StatementKind.PREPARE) {
          preparedWith = shape.generation();
        }
        byte[] translated = plan.translation().apply(own, tokens);
        Replacement by =
            query.ofTable()
                ? new Replacement.Read(inParentheses(translated), null, null)
                : new Replacement.Read(
                    translated,
                    plan.translation(),
                    whole && shape.describes() ? plan.description() : null);
        int[] types = whole ? plan.parameterTypesThere() : text.types();
        yield replaced(text, new Rewriting.Part(statement, start, end, by), types);
      }
      case PlanState.Written(WritePlan plan) -> {
        boolean receives = receives(plan);
        if (!whole || receives && text.prepared()) {
          String why =
              receives ? "COPY FROM in the extended protocol" : text.tokens().text(query.first());
          yield refused(text, statement, ShapeError.untranslated("NOT_A_READ", why, start));
        }
        yield replaced(
            text,
            new Rewriting.Part(statement, start, end, write(text, own, tokens, plan, shape)),
            plan.parameterTypes());
      }
      case PlanState.Refused refusal -> refusal(text, statement, query, tokens, refusal);
      case PlanState.Movable _ ->
          throw new IllegalStateException("a plan of the old shape in a session of the new one");
    };
  }

  private static boolean receives(WritePlan plan) {
    return plan.translation().steps().stream().anyMatch(Step.Receive.class::isInstance);
  }

  private static Replacement write(
      Text text, byte[] own, Tokens tokens, WritePlan plan, TranslatedShape shape) {
    WriteTranslation translation = plan.translation();
    List<byte[]> steps = new ArrayList<>();
    for (Step step : translation.steps()) {
      steps.add(step.sql().apply(own, tokens));
    }
    byte[] last = steps.removeLast();
    return new Replacement.Write(
        steps,
        last,
        new Replacement.Reply(translation.answer(), shape.describes() ? plan.rows() : null),
        text.prepared(),
        null);
  }

  private Found replaced(Text text, Rewriting.Part part, int[] types) {
    boolean writable =
        isWritable(part.text())
            && isWritable(Arrays.copyOfRange(text.sql(), part.start(), part.end()));
    return writable
        ? new Found.Replaced(part, types)
        : refused(text, part.statement(), unreadable(part.start()));
  }

  private Found refusal(
      Text text, int statement, InnerQuery query, Tokens own, PlanState.Refused refusal) {
    if (refusal.code().equals("NOT_MAPPED")) {
      return new Found.Nothing(false);
    }
    int start = text.tokens().start(query.first());
    if (refusal.serverError() != null && !query.ofTable()) {
      return refused(text, statement, ShapeError.ofServer(refusal.serverError(), start));
    }
    boolean placed = refusal.token() >= 0 && refusal.token() < own.count() && !query.ofTable();
    int offset = start + (placed ? own.start(refusal.token()) : 0);
    return refused(
        text, statement, ShapeError.untranslated(refusal.code(), refusal.detail(), offset));
  }

  private @Nullable ShapeError unfit(Tokens tokens, TranslatedShape shape, int start) {
    for (Map.Entry<String, String> unready : shape.unready().entrySet()) {
      if (tokens.names(MappedNames.of(Set.of(unready.getKey())))) {
        // A new table whose migration is not in force stays; old's is waited for.
        return shape.describes()
            ? ShapeError.notInForce(unready.getValue(), unready.getKey())
            : ShapeError.untranslated(
                "NOT_IN_FORCE",
                "migration " + unready.getValue() + ", which writes " + unready.getKey(),
                start);
      }
    }
    if (!host.isReadable()) {
      return unreadable(start);
    }
    return path.covers(tokens, shape.names())
        ? null
        : ShapeError.untranslated(
            "SEARCH_PATH",
            "the session has changed search_path; write the table with its schema",
            start);
  }

  private static ShapeError unreadable(int start) {
    return ShapeError.untranslated(
        "ENCODING", "client_encoding or standard_conforming_strings of the session", start);
  }

  /** Whether the client's encoding writes the text as UTF-8 does. */
  private boolean isWritable(byte[] text) {
    if (host.encoding().charset().equals(StandardCharsets.UTF_8)) {
      return true;
    }
    for (byte b : text) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static Found refused(Text text, int statement, ShapeError error) {
    Tokens tokens = text.tokens();
    int start = tokens.start(tokens.statementStart(statement));
    int end = tokens.end(tokens.statementEnd(statement) - 1);
    return new Found.Replaced(
        new Rewriting.Part(statement, start, end, new Replacement.Refused(error)), NO_TYPES);
  }

  /** {@code table (columns)} as a query. */
  private static byte[] ofTable(Text text, InnerQuery query) {
    Tokens tokens = text.tokens();
    int open = query.first();
    while (open < query.end() && !tokens.isPunctuation(open, '(')) {
      open++;
    }
    byte[] sql = text.sql();
    String table =
        new String(
            sql,
            tokens.start(query.first()),
            tokens.end(open - 1) - tokens.start(query.first()),
            StandardCharsets.UTF_8);
    String columns = "*";
    if (open < query.end() - 1) {
      int from = tokens.end(open);
      int to = tokens.start(query.end() - 1);
      columns = new String(sql, from, to - from, StandardCharsets.UTF_8);
    }
    return ("SELECT " + columns + " FROM " + table).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] inParentheses(byte[] query) {
    byte[] text = new byte[query.length + 2];
    text[0] = '(';
    System.arraycopy(query, 0, text, 1, query.length);
    text[text.length - 1] = ')';
    return text;
  }
}
