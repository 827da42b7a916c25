package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.command.CommandReader;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.postgresql.plan.WritePlan;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.WriteTranslation.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the writes of watched tables what logs them. Whatever else a client says goes on as it
 * came; a write that cannot be logged is not run.
 */
final class CaptureRewriter implements TextReader {
  private static final int[] NO_TYPES = {};

  private final Supplier<TranslatedShape> watched;
  private final ShapeHost host;
  private final QueryPlans plans;
  private final SearchPath path;
  private final Lexer lexer = new Lexer();

  /** Whether PREPARE, as an SQL statement, may have been given a write that is not logged. */
  private boolean preparesWrites;

  CaptureRewriter(
      Supplier<TranslatedShape> watched, ShapeHost host, SearchPath path, boolean preparesWrites) {
    this.watched = watched;
    this.host = host;
    this.path = path;
    this.plans = new QueryPlans(host);
    this.preparesWrites = preparesWrites;
  }

  @Override
  public int generation() {
    return watched.get().generation();
  }

  @Override
  public void abandon() {
    plans.settled();
  }

  @Override
  public ShapeError refusal(String code, String detail) {
    return ShapeError.uncaptured(code, detail, -1);
  }

  @Override
  public @Nullable Map<String, String> explain(byte[] sql) {
    Tokens tokens = lexer.lex(sql, sql.length);
    return switch (read(new Text(sql, NO_TYPES, false, tokens))) {
      case Reading.Unknown _ -> null;
      case Reading.AsIs _ -> Map.of();
      case Reading.Changed(Rewriting rewriting) -> rewriting.explain();
    };
  }

  @Override
  public Reading read(byte[] sql, int[] types, boolean prepared) {
    Tokens tokens = lexer.lex(sql, sql.length);
    if (CommandReader.read(tokens) != null || prepared && tokens.statementCount() > 1) {
      return new Reading.AsIs(false);
    }
    Reading reading = read(new Text(sql, types, prepared, tokens));
    if (!(reading instanceof Reading.Unknown)) {
      path.sent(tokens);
      plans.settled();
    }
    return reading;
  }

  /**
   * @param prepared of a Parse frame
   */
  private record Text(byte[] sql, int[] types, boolean prepared, Tokens tokens) {}

