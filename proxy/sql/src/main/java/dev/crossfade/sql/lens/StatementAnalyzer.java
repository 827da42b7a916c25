package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.MappedTables.Mapped;
import dev.crossfade.sql.lens.StatementAnalysis.Doubts;
import dev.crossfade.sql.lens.StatementAnalysis.Refused;
import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Equality;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a statement in the old shape can be read from new, and how; or one in the new
 * shape from old.
 *
 * <p>An unqualified table is looked up in {@code public}: do not ask about sessions whose
 * search_path says otherwise. Any number of threads, none of them an event loop: it parses.
 */
public final class StatementAnalyzer {
  /** Longer names are cut by the server, and two of them may then be one. */
  private static final int MAX_NAME_BYTES = 63;

  private final SqlParser parser = SqlParser.shared();
  private final MappedTables mapped;
  private final Catalog catalog;
  private final Place place;
  private final Map<String, MappedNames> namesByMigration = new HashMap<>();

  /**
   * @param old the catalog of the old side
   * @throws IllegalArgumentException when two lenses map one table
   */
  public StatementAnalyzer(Collection<CompiledLens> lenses, Catalog old) {
    this(lenses, old, Place.BESIDE);
  }

  /**
   * @param place where the translation runs
   */
  private StatementAnalyzer(Collection<CompiledLens> lenses, Catalog old, Place place) {
    this.place = place;
    this.mapped = new MappedTables(lenses, old);
    this.catalog = old;
    for (CompiledLens lens : lenses) {
      Set<String> names = new HashSet<>();
      for (TableName table : lens.oldTables()) {
        names.add(table.name());
      }
      namesByMigration.put(lens.migration(), MappedNames.of(names));
    }
  }

  /**
   * For sessions that speak the new shape while old is the authority: new tables become their up
   * queries.
   *
   * @param target the catalog of the new side
   * @throws IllegalArgumentException when two lenses write one table
   */
  public static StatementAnalyzer ofNewShape(Collection<CompiledLens> lenses, Catalog target) {
    return new StatementAnalyzer(mirrored(lenses), target, Place.HOME);
  }

  /**
   * For sessions that speak the old shape while new, another server, is the authority.
   *
   * @param old the catalog of the old side
   */
  public static StatementAnalyzer ofOldShapeOnNew(Collection<CompiledLens> lenses, Catalog old) {
    return new StatementAnalyzer(lenses, old, Place.AUTHORITY);
  }

  /**
   * The same for what a statement that writes reads, where each value has to be the same however
   * often it is asked for.
   */
  public static StatementAnalyzer ofNewShapeForWrites(
      Collection<CompiledLens> lenses, Catalog target) {
    return new StatementAnalyzer(mirrored(lenses), target, Place.BESIDE);
  }

  private static List<CompiledLens> mirrored(Collection<CompiledLens> lenses) {
    return lenses.stream().map(CompiledLens::mirrored).toList();
  }

  /** Bare names of all mapped tables: a statement that names none of them need not be analysed. */
  public MappedNames mappedNames() {
    return MappedNames.of(mapped.bareNames());
  }

  public Map<String, MappedNames> mappedNamesByMigration() {
    return Map.copyOf(namesByMigration);
  }

  /**
   * @param sql the text of one statement; a semicolon may follow it
   */
  public StatementAnalysis analyze(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    if (text.length > SqlParser.MAX_BYTES) {
      return new Refused(Refusal.TOO_LARGE, 0, text.length + " bytes");
    }
    Tokens tokens = new Lexer().lex(text, text.length);
    Refused unfit = checkTokens(tokens);
    if (unfit != null) {
      return unfit;
    }
    return switch (parser.parse(text, tokens)) {
      case SqlParser.Result.Parsed parsed -> analyze(parsed.outline(), tokens);
      case SqlParser.Result.Write ignored ->
          throw new IllegalStateException("a query was asked for");
      case SqlParser.Result.Failed failed -> failed(failed, tokens);
      case SqlParser.Result.TooLarge large -> new Refused(Refusal.TOO_LARGE, 0, large.detail());
      case SqlParser.Result.TooDeep deep ->
          new Refused(Refusal.TOO_DEEP, deep.offset(), "nested too deeply");
      case SqlParser.Result.TooCostly costly ->
          new Refused(Refusal.TOO_DEEP, costly.offset(), "too costly to parse");
    };
  }

  /** The parser knows queries only; a WITH may lead to something else. */
  private static Refused failed(SqlParser.Result.Failed failed, Tokens tokens) {
    for (int token = 1; token < tokens.count(); token++) {
      boolean writes =
          tokens.isPunctuation(token - 1, ')')
              && (tokens.isWord(token, "INSERT")
                  || tokens.isWord(token, "UPDATE")
                  || tokens.isWord(token, "DELETE")
                  || tokens.isWord(token, "MERGE"));
      if (writes) {
        return new Refused(Refusal.NOT_A_READ, tokens.start(token), tokens.text(token));
      }
    }
    return new Refused(Refusal.PARSE_FAILED, failed.offset(), failed.detail());
  }

