package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Moments;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Feature;
import dev.crossfade.sql.parse.StatementOutline.Name;
import dev.crossfade.sql.parse.StatementOutline.Output;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.yaml.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An {@code up} or {@code down} query that was found to be one plain SELECT over tables of its
 * side.
 *
 * @param sql with every table qualified by its schema; without a semicolon
 * @param columns names of its output, in order
 * @param tables that it reads
 */
record LensQuery(String sql, List<String> columns, Set<TableName> tables) {
  LensQuery {
    columns = List.copyOf(columns);
    tables = Set.copyOf(tables);
  }

  /** Reads queries of one side and collects what is wrong with them. */
  static final class Reader {
    private final SqlParser parser;
    private final @Nullable Catalog catalog;
    private final String side;
    private final List<Problem> problems;

    /**
     * @param catalog of the side whose tables the queries read; without it all tables and functions
     *     are taken for right
     * @param side its name for messages; empty when no database was asked
     */
    Reader(SqlParser parser, @Nullable Catalog catalog, String side, List<Problem> problems) {
      this.parser = parser;
      this.catalog = catalog;
      this.side = side;
      this.problems = problems;
    }

    /** Null, with problems added, when the query is not usable. */
    @Nullable LensQuery read(MappedQuery query) {
      int before = problems.size();
      byte[] text = query.sql().getBytes(StandardCharsets.UTF_8);
      Tokens tokens = new Lexer().lex(text, text.length);
      StatementOutline outline = outline(query, text, tokens);
      if (outline == null) {
        return null;
      }
      List<String> columns = columns(query, outline, tokens);
      checkContents(query, outline, tokens);
      Set<TableName> tables = new LinkedHashSet<>();
      List<Splice> splices = new ArrayList<>();
      for (Table table : outline.tables()) {
        TableName name = tableName(query, table, tokens.start(table.first()));
        if (name != null) {
          tables.add(name);
          splices.add(qualified(table, name));
        }
      }
      if (problems.size() > before) {
        return null;
      }
      return new LensQuery(text(text, tokens, splices), columns, tables);
    }

    private @Nullable StatementOutline outline(MappedQuery query, byte[] text, Tokens tokens) {
      if (!tokens.wellFormed()) {
        problem(query, tokens.malformedAt(), "a quote, comment or parenthesis is not closed");
        return null;
      }
      if (tokens.statementCount() != 1) {
        int second = tokens.statementCount() == 0 ? 0 : tokens.start(tokens.statementStart(1));
        problem(query, second, tokens.statementCount() + " statements; one SELECT is needed");
        return null;
      }
      return switch (parser.parse(text, tokens)) {
        case SqlParser.Result.Parsed parsed -> parsed.outline();
        case SqlParser.Result.Write ignored ->
            throw new IllegalStateException("a query was asked for");
        case SqlParser.Result.Failed failed -> {
          problem(
              query,
              failed.offset(),
              "not valid SQL near \""
                  + near(query.sql(), failed.offset())
                  + "\"; one SELECT is needed");
          yield null;
        }
        case SqlParser.Result.TooLarge large -> {
          problem(query, 0, "too long; it has " + large.detail());
          yield null;
        }
        case SqlParser.Result.TooCostly costly -> {
          problem(
              query,
              costly.offset(),
              "too costly to parse near \""
                  + near(query.sql(), costly.offset())
                  + "\"; simplify it");
          yield null;
        }
        case SqlParser.Result.TooDeep deep -> {
          problem(
              query,
              deep.offset(),
              "nested too deeply near \"" + near(query.sql(), deep.offset()) + "\"; simplify it");
          yield null;
        }
      };
    }

