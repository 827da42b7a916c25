package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.TableName;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names and values as SQL that means exactly them. */
final class Quoted {
  private Quoted() {}

  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String name(TableName table) {
    return name(table.schema()) + '.' + name(table.name());
  }

  static String literal(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /** All of them, separated by commas. */
  static String list(List<String> items, Function<String, String> each) {
    return items.stream().map(each).collect(Collectors.joining(", "));
  }
}
