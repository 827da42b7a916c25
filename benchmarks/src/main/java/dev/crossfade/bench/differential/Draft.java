package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.differential.Scope.Column;
import dev.crossfade.bench.differential.Scope.Named;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One statement while it is written: its chances, its names, and what it contains so far. */
final class Draft {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final int MOST_QUERIES = 9;

  private final SplittableRandom random;
  private final DataSet data;
  private final Set<Construct> constructs = EnumSet.noneOf(Construct.class);
  private final Deque<CommonTable> commonTables = new ArrayDeque<>();
  private int names;
  private int parameters;
  private int queries;
  private int mappedTables;

  /** A query of a WITH that can be named now. */
  record CommonTable(String name, List<Column> columns) {
    CommonTable {
      columns = List.copyOf(columns);
    }
  }

  Draft(SplittableRandom random, DataSet data) {
    this.random = random;
    this.data = data;
  }

  /** Whether something that happens in so many of a hundred cases happens. */
  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** The same, and if so the statement contains it. */
  boolean chance(int percent, Construct construct) {
    boolean happens = chance(percent);
    if (happens) {
      uses(construct);
    }
    return happens;
  }

  int number(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  @SafeVarargs
  final <T> T pick(T... from) {
    return from[random.nextInt(from.length)];
  }

  <T> List<T> shuffled(List<T> items) {
    List<T> shuffled = new ArrayList<>(items);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      shuffled.set(i, shuffled.set(random.nextInt(i + 1), shuffled.get(i)));
    }
    return shuffled;
  }

  void uses(Construct construct) {
    constructs.add(construct);
  }

  Set<Construct> constructs() {
    return constructs;
  }

  DataSet data() {
    return data;
  }

  /** A name that no other thing of the statement has. */
  String name(String prefix) {
    names++;
    if (chance(6, Construct.QUOTED_NAME)) {
      return pick("Übersicht ", "select ", "x\"y", "Mixed") + names;
    }
    return prefix + names;
  }

  /** A name as it is written: quoted where it must be, and now and then where it need not be. */
  String written(String name) {
    if (PLAIN.matcher(name).matches() && !chance(3, Construct.QUOTED_NAME)) {
      return name;
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A column as it is written, qualified where it must be. */
  Node column(Named named) {
    if (named.outside()) {
      uses(Construct.CORRELATED);
    }
    String name = written(named.column().name());
    return named.bare() && chance(45)
        ? Node.of(name)
        : Node.of(written(named.source().qualifier()) + '.' + name);
  }

  Node parameter(@Nullable String text) {
    uses(Construct.PARAMETER);
    return new Node.Parameter(parameters++, text);
  }

  /** Whether one more query may stand inside the statement. */
  boolean mayNest(int depth) {
    return depth > 0 && queries < MOST_QUERIES;
  }

  void query() {
    queries++;
  }

  void mappedTable() {
    mappedTables++;
  }

  boolean readsMappedTables() {
    return mappedTables > 0;
  }

  Deque<CommonTable> commonTables() {
    return commonTables;
  }

  /** The query of a WITH that a name means; null when it means a table. */
  @Nullable CommonTable commonTable(String name) {
    for (CommonTable table : commonTables) {
      if (table.name().equals(name)) {
        return table;
      }
    }
    return null;
  }

  /** Text as a literal. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