    private static String near(String sql, int byteOffset) {
      if (byteOffset >= sql.getBytes(StandardCharsets.UTF_8).length) {
        return "the end";
      }
      byte[] text = sql.getBytes(StandardCharsets.UTF_8);
      int from = Math.min(byteOffset, text.length);
      int to = Math.min(from + 30, text.length);
      return new String(text, from, to - from, StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    }

    private List<String> columns(MappedQuery query, StatementOutline outline, Tokens tokens) {
      List<String> columns = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (Output output : outline.output()) {
        String name = output.name();
        int start = tokens.start(output.token());
        if (output.star()) {
          problem(query, start, "* may mean other columns tomorrow; name the columns");
        } else if (name == null) {
          String where = near(query.sql(), start);
          problem(
              query,
              start,
              "the column at \"" + where + "\" has no certain name; give it one with AS");
        } else if (seen.add(name)) {
          columns.add(name);
        } else {
          problem(query, start, "column " + name + " is given twice; keep one");
        }
      }
      return columns;
    }

    private void checkContents(MappedQuery query, StatementOutline outline, Tokens tokens) {
      for (Feature feature : outline.features()) {
        String wrong = wrong(feature.kind());
        if (wrong != null) {
          int start = tokens.start(feature.token());
          problem(query, start, wrong + " (at \"" + near(query.sql(), start) + "\")");
        }
      }
      for (int token = 0; token < tokens.count(); token++) {
        if (Moments.mayMean(tokens, token)) {
          problem(
              query,
              tokens.start(token),
              tokens.text(token)
                  + " may mean another moment each time; a lens depends on rows only");
        }
      }
      for (Name function : outline.functions()) {
        Set<String> steady =
            catalog == null ? Set.of(function.parts().getLast()) : catalog.steadyFunctions();
        if (SteadyNames.function(function.parts(), steady) != null) {
          String name = String.join(".", function.parts());
          String where = side.isEmpty() ? "" : " on " + side;
          problem(
              query,
              tokens.start(function.token()),
              "function " + name + " is not built in and steady" + where + "; use one that is");
        }
      }
    }

    private static @Nullable String wrong(StatementOutline.FeatureKind kind) {
      return switch (kind) {
        case WRITE -> "it writes; a lens only reads";
        case LOCK -> "it locks rows; remove the locking clause";
        case INTO -> "SELECT INTO makes a table; remove INTO";
        case TABLESAMPLE -> "TABLESAMPLE leaves rows out; remove it";
        case SERVER_VALUE -> "it depends on who asks; a lens depends on rows only";
        case CLOCK -> "it depends on when it is asked; a lens depends on rows only";
        case QUALIFIED_OPERATOR, UNUSUAL ->
            "not supported in a lens; use plain operators and functions";
        case PARAMETER -> "a lens has no parameters; use literals";
        case NO_SELECT -> "not a SELECT; write SELECT with named columns";
      };
    }

    private @Nullable TableName tableName(MappedQuery query, Table table, int start) {
      List<String> parts = table.parts();
      String written = String.join(".", parts);
      if (parts.size() > 2) {
        problem(query, start, written + " names a database; name or schema.name is right");
        return null;
      }
      TableName name =
          parts.size() == 1
              ? new TableName("public", written)
              : new TableName(parts.getFirst(), parts.getLast());
      if (catalog != null && catalog.table(name).isEmpty()) {
        problem(
            query,
            start,
            side + " has no table " + name + "; it has " + Sql.nearest(name, catalog));
        return null;
      }
      return name;
    }

    private static Splice qualified(Table table, TableName name) {
      String command = table.command() ? "TABLE " : "";
      String only = table.only() ? "ONLY " : "";
      byte[] text = (command + only + Sql.quote(name)).getBytes(StandardCharsets.UTF_8);
      return new Splice(table.first(), table.end(), text);
    }

    /** Comments in front and behind are left out: one at the end would swallow what follows. */
    private static String text(byte[] text, Tokens tokens, List<Splice> splices) {
      int start = tokens.start(tokens.statementStart(0));
      int behind = tokens.textLength() - tokens.end(tokens.statementEnd(0) - 1);
      byte[] spliced = new Translation(tokens.count(), splices).apply(text, tokens);
      return new String(spliced, start, spliced.length - start - behind, StandardCharsets.UTF_8);
    }

    private void problem(MappedQuery query, int offset, String message) {
      problems.add(query.query().at(offset).problem(message));
    }
  }
}
