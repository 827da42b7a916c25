package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A statement with what logs its rows.
 *
 * @param movesKeys it may give a key another value
 * @param where its condition, if it does so and has one
 */
record LoggedStatement(
    WriteOutline outline, Watched found, Tokens tokens, boolean movesKeys, @Nullable Span where) {
  WriteTranslation counted() {
    SqlText sql =
        begin("AS (")
            .add(" RETURNING " + notes() + ") SELECT pg_catalog.count(*) FROM crossfade_w");
    return WriteTranslation.of(new Answer.Count(tag()), sql.build(tokens.count()));
  }

  WriteTranslation returning(List<String> columns) {
    String names =
        IntStream.rangeClosed(0, columns.size())
            .mapToObj(i -> "crossfade_" + i)
            .collect(Collectors.joining(", ", "(", ") AS ("));
    String selected =
        IntStream.rangeClosed(1, columns.size())
            .mapToObj(i -> "crossfade_" + i + " AS " + Sql.quote(columns.get(i - 1)))
            .collect(Collectors.joining(", ", ") SELECT ", " FROM crossfade_w"));
    Span list = outline.returning();
    SqlText sql = begin(names).add(" RETURNING " + notes() + ", ");
    if (list != null) {
      sql.add(list);
    }
    return WriteTranslation.of(new Answer.Rows(tag()), sql.add(selected).build(tokens.count()));
  }

  /** All of it up to its RETURNING. */
  private SqlText begin(String head) {
    int from = tokens.statementStart(0);
    SqlText sql = new SqlText(List.of());
    WriteOutline.With with = outline.with();
    if (with == null) {
      sql.add("WITH crossfade_w " + head);
    } else {
      sql.add(new Span(from, with.queries().end())).add(", crossfade_w " + head);
      from = with.queries().end();
    }
    Span list = outline.returning();
    int end = list == null ? tokens.statementEnd(0) : list.first() - 1;
    if (!movesKeys) {
      return sql.add(new Span(from, end));
    }
    if (where == null) {
      return sql.add(new Span(from, end)).add(" WHERE " + notes());
    }
    return sql.add(new Span(from, where.first())).add(" (").add(where).add(") AND " + notes());
  }

  /** One value, of one row. */
  private String notes() {
    String row = Sql.quote(outline.target().qualifier());
    List<String> calls = new ArrayList<>();
    found
        .keyed()
        .forEach(
            (note, key) ->
                calls.add(
                    key.stream()
                        .map(column -> row + '.' + Sql.quote(column) + "::pg_catalog.text")
                        .collect(Collectors.joining(", ", note + "(ARRAY[", "])"))));
    found.whole().forEach(note -> calls.add(note + "()"));
    return calls.stream().sorted().collect(Collectors.joining(" AND ", "(", ")"));
  }

  private String tag() {
    return switch (outline) {
      case WriteOutline.Insert ignored -> "INSERT 0";
      case WriteOutline.Update ignored -> "UPDATE";
      case WriteOutline.Delete ignored -> "DELETE";
      case WriteOutline.Merge ignored -> "MERGE";
    };
  }
}
