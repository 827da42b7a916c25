package dev.crossfade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What translation must know of a statement: which tables, columns, functions and types it names
 * and where. Flat, in the order of the text; nested queries included. Places are indexes of {@link
 * Tokens}.
 *
 * @param output the select list of the statement's first plain SELECT
 * @param equalities {@code name = value} that the whole WHERE of a top-level SELECT depends on
 * @param groupings every GROUP BY that is a plain list
 */
public record StatementOutline(
    List<Table> tables,
    List<Column> columns,
    List<Name> functions,
    List<Name> types,
    List<Name> collations,
    List<Feature> features,
    List<Output> output,
    List<Equality> equalities,
    List<Grouping> groupings) {
  public StatementOutline {
    tables = List.copyOf(tables);
    columns = List.copyOf(columns);
    functions = List.copyOf(functions);
    types = List.copyOf(types);
    collations = List.copyOf(collations);
    features = List.copyOf(features);
    output = List.copyOf(output);
    equalities = List.copyOf(equalities);
    groupings = List.copyOf(groupings);
  }

  /**
   * A reference to a relation; names that a WITH gives are none.
   *
   * @param parts one to three, as the catalog spells them
   * @param first where it begins, a TABLE keyword included
   * @param end behind it: behind the name, or behind a {@code *} after it
   * @param alias null when it has none
   * @param columnAliases whether it renames columns
   * @param only whether ONLY stands before it
   * @param command whether it is the command {@code TABLE name}
   * @param topLevel whether it stands in the FROM of the outermost SELECT
   */
  public record Table(
      List<String> parts,
      int first,
      int end,
      @Nullable String alias,
      boolean columnAliases,
      boolean only,
      boolean command,
      boolean topLevel) {
    public Table {
      parts = List.copyOf(parts);
    }

    /** What qualifies its columns. */
    public String qualifier() {
      return alias == null ? parts.getLast() : alias;
    }
  }

  /**
   * A reference to a column, or to a whole row.
   *
   * @param parts as the catalog spells them
   * @param star whether {@code .*} follows
   * @param expands whether the star stands where it becomes columns rather than a row
   */
  public record Column(List<String> parts, boolean star, boolean expands, int token) {
    public Column {
      parts = List.copyOf(parts);
    }
  }

  /** A possibly qualified name. */
  public record Name(List<String> parts, int token) {
    public Name {
      parts = List.copyOf(parts);
    }
  }

  /** Something that needs more than names to be judged. */
  public record Feature(FeatureKind kind, int token) {}

  /** See {@link Feature}. */
  public enum FeatureKind {
    /** INSERT, UPDATE, DELETE or MERGE, at the top or in a WITH. */
    WRITE,
    /** FOR UPDATE, FOR SHARE. */
    LOCK,
    /** SELECT INTO. */
    INTO,
    TABLESAMPLE,
    /** CURRENT_USER and its like, which look like columns. */
    SERVER_VALUE,
    /** CURRENT_DATE and its like, and age() of one moment, which counts from today. */
    CLOCK,
    /** OPERATOR(schema.+). */
    QUALIFIED_OPERATOR,
    PARAMETER,
    /** VALUES or TABLE as the outermost query. */
    NO_SELECT,
    /** XML, MERGE_ACTION() and others whose meaning depends on more than their arguments. */
    UNUSUAL
  }

  /**
   * An element of a select list.
   *
   * @param name null when the statement does not say what its column will be called
   * @param star whether it stands for many columns
   */
  public record Output(@Nullable String name, boolean star, int token) {}

  /**
   * The GROUP BY of a SELECT, nested or not; one with ROLLUP, CUBE or GROUPING SETS is none.
   *
   * @param by the BY of GROUP BY
   * @param columns those elements that are names of columns, as the catalog spells them
   * @param tables first tokens of the relations in the FROM of the same SELECT
   * @param tablesOnly whether that FROM has nothing else, such as functions and queries
   */
  public record Grouping(
      int by, List<List<String>> columns, List<Integer> tables, boolean tablesOnly) {
    public Grouping {
      columns = List.copyOf(columns);
      tables = List.copyOf(tables);
    }
  }

  /**
   * @param parameter counted from 1; 0 when the value is a literal
   * @param token of a literal value; -1 when it is a parameter
   */
  public record Equality(List<String> column, int parameter, int token) {
    public Equality {
      column = List.copyOf(column);
    }
  }
}
