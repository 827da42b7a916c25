package dev.crossfade.sql.write;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Feature;
import dev.crossfade.sql.parse.StatementOutline.FeatureKind;
import dev.crossfade.sql.parse.StatementOutline.Name;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Assignment;
import dev.crossfade.sql.parse.WriteOutline.Change;
import dev.crossfade.sql.parse.WriteOutline.Conflict;
import dev.crossfade.sql.parse.WriteOutline.MergeAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a statement that writes a mapped table can be carried out where the data is, and
 * how. What is not certain is refused.
 *
 * <p>An unqualified table is looked up in {@code public}. Any number of threads, none of them an
 * event loop: it parses.
 */
public final class WriteAnalyzer {
  private static final String DEFAULT_SCHEMA = "public";

  private final SqlParser parser = SqlParser.shared();
  private final StatementAnalyzer reads;
  private final Set<String> steadyFunctions;
  private final Map<TableName, WriteTarget> targets = new HashMap<>();

  /**
   * @param reads judges what such a statement reads, of the same lenses in the same direction
   * @param client the catalog of the side whose shape the client speaks
   */
  public WriteAnalyzer(Collection<Shapes> lenses, StatementAnalyzer reads, Catalog client) {
    this.reads = reads;
    this.steadyFunctions = client.steadyFunctions();
    for (Shapes shapes : lenses) {
      for (TableName table : shapes.client().keySet()) {
        targets.put(table, new WriteTarget(shapes, table, parser));
      }
    }
    References references = new References(targets, client);
    targets.values().forEach(target -> target.tie(references.ties(target)));
  }

  /**
   * @param sql the text of one statement; a semicolon may follow it
   */
  public WriteAnalysis analyze(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    if (text.length > SqlParser.MAX_BYTES) {
      return refused(Refusal.TOO_LARGE, 0, text.length + " bytes");
    }
    Tokens tokens = new Lexer().lex(text, text.length);
    if (!tokens.wellFormed()) {
      return refused(Refusal.PARSE_FAILED, 0, "a quote, comment or parenthesis is not closed");
    }
    if (tokens.statementCount() != 1) {
      return refused(Refusal.MULTIPLE_STATEMENTS, 0, "not one statement");
    }
    int first = tokens.statementStart(0);
    if (tokens.isWord(first, "TRUNCATE")) {
      return command(tokens, found -> Truncates.truncate(tokens, found));
    }
    if (tokens.isWord(first, "COPY")) {
      return command(
          tokens,
          found -> new Copies(text, tokens, found).translate(parser, reads, this::defaults));
    }
    SqlParser.Result parsed =
        tokens.isWord(first, "SELECT")
            ? parser.parse(text, tokens)
            : parser.parseWrite(text, tokens);
    return switch (parsed) {
      case SqlParser.Result.Write(WriteOutline outline, StatementOutline names) ->
          analyze(outline, names, tokens);
      case SqlParser.Result.Parsed(StatementOutline names) -> locking(names, tokens);
      case SqlParser.Result.Failed failed ->
          refused(Refusal.PARSE_FAILED, failed.offset(), failed.detail());
      case SqlParser.Result.TooLarge large -> refused(Refusal.TOO_LARGE, 0, large.detail());
      case SqlParser.Result.TooDeep deep ->
          refused(Refusal.TOO_DEEP, deep.offset(), "nested too deeply");
      case SqlParser.Result.TooCostly costly ->
          refused(Refusal.TOO_DEEP, costly.offset(), "too costly to parse");
    };
  }

  /** Translates what the words of a statement say. */
  private interface Translator {
    WriteTranslation translate(Found found) throws RefusedException;
  }

  private WriteAnalysis command(Tokens tokens, Translator translator) {
    Found found = new Found(this::find);
    try {
      WriteTranslation translation = translator.translate(found);
      return new WriteAnalysis.Written(found.migrations(), translation);
    } catch (RefusedException e) {
      return refused(e.reason(), tokens.start(e.token()), e.detail());
    }
  }

  private WriteAnalysis locking(StatementOutline names, Tokens tokens) {
    boolean locks =
        names.features().stream().anyMatch(feature -> feature.kind() == FeatureKind.LOCK);
    if (!locks) {
      return refused(Refusal.UNSUPPORTED_SYNTAX, 0, "it writes nothing");
    }
    StatementAnalysis.Refused unreadable =
        reads.check(without(names, names.tables(), names.functions()), tokens);
    if (unreadable != null) {
      return new WriteAnalysis.Refused(unreadable);
    }
    LockingReads read = new LockingReads(tokens, names);
    return command(tokens, found -> read.translate(reads, found, this::defaults));
  }

