package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline.From;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The query at the end of a WITH: the rows that the client asks for, or how many there are. */
final class Returning {
  private final Request request;
  private final Span list;

  Returning(Request request, Span list) {
    this.request = request;
    this.list = list;
  }

  /** Whether the client gets rows. */
  static Answer kind(Request request, String tag) {
    return request.outline().returning() == null ? new Answer.Count(tag) : new Answer.Rows(tag);
  }

  static SqlText count(Request request, String rows) {
    return request.text().add(" SELECT count(*) FROM " + rows);
  }

  /**
   * @param rows a query whose columns are the table's
   */
  SqlText of(String rows) {
    return request
        .text()
        .add(" SELECT ")
        .add(list)
        .add(" FROM (" + rows + ") AS " + request.alias());
  }

  /**
   * @param hit its rows have, beside what {@code columns} needs, whole rows of the items behind the
   *     table as crossfade_item_1 and so on
   * @param columns a select list that gives the table's columns
   */
  SqlText of(String hit, String columns, From more) {
    String items =
        IntStream.range(0, more.qualifiers().size())
            .mapToObj(
                i ->
                    ", LATERAL (SELECT (crossfade_row.crossfade_item_"
                        + ((i + 1) + ").*) AS ")
                        + Sql.quote(more.qualifiers().get(i)))
            .collect(Collectors.joining());
    return request
        .text()
        .add(" SELECT ")
        .add(withoutStars(more))
        .add(" FROM " + hit + " AS crossfade_row, LATERAL (SELECT " + columns + ") AS ")
        .add(request.alias() + items);
  }

  /** A bare star means the columns of the table and of its items, not of what they come from. */
  private SqlText withoutStars(From more) {
    List<String> all = new ArrayList<>();
    all.add(request.alias() + ".*");
    more.qualifiers().forEach(qualifier -> all.add(Sql.quote(qualifier) + ".*"));
    Tokens tokens = request.tokens();
    SqlText text = request.text();
    int depth = 0;
    int from = list.first();
    for (int token = list.first(); token < list.end(); token++) {
      depth += tokens.isPunctuation(token, '(') ? 1 : tokens.isPunctuation(token, ')') ? -1 : 0;
      boolean star =
          depth == 0
              && tokens.text(token).equals("*")
              && (token == list.first() || tokens.isPunctuation(token - 1, ','));
      if (star) {
        if (token > from) {
          text.add(new Span(from, token)).add(" ");
        }
        text.add(String.join(", ", all));
        from = token + 1;
      }
    }
    return from < list.end() ? text.add(" ").add(new Span(from, list.end())) : text;
  }

  /** Elements of a select list, each behind a comma. */
  static String items(From more) {
    StringBuilder items = new StringBuilder();
    int number = 0;
    for (String qualifier : more.qualifiers()) {
      items
          .append(", ")
          .append(Sql.quote(qualifier))
          .append(" AS crossfade_item_")
          .append(++number);
    }
    return items.toString();
  }
}
