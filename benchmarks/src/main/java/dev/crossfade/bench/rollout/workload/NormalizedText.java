package dev.crossfade.bench.rollout.workload;

import dev.crossfade.bench.rollout.workload.Hole.Column;
import dev.crossfade.bench.rollout.workload.Hole.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement of the inventory taken apart: words, and holes where literals and parameters were.
 * What a hole is compared with is read from the words beside it, which is right for the usual forms
 * ({@code a = $1}, {@code a BETWEEN $1 AND $2}, {@code a IN (...)}, {@code a = ANY ($1)}) and says
 * nothing of others.
 */
record NormalizedText(List<Piece> pieces) {
  private static final Pattern LITERAL = Pattern.compile("\\?[smbxc48n]");
  private static final Pattern PARAMETER = Pattern.compile("\\$[0-9]+");
  private static final Pattern NAME = Pattern.compile("[a-z_][\\w$]*|\"(?:[^\"]|\"\")+\"");
  private static final Set<String> COMPARISONS =
      Set.of("=", "<>", "!=", "<", ">", "<=", ">=", "like", "ilike", "~", "~*", "~~", "@>", "<@");
  private static final Set<String> BELOW = Set.of("<", "<=");
  private static final Set<String> ABOVE = Set.of(">", ">=");
  private static final Set<String> NO_ALIAS =
      Set.of(
          "as",
          "on",
          "using",
          "where",
          "join",
          "left",
          "right",
          "full",
          "inner",
          "cross",
          "natural",
          "group",
          "order",
          "limit",
          "offset",
          "having",
          "union",
          "set",
          "window",
          "fetch",
          "for",
          "and",
          "or",
          "not",
          "tablesample",
          "intersect",
          "except",
          "returning");

  /** A word as it stands, or a hole. */
  sealed interface Piece {
    /** Is sent as it stands. */
    record Word(String text) implements Piece {}

    /** Is sent with a value. */
    record Gap(Hole hole) implements Piece {}
  }

  NormalizedText {
    pieces = List.copyOf(pieces);
  }

  /**
   * @param columns of the tables that there are, by the table's name
   */
  static NormalizedText of(String text, Map<String, Set<String>> columns) {
    return new Reader(words(text), columns).read();
  }

  List<Hole> holes() {
    List<Hole> holes = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Gap gap) {
        holes.add(gap.hole());
      }
    }
    return holes;
  }

  /** Blanks part them, but for those in quoted names. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      if (c == ' ' && !quoted) {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    return words;
  }

  /** Reads one statement. */
  private record Reader(
      List<String> words, Map<String, Set<String>> columns, Map<String, String> aliases) {
    Reader(List<String> words, Map<String, Set<String>> columns) {
      this(words, columns, new HashMap<>());
    }

    NormalizedText read() {
      findTables();
      List<Piece> pieces = new ArrayList<>();
      Hole last = null;
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        boolean parameter = PARAMETER.matcher(word).matches();
        if (!parameter && !LITERAL.matcher(word).matches()) {
          pieces.add(new Piece.Word(word));
          continue;
        }
        last = hole(i, parameter, parameter ? '$' : word.charAt(1), last);
        pieces.add(new Piece.Gap(last));
      }
      return new NormalizedText(pieces);
    }

    /** Every name of a known table, with the alias behind it. */
    private void findTables() {
      for (int i = 0; i < words.size(); i++) {
        String name = plain(words.get(i));
        if (!columns.containsKey(name) || at(i + 1).equals(".")) {
          continue;
        }
        aliases.put(name, name);
        String next = at(i + 1).equals("as") ? at(i + 2) : at(i + 1);
        if (NAME.matcher(next).matches() && !NO_ALIAS.contains(next)) {
          aliases.put(plain(next), name);
        }
      }
    }

    private String at(int i) {
      return i >= 0 && i < words.size() ? words.get(i) : "";
    }

    private Hole hole(int i, boolean parameter, char type, @Nullable Hole last) {
      String before = at(i - 1);
      if (before.equals("limit") || before.equals("first") || before.equals("next")) {
        return new Hole(parameter, null, Use.LIMIT, type);
      }
      if (before.equals("offset")) {
        return new Hole(parameter, null, Use.OFFSET, type);
      }
      if (before.equals("between")) {
        return of(parameter, columnBefore(i - 1), Use.VALUE, type);
      }
      if (before.equals("and") && at(i - 3).equals("between") && last != null) {
        return of(parameter, last.column(), Use.RANGE_END, type);
      }
      if (before.equals("(") && (at(i - 2).equals("any") || at(i - 2).equals("all"))) {
        return of(parameter, columnBefore(i - 3), Use.ARRAY, type);
      }
      int list = listStart(i);
      if (list >= 0) {
        return of(parameter, columnBefore(list), Use.VALUE, type);
      }
      if (COMPARISONS.contains(before)) {
        Column column = columnBefore(i - 1);
        boolean ends =
            last != null
                && column != null
                && BELOW.contains(before)
                && column.equals(last.column())
                && ABOVE.contains(at(i - 5 - (at(i - 3).equals(".") ? 2 : 0)));
        return of(parameter, column, ends ? Use.RANGE_END : Use.VALUE, type);
      }
      if (COMPARISONS.contains(at(i + 1))) {
        return of(parameter, columnAfter(i + 2), Use.VALUE, type);
      }
      return new Hole(parameter, null, Use.CONSTANT, type);
    }

    private static Hole of(boolean parameter, @Nullable Column column, Use use, char type) {
      return new Hole(parameter, column, column == null ? Use.CONSTANT : use, type);
    }

    /** The word {@code in} ahead of a list of holes; -1 when it is none. */
    private int listStart(int i) {
      int at = i - 1;
      while (at > 0
          && (at(at).equals(",")
              || LITERAL.matcher(at(at)).matches()
              || PARAMETER.matcher(at(at)).matches())) {
        at--;
      }
      if (!at(at).equals("(") || !at(at - 1).equals("in")) {
        return -1;
      }
      return at(at - 2).equals("not") ? at - 2 : at - 1;
    }

    /** The column that ends ahead of a word, also as the only argument of a function. */
    private @Nullable Column columnBefore(int i) {
      int last = i - 1;
      if (at(last).equals(")") && NAME.matcher(at(last - 1)).matches()) {
        last--;
      }
      if (at(last - 1).equals(".")) {
        return column(at(last - 2), at(last));
      }
      return column("", at(last));
    }

    private @Nullable Column columnAfter(int i) {
      return at(i + 1).equals(".") ? column(at(i), at(i + 2)) : column("", at(i));
    }

    private @Nullable Column column(String table, String word) {
      if (!NAME.matcher(word).matches()) {
        return null;
      }
      String name = plain(word);
      if (!table.isEmpty()) {
        String known = aliases.get(plain(table));
        return known != null && columns.getOrDefault(known, Set.of()).contains(name)
            ? new Column(known, name)
            : null;
      }
      return aliases.values().stream()
          .distinct()
          .sorted()
          .filter(known -> columns.getOrDefault(known, Set.of()).contains(name))
          .findFirst()
          .map(known -> new Column(known, name))
          .orElse(null);
    }
  }

  private static String plain(String word) {
    return word.startsWith("\"") && word.length() > 1
        ? word.substring(1, word.length() - 1).replace("\"\"", "\"")
        : word.toLowerCase(Locale.ROOT);
  }
}