  private WriteAnalysis analyze(WriteOutline outline, StatementOutline names, Tokens tokens) {
    int at = tokens.start(outline.target().token());
    if (outline.target().only() || hasNestedWrite(names)) {
      return refused(Refusal.UNSUPPORTED_SYNTAX, at, "ONLY, or a WITH that writes, too");
    }
    StatementAnalysis.Refused unreadable = reads.check(asRead(outline, names), tokens);
    if (unreadable != null) {
      return new WriteAnalysis.Refused(unreadable);
    }
    return command(
        tokens,
        found -> {
          WriteTarget target = found.table(outline.target());
          found.add(reads.migrations(names));
          SqlText empty = new SqlText(reads.splices(names));
          Request request = new Request(outline, target, tokens, empty, defaults(target));
          checkTies(request);
          Optional<WriteTranslation> direct = Directs.translate(request, names);
          return direct.isPresent() ? direct.get() : translate(request);
        });
  }

  private static void checkTies(Request request) throws RefusedException {
    Ties ties = request.target().ties();
    String reason =
        switch (request.outline()) {
          case WriteOutline.Insert insert -> {
            Conflict conflict = insert.conflict();
            Change change = conflict == null ? null : conflict.update();
            String against = change == null ? "" : against(ties, change.set());
            yield against.isEmpty() ? ties.againstInsert() : against;
          }
          case WriteOutline.Update update -> against(ties, update.change().set());
          case WriteOutline.Delete ignored -> ties.againstRemoval(List.of());
          case WriteOutline.Merge merge ->
              merge.clauses().stream()
                  .map(clause -> against(ties, clause.action()))
                  .filter(against -> !against.isEmpty())
                  .findFirst()
                  .orElse("");
        };
    if (!reason.isEmpty()) {
      throw request.refuse(reason);
    }
  }

  private static String against(Ties ties, MergeAction action) {
    return switch (action) {
      case MergeAction.Update(List<Assignment> set) -> against(ties, set);
      case MergeAction.Delete() -> ties.againstRemoval(List.of());
      case MergeAction.Insert ignored -> ties.againstInsert();
      case MergeAction.Nothing() -> "";
    };
  }

  private static String against(Ties ties, List<Assignment> set) {
    return ties.againstUpdate(
        set.stream().flatMap(assignment -> assignment.columns().stream()).toList());
  }

  private Defaults defaults(WriteTarget target) {
    return new Defaults(parser, steadyFunctions, target);
  }

  private static WriteTranslation translate(Request request) throws RefusedException {
    return switch (request.outline()) {
      case WriteOutline.Insert insert -> Inserts.insert(request, insert);
      case WriteOutline.Update update -> Changes.update(request, update);
      case WriteOutline.Delete delete -> Changes.delete(request, delete);
      case WriteOutline.Merge merge -> Merges.merge(request, merge);
    };
  }

  private @Nullable WriteTarget find(WriteOutline.Target target) {
    List<String> parts = target.parts();
    return switch (parts.size()) {
      case 1 -> targets.get(new TableName(DEFAULT_SCHEMA, parts.getFirst()));
      case 2 -> targets.get(new TableName(parts.getFirst(), parts.getLast()));
      default -> null;
    };
  }

  private static boolean hasNestedWrite(StatementOutline names) {
    return names.features().stream().filter(feature -> feature.kind() == FeatureKind.WRITE).count()
        > 1;
  }

  /**
   * What the statement names, as if it were a read of the table that it writes: without that it
   * writes, and, where each row is made once, without what may give another value each time.
   */
  private static StatementOutline asRead(WriteOutline outline, StatementOutline names) {
    boolean once = outline instanceof WriteOutline.Insert insert && insert.conflict() == null;
    List<Table> tables = new ArrayList<>(names.tables());
    WriteOutline.Target target = outline.target();
    int end = target.token() + 2 * target.parts().size() - 1;
    tables.add(
        new Table(target.parts(), target.token(), end, target.alias(), false, false, false, false));
    List<Name> functions =
        names.functions().stream()
            .filter(function -> !Defaults.isFresh(function.parts()) || !once && isRandom(function))
            .toList();
    return without(names, tables, functions);
  }

  /** Features that make a statement no read are left out: here it need not be one. */
  private static StatementOutline without(
      StatementOutline names, List<Table> tables, List<Name> functions) {
    List<Feature> features =
        names.features().stream()
            .filter(feature -> feature.kind() != FeatureKind.WRITE)
            .filter(feature -> feature.kind() != FeatureKind.LOCK)
            .filter(feature -> feature.kind() != FeatureKind.CLOCK)
            .toList();
    return new StatementOutline(
        tables,
        names.columns(),
        functions,
        names.types(),
        names.collations(),
        features,
        names.output(),
        names.equalities(),
        names.groupings());
  }

  /** Another value for every row; the time of day is one for a transaction. */
  private static boolean isRandom(Name function) {
    return !Set.of("now", "transaction_timestamp").contains(function.parts().getLast());
  }

  private static WriteAnalysis.Refused refused(Refusal reason, int offset, String detail) {
    return new WriteAnalysis.Refused(new StatementAnalysis.Refused(reason, offset, detail));
  }
}
