package dev.crossfade.bench.differential;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement, or a part of one, that knows which of its parts it can do without: a failing one is
 * made small by leaving these out, without knowing SQL. Whether what remains is still valid, old
 * says.
 */
sealed interface Node {
  /** Text as it is, its blanks included. */
  record Words(String sql) implements Node {}

  /**
   * A parameter. Two with the same id are one parameter, and become one {@code $n}.
   *
   * @param text its value in text format; null is NULL
   */
  record Parameter(int id, @Nullable String text) implements Node {}

  /** One after the other, nothing between. */
  record Parts(List<Node> parts) implements Node {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** Can be left out. */
  record Extra(Node body) implements Node {}

  /** Some of these can be left out, but so many have to remain. */
  record Items(String separator, List<Node> items, int least) implements Node {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Any of the simpler ones can stand in its place. */
  record Choice(Node chosen, List<Node> simpler) implements Node {
    public Choice {
      simpler = List.copyOf(simpler);
    }
  }

  /** Of strings and nodes. */
  static Node of(Object... parts) {
    List<Node> nodes = new ArrayList<>();
    for (Object part : parts) {
      nodes.add(part instanceof Node node ? node : new Words(String.valueOf(part)));
    }
    return nodes.size() == 1 ? nodes.getFirst() : new Parts(nodes);
  }

  static Node extra(Object... parts) {
    return new Extra(of(parts));
  }

  static Node nothing() {
    return new Words("");
  }

  static Node list(List<Node> items, int least) {
    return new Items(", ", items, least);
  }

  /** All of them are needed. */
  static Node list(List<Node> items) {
    return new Items(", ", items, items.size());
  }

  /**
   * A statement as it is sent.
   *
   * @param sql with {@code $1} and so on
   * @param parameters their values in text format
   */
  record Statement(String sql, List<@Nullable String> parameters) {}

  /** With its parameters numbered in the order in which they appear. */
  default Statement statement() {
    StringBuilder sql = new StringBuilder();
    List<Parameter> parameters = new ArrayList<>();
    write(sql, parameters);
    List<@Nullable String> values = new ArrayList<>();
    for (Parameter parameter : parameters) {
      values.add(parameter.text());
    }
    return new Statement(sql.toString(), values);
  }

  private void write(StringBuilder sql, List<Parameter> parameters) {
    switch (this) {
      case Words(String text) -> sql.append(text);
      case Parameter parameter -> {
        if (!parameters.contains(parameter)) {
          parameters.add(parameter);
        }
        sql.append('$').append(parameters.indexOf(parameter) + 1);
      }
      case Parts(List<Node> parts) -> parts.forEach(part -> part.write(sql, parameters));
      case Extra(Node body) -> body.write(sql, parameters);
      case Choice(Node chosen, List<Node> _) -> chosen.write(sql, parameters);
      case Items(String separator, List<Node> items, int _) -> {
        for (int i = 0; i < items.size(); i++) {
          sql.append(i == 0 ? "" : separator);
          items.get(i).write(sql, parameters);
        }
      }
    }
  }
}