  private Reading read(Text text) {
    TranslatedShape shape = watched.get();
    Tokens tokens = text.tokens();
    if (shape.plans() == null) {
      // Whatever is prepared now is not logged when it is executed later.
      preparesWrites |= prepares(tokens);
      return new Reading.AsIs(false);
    }
    List<Rewriting.Part> parts = new ArrayList<>();
    int[] types = text.types();
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      switch (statement(text, statement, shape)) {
        case Found.Nothing _ -> {
          // It goes on as it came.
        }
        case Found.Replaced(Rewriting.Part part, int[] fixed) -> {
          parts.add(part);
          types = fixed;
        }
        case Found.Unknown _ -> {
          return new Reading.Unknown();
        }
      }
    }
    return parts.isEmpty()
        ? new Reading.AsIs(false)
        : new Reading.Changed(new Rewriting(text.sql(), parts, types));
  }

  /** What becomes of one statement of a text. */
  private sealed interface Found {
    record Nothing() implements Found {}

    record Replaced(Rewriting.Part part, int[] types) implements Found {}

    record Unknown() implements Found {}
  }

  private static boolean prepares(Tokens tokens) {
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      if (tokens.statementKind(statement) == StatementKind.PREPARE && tokens.mayWrite()) {
        return true;
      }
    }
    return false;
  }

  private Found statement(Text text, int statement, TranslatedShape shape) {
    Tokens tokens = text.tokens();
    int first = tokens.statementStart(statement);
    int end = tokens.statementEnd(statement);
    StatementKind kind = tokens.statementKind(statement);
    if (tokens.isWord(first, "TRUNCATE") && tokens.isWord(end - 1, "CASCADE")) {
      return refused(
          text,
          statement,
          "TRUNCATE_CASCADE",
          "it may empty watched tables; name them all instead");
    }
    if (kind == StatementKind.EXECUTE && preparesWrites) {
      return refused(
          text,
          statement,
          "PREPARED_BEFORE",
          "it may write, and was prepared before changes were logged; connect again");
    }
    boolean concerns =
        tokens.names(shape.names(), statement)
            || kind == StatementKind.CALL_OR_DO && mentions(tokens, first, end, shape.names());
    if (!concerns) {
      return new Found.Nothing();
    }
    return switch (kind) {
      case WRITE, COPY_FROM -> write(text, statement, new InnerQuery(first, end, false), shape);
      case READ ->
          mentionsWrite(tokens, first, end)
              ? write(text, statement, new InnerQuery(first, end, false), shape)
              : new Found.Nothing();
      case PREPARE, EXPLAIN, COPY_TO -> inner(text, statement, kind, shape);
      case CALL_OR_DO ->
          tokens.isWord(first, "DO")
              ? refused(
                  text, statement, "DO", "it names a watched table; send its statements themselves")
              : new Found.Nothing();
      default -> new Found.Nothing();
    };
  }

  /** A statement inside another: nothing is added to it, so it must not write. */
  private Found inner(Text text, int statement, StatementKind kind, TranslatedShape shape) {
    Tokens tokens = text.tokens();
    int first = tokens.statementStart(statement);
    int end = tokens.statementEnd(statement);
    boolean only = kind == StatementKind.EXPLAIN && !explainRuns(tokens, first, end);
    if (only || !mentionsWrite(tokens, first, end)) {
      return new Found.Nothing();
    }
    InnerQuery query = InnerQuery.find(tokens, first, end, kind);
    if (query == null || query.ofTable()) {
      return new Found.Nothing();
    }
    Found found = write(text, statement, query, shape);
    return found instanceof Found.Replaced(Rewriting.Part part, int[] _)
            && part.by() instanceof Replacement.Write
        ? refused(
            text,
            statement,
            "INSIDE_ANOTHER",
            "a write inside " + tokens.text(first) + "; send it by itself")
        : found;
  }

  private static boolean explainRuns(Tokens tokens, int first, int end) {
    for (int token = first + 1; token < end; token++) {
      if (tokens.isWord(token, "ANALYZE") || tokens.isWord(token, "ANALYSE")) {
        return true;
      }
    }
    return false;
  }

  private static boolean mentionsWrite(Tokens tokens, int first, int end) {
    for (int token = first; token < end; token++) {
      if (tokens.isWord(token, "INSERT")
          || tokens.isWord(token, "UPDATE")
          || tokens.isWord(token, "DELETE")
          || tokens.isWord(token, "MERGE")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a string, such as the body of a DO, has one of the names in it. */
  private static boolean mentions(Tokens tokens, int first, int end, MappedNames names) {
    for (int token = first; token < end; token++) {
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

  private Found write(Text text, int statement, InnerQuery query, TranslatedShape shape) {
    Tokens all = text.tokens();
    int start = all.start(query.first());
    int end = all.end(query.end() - 1);
    byte[] own =
        start == 0 && end == text.sql().length
            ? text.sql()
            : Arrays.copyOfRange(text.sql(), start, end);
    Tokens tokens = new Lexer().lex(own, own.length);
    boolean whole = all.statementKind(statement) != StatementKind.PREPARE;
    PlanState found = plans.find(shape, own, tokens, whole ? text.types() : NO_TYPES);
    return switch (found) {
      case PlanState.Pending _ -> new Found.Unknown();
      case PlanState.Written(WritePlan plan) -> {
        String unfit = unfit(tokens, own, shape);
        yield unfit == null
            ? new Found.Replaced(
                new Rewriting.Part(statement, start, end, captured(text, own, tokens, plan)),
                plan.parameterTypes())
            : refused(text, statement, "SESSION", unfit);
      }
      case PlanState.Refused refusal -> refusal(text, statement, start, tokens, refusal);
      case PlanState.Ready _, PlanState.Movable _ ->
          throw new IllegalStateException("a plan of another shape");
    };
  }

  private static Replacement captured(Text text, byte[] own, Tokens tokens, WritePlan plan) {
    List<Step> all = plan.translation().steps();
    List<byte[]> steps = new ArrayList<>();
    for (Step step : all) {
      steps.add(step.sql().apply(own, tokens));
    }
    byte[] last = steps.removeLast();
    return new Replacement.Write(
        steps,
        last,
        new Replacement.Reply(plan.translation().answer(), null),
        text.prepared(),
        all.getLast().sql());
  }

  private Found refusal(
      Text text, int statement, int start, Tokens own, PlanState.Refused refusal) {
    if (refusal.code().equals(NOT_WATCHED)) {
      return new Found.Nothing();
    }
    if (refusal.serverError() != null) {
      return replaced(text, statement, ShapeError.ofServer(refusal.serverError(), start));
    }
    boolean placed = refusal.token() >= 0 && refusal.token() < own.count();
    int offset = start + (placed ? own.start(refusal.token()) : 0);
    return replaced(
        text, statement, ShapeError.uncaptured(refusal.code(), refusal.detail(), offset));
  }

  /** The code of a plan that changes nothing of its statement. */
  static final String NOT_WATCHED = "NOT_MAPPED";

  /** Why the session's own state keeps a statement from being understood; null: it does not. */
  private @Nullable String unfit(Tokens tokens, byte[] own, TranslatedShape shape) {
    if (!host.isReadable() || !isWritable(own)) {
      return "client_encoding or standard_conforming_strings of the session";
    }
    return path.covers(tokens, shape.names())
        ? null
        : "the session has changed search_path; write the table with its schema";
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

  private static Found refused(Text text, int statement, String code, String detail) {
    int offset = text.tokens().start(text.tokens().statementStart(statement));
    return replaced(text, statement, ShapeError.uncaptured(code, detail, offset));
  }

  private static Found replaced(Text text, int statement, ShapeError error) {
    Tokens tokens = text.tokens();
    int start = tokens.start(tokens.statementStart(statement));
    int end = tokens.end(tokens.statementEnd(statement) - 1);
    return new Found.Replaced(
        new Rewriting.Part(statement, start, end, new Replacement.Refused(error)), NO_TYPES);
  }
}
