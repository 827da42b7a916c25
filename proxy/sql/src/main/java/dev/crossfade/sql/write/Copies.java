package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Source;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.parse.WriteOutline.Target;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import dev.crossfade.sql.write.WriteTranslation.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * COPY from and to the client. What comes in is collected in a temporary table of the client's
 * shape, which the server checks as it would check the real one, and is inserted from there.
 */
final class Copies {
  private static final String STAGE = "pg_temp.crossfade_copy";

  private final byte[] text;
  private final Tokens tokens;
  private final Words words;
  private final Found found;

  /**
   * @param found finds the tables that it names
   */
  Copies(byte[] text, Tokens tokens, Found found) {
    this.text = text;
    this.tokens = tokens;
    this.words = new Words(tokens);
    this.found = found;
  }

  WriteTranslation translate(
      SqlParser parser, StatementAnalyzer reads, Function<WriteTarget, Defaults> defaults)
      throws RefusedException {
    words.take("COPY");
    int first = words.at();
    Span query = words.parenthesised();
    if (query != null) {
      return out(text().add("(").add(translated(parser, reads, query)).add(") TO "));
    }
    Target name = words.table();
    if (name == null) {
      throw new RefusedException(Refusal.UNSUPPORTED_SYNTAX, first, "no table and no query");
    }
    WriteTarget target = found.table(name);
    List<String> named = words.names();
    List<String> columns =
        named == null ? target.shape().columns().stream().map(ColumnShape::name).toList() : named;
    if (words.take("FROM")) {
      return in(target, columns, defaults.apply(target));
    }
    String list = Effect.columns("d.", columns);
    return out(text().add("(SELECT " + list + " FROM " + target.rows() + " AS d) TO "));
  }

  private SqlText text() {
    return new SqlText(List.of());
  }

  private WriteTranslation out(SqlText source) throws RefusedException {
    if (!words.take("TO") || !words.take("STDOUT")) {
      throw unusual("only FROM STDIN and TO STDOUT");
    }
    SqlText sql = text().add("COPY ").add(source).add("STDOUT");
    Span options = words.rest();
    if (options != null) {
      sql.add(" ").add(options);
    }
    return WriteTranslation.of(new Answer.AsItIs(), sql.build(tokens.count()));
  }

  private RefusedException unusual(String detail) {
    int token = Math.min(words.at(), tokens.count() - 1);
    return new RefusedException(Refusal.UNSUPPORTED_SYNTAX, token, detail);
  }

  /** A query in the middle of the text, its tables replaced. */
  private SqlText translated(SqlParser parser, StatementAnalyzer reads, Span query)
      throws RefusedException {
    int from = tokens.start(query.first());
    int to = tokens.end(query.end() - 1);
    byte[] inner = Arrays.copyOfRange(text, from, to);
    Tokens innerTokens = new Lexer().lex(inner, inner.length);
    if (innerTokens.count() != query.end() - query.first()
        || !(parser.parse(inner, innerTokens) instanceof SqlParser.Result.Parsed parsed)) {
      throw new RefusedException(Refusal.PARSE_FAILED, query.first(), "not a query that is known");
    }
    StatementOutline outline = parsed.outline();
    StatementAnalysis.Refused refused = reads.check(outline, innerTokens);
    if (refused != null) {
      throw new RefusedException(refused.reason(), query.first(), refused.detail());
    }
    found.add(reads.migrations(outline));
    List<Splice> splices = new ArrayList<>();
    for (Splice splice : reads.splices(outline)) {
      int shift = query.first();
      splices.add(new Splice(splice.first() + shift, splice.end() + shift, splice.text()));
    }
    return new SqlText(splices).add(query);
  }

  private WriteTranslation in(WriteTarget target, List<String> columns, Defaults defaults)
      throws RefusedException {
    if (!words.take("STDIN")) {
      throw unusual("only FROM STDIN and TO STDOUT");
    }
    String reason = target.ties().againstInsert();
    if (!reason.isEmpty()) {
      throw new RefusedException(Refusal.NOT_WRITABLE, tokens.statementStart(0), reason);
    }
    Span options = words.rest();
    for (int token = options == null ? tokens.count() : options.first();
        options != null && token < options.end();
        token++) {
      if (tokens.isWord(token, "WHERE")) {
        throw new RefusedException(Refusal.UNSUPPORTED_SYNTAX, token, "COPY with WHERE");
      }
    }
    for (String column : columns) {
      if (target.shape().column(column).isEmpty()) {
        throw unusual("no column " + Sql.quote(column));
      }
    }
    String names = Effect.columns("", columns);
    String rows = "SELECT " + names + " FROM " + target.rows() + " AS d WITH NO DATA";
    SqlText receive = text().add("COPY " + STAGE + " (" + names + ") FROM STDIN");
    if (options != null) {
      receive.add(" ").add(options);
    }
    List<Step> steps = new ArrayList<>();
    steps.add(run("DROP TABLE IF EXISTS " + STAGE));
    steps.add(run("CREATE TEMPORARY TABLE crossfade_copy ON COMMIT DROP AS " + rows));
    steps.add(new Step.Receive(receive.build(tokens.count())));
    insert(target, columns, defaults).forEach(sql -> steps.add(run(sql)));
    return new WriteTranslation(steps, new Answer.Count("COPY"));
  }

  private Step run(String sql) {
    return new Step.Run(text().add(sql).build(tokens.count()));
  }

  /** An INSERT of everything that was collected. */
  private List<String> insert(WriteTarget target, List<String> columns, Defaults defaults)
      throws RefusedException {
    byte[] query = ("SELECT * FROM " + STAGE).getBytes(StandardCharsets.UTF_8);
    Tokens queryTokens = new Lexer().lex(query, query.length);
    Span all = new Span(0, queryTokens.count());
    Target name =
        new Target(
            List.of(target.shape().name().schema(), target.shape().name().name()), 0, null, false);
    WriteOutline.Insert insert =
        new WriteOutline.Insert(name, null, columns, false, new Source.Query(all), null, null);
    Request request = new Request(insert, target, queryTokens, new SqlText(List.of()), defaults);
    List<String> statements = new ArrayList<>();
    for (Step step : Inserts.insert(request, insert).steps()) {
      statements.add(new String(step.sql().apply(query, queryTokens), StandardCharsets.UTF_8));
    }
    return statements;
  }
}
