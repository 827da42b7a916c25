package dev.crossfade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an INSERT, UPDATE, DELETE or MERGE. What it names anywhere, its nested queries
 * included, is in the {@link StatementOutline} that comes with it; the table that it writes is only
 * here.
 */
public sealed interface WriteOutline {
  Target target();

  /** Null when it begins without. */
  @Nullable With with();

  /** The list behind RETURNING; null when no rows are asked for. */
  @Nullable Span returning();

  /** Tokens from {@code first} to before {@code end}: {@link Tokens} indexes. */
  record Span(int first, int end) {
    public Span {
      if (first < 0 || end <= first) {
        throw new IllegalArgumentException("a span has at least one token");
      }
    }
  }

  /**
   * The table that is written.
   *
   * @param parts its name as the catalog spells it, one to three
   * @param token where it stands
   * @param alias null when it has none
   */
  record Target(List<String> parts, int token, @Nullable String alias, boolean only) {
    public Target {
      parts = List.copyOf(parts);
    }

    /** What qualifies its columns. */
    public String qualifier() {
      return alias == null ? parts.getLast() : alias;
    }
  }

  /**
   * A WITH in front.
   *
   * @param queries everything between WITH, or RECURSIVE, and the word that says what is written
   */
  record With(boolean recursive, Span queries) {}

  /**
   * A value that is given.
   *
   * @param span null: DEFAULT
   */
  record Cell(@Nullable Span span) {}

  /** What one or several columns become. */
  sealed interface Assignment {
    /** In the order of the values. */
    List<String> columns();

    /** {@code (a, b) = (1, DEFAULT)} and {@code a = 1}. */
    record Values(List<String> columns, List<Cell> values) implements Assignment {
      public Values {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
      }
    }

    /**
     * {@code (a, b) = (SELECT ...)}.
     *
     * @param query with its parentheses
     */
    record Query(List<String> columns, Span query) implements Assignment {
      public Query {
        columns = List.copyOf(columns);
      }
    }
  }

  /** Where an INSERT takes its rows from. */
  sealed interface Source {
    record Rows(List<List<Cell>> rows) implements Source {
      public Rows {
        rows = rows.stream().map(List::copyOf).toList();
      }
    }

    record Query(Span span) implements Source {}

    /** DEFAULT VALUES. */
    record Defaults() implements Source {}
  }

  /**
   * ON CONFLICT.
   *
   * @param columns that it infers a unique index from; empty when it names none
   * @param constraint null when it names none
   * @param predicate whether it names more than columns: expressions, operator classes, a WHERE
   * @param update null: DO NOTHING
   */
  record Conflict(
      List<String> columns,
      @Nullable String constraint,
      boolean predicate,
      @Nullable Change update) {
    public Conflict {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A SET with its condition.
   *
   * @param where null when all rows are meant
   */
  record Change(List<Assignment> set, @Nullable Span where) {
    public Change {
      set = List.copyOf(set);
    }
  }

  /**
   * Further items of a FROM or USING.
   *
   * @param items all of them, with commas
   * @param qualifiers the names that their columns can be qualified with
   */
  record From(Span items, List<String> qualifiers) {
    public From {
      qualifiers = List.copyOf(qualifiers);
    }
  }

  /**
   * @param columns empty when the statement names none: all of the table, in its order
   * @param overriding whether OVERRIDING stands in it
   */
  record Insert(
      Target target,
      @Nullable With with,
      List<String> columns,
      boolean overriding,
      Source source,
      @Nullable Conflict conflict,
      @Nullable Span returning)
      implements WriteOutline {
    public Insert {
      columns = List.copyOf(columns);
    }
  }

  /**
   * @param from null when only the table itself is read
   */
  record Update(
      Target target,
      @Nullable With with,
      Change change,
      @Nullable From from,
      @Nullable Span returning)
      implements WriteOutline {}

  /**
   * @param using null when only the table itself is read
   * @param where null when all rows are deleted
   */
  record Delete(
      Target target,
      @Nullable With with,
      @Nullable From using,
      @Nullable Span where,
      @Nullable Span returning)
      implements WriteOutline {}

  /**
   * @param on the condition
   * @param clauses tried in order; the first that fits a row is taken
   */
  record Merge(
      Target target,
      @Nullable With with,
      From using,
      Span on,
      List<Clause> clauses,
      @Nullable Span returning)
      implements WriteOutline {
    public Merge {
      clauses = List.copyOf(clauses);
    }
  }

  /**
   * WHEN of a MERGE.
   *
   * @param condition null when there is no AND
   */
  record Clause(boolean matched, @Nullable Span condition, MergeAction action) {}

  /** THEN of a MERGE. */
  sealed interface MergeAction {
    record Nothing() implements MergeAction {}

    record Delete() implements MergeAction {}

    record Update(List<Assignment> set) implements MergeAction {
      public Update {
        set = List.copyOf(set);
      }
    }

    /**
     * @param values empty: DEFAULT VALUES
     */
    record Insert(List<String> columns, List<Cell> values) implements MergeAction {
      public Insert {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
      }
    }
  }
}