  private static @Nullable Refused checkTokens(Tokens tokens) {
    if (!tokens.wellFormed()) {
      return new Refused(Refusal.PARSE_FAILED, 0, "a quote, comment or parenthesis is not closed");
    }
    if (tokens.statementCount() > 1) {
      return new Refused(
          Refusal.MULTIPLE_STATEMENTS,
          tokens.start(tokens.statementStart(1)),
          "a second statement");
    }
    if (tokens.kind() != StatementKind.READ) {
      return new Refused(Refusal.NOT_A_READ, 0, tokens.count() == 0 ? "nothing" : tokens.text(0));
    }
    for (int token = 0; token < tokens.count(); token++) {
      boolean quoted = tokens.kind(token) == Tokens.QUOTED_IDENTIFIER;
      if (quoted || tokens.kind(token) == Tokens.IDENTIFIER) {
        int length = tokens.end(token) - tokens.start(token) - (quoted ? 2 : 0);
        if (length > MAX_NAME_BYTES || quoted && !tokens.text(token).startsWith("\"")) {
          return new Refused(
              Refusal.UNSUPPORTED_SYNTAX, tokens.start(token), "a long or escaped identifier");
        }
      }
    }
    return null;
  }

  private StatementAnalysis analyze(StatementOutline outline, Tokens tokens) {
    Refused refused = new ReadRules(mapped, catalog, outline, tokens, place).check(true);
    if (refused != null) {
      return refused;
    }
    List<Splice> splices = splices(outline);
    splices.addAll(new QualifiedColumns(mapped, outline, tokens).splices());
    List<Splice> dependent = new DependentColumns(mapped, outline, tokens).splices();
    Translation grouped = null;
    if (!dependent.isEmpty()) {
      dependent.addAll(splices);
      grouped = inOrder(tokens, dependent);
    }
    return new Translatable(
        migrations(outline),
        inOrder(tokens, splices),
        pin(outline),
        new Doubts(
            grouped,
            new MomentConstants(tokens).probe(),
            new RowTypes(mapped, outline).mayDiffer()));
  }

  private static Translation inOrder(Tokens tokens, List<Splice> splices) {
    splices.sort(Comparator.comparingInt(Splice::first));
    return new Translation(tokens.count(), splices);
  }

  /**
   * Why what a statement names can not be read from new with nothing but {@link #splices}, and
   * without asking the servers; null when it can.
   */
  public @Nullable Refused check(StatementOutline outline, Tokens tokens) {
    return new ReadRules(mapped, catalog, outline, tokens, place).check(false);
  }

  /** The migrations whose tables it reads. */
  public Set<String> migrations(StatementOutline outline) {
    Set<String> migrations = new HashSet<>();
    for (Table table : outline.tables()) {
      Mapped found = mapped.find(table);
      if (found != null) {
        migrations.add(found.lens().migration());
      }
    }
    return migrations;
  }

  /** What stands in the place of each mapped table that is read, in the order of the text. */
  public List<Splice> splices(StatementOutline outline) {
    List<Splice> splices = new ArrayList<>();
    for (Table table : outline.tables()) {
      Mapped found = mapped.find(table);
      if (found != null) {
        splices.add(splice(table, found));
      }
    }
    return splices;
  }

  private static Splice splice(Table table, Mapped found) {
    StringBuilder text = new StringBuilder();
    if (table.command()) {
      text.append("SELECT * FROM ");
    }
    text.append(found.substitution());
    if (table.alias() == null) {
      text.append(" AS ").append(Sql.quote(table.qualifier()));
    }
    return new Splice(table.first(), table.end(), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable EntityPin pin(StatementOutline outline) {
    for (Equality equality : outline.equalities()) {
      if (pins(equality, outline)) {
        boolean alone =
            outline.tables().stream().filter(table -> mapped.find(table) != null).count() == 1;
        return new EntityPin(equality.parameter(), equality.token(), alone);
      }
    }
    return null;
  }

  /** Whether the column is the whole key of a table in the outermost FROM. */
  private boolean pins(Equality equality, StatementOutline outline) {
    List<String> column = equality.column();
    boolean known = equality.parameter() > 0 || equality.token() >= 0;
    for (Table table : outline.tables()) {
      Mapped found = mapped.find(table);
      if (found == null || !known || !table.topLevel() || table.columnAliases()) {
        continue;
      }
      boolean named =
          column.size() == 1 || column.size() == 2 && column.getFirst().equals(table.qualifier());
      if (named && found.entity().equals(List.of(column.getLast()))) {
        return true;
      }
    }
    return false;
  }
}
