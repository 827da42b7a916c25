package dev.crossfade.sql.lens;

import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Add;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Archive;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Drop;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Keep;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Rows;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.lens.TableShorthand.Split;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts columns of the first old table into further new tables, each with the key, which the query
 * for the old table joins. A table that has rows for some keys only must not lose what stands in
 * the others.
 */
final class SplitCompiler {
  private final Frame frame;
  private final Map<String, Part> parts = new HashMap<>();
  private final List<Part> all = new ArrayList<>();

  private record Part(Split split, Draft next, List<String> key) {
    boolean isOptional() {
      return !split.when().isEmpty();
    }
  }

  /**
   * @param newKey what the first new table's key columns are called
   */
  SplitCompiler(Frame frame, List<String> newKey) {
    this.frame = frame;
    for (Split split : frame.shorthand().beside().split()) {
      Draft next = frame.addNew(split.table(), false, split.place());
      if (next != null) {
        Part part = new Part(split, next, frame.key(split.key(), newKey, next));
        next.key(part.key());
        frame.requireUnique(next, part.key());
        all.add(part);
        split.columns().forEach(column -> take(column, part));
        part.split().when().forEach(column -> checkWhen(column, part));
      }
    }
  }

  private void take(SourceText column, Part part) {
    String name = column.text();
    if (frame.entity().contains(name)) {
      frame.problem(column.at(0), name + " is the key, which each part has; remove it");
    } else if (!frame.old().mayHave(name) && !isAdded(name)) {
      frame.problem(
          column.at(0),
          frame.old().table() + " has no column " + name + "; it has " + frame.old().columnNames());
    } else if (isGone(name)) {
      frame.problem(
          column.at(0), name + " is not a column of " + part.next().table() + "; remove it");
    } else {
      Part other = parts.putIfAbsent(name, part);
      if (other != null) {
        frame.problem(
            column.at(0), name + " goes to " + other.next().table() + " already; keep one");
      }
    }
  }

  private void checkWhen(SourceText column, Part part) {
    if (parts.get(column.text()) != part || isAdded(column.text())) {
      frame.problem(
          column.at(0), column.text() + " is no old column of this part; name one of its columns");
    }
  }

  /** Whether a column is in no table that a part could be. */
  private boolean isGone(String name) {
    ColumnShorthand column = shorthand(name);
    return column != null
        && switch (column.change()) {
          case Keep keep -> false;
          case Add add -> false;
          case Drop drop -> true;
          case Archive archive -> true;
          case Rows rows -> true;
        };
  }

  private boolean isAdded(String name) {
    ColumnShorthand column = shorthand(name);
    return column != null && column.change() instanceof Add;
  }

  private @Nullable ColumnShorthand shorthand(String name) {
    for (ColumnShorthand column : frame.shorthand().columns()) {
      if (column.column().equals(name)) {
        return column;
      }
    }
    return null;
  }

  /** Columns of old that are named by parts. */
  List<String> named() {
    List<String> named = new ArrayList<>();
    all.forEach(part -> part.split().columns().forEach(column -> named.add(column.text())));
    return named;
  }

  /** Where a column goes that a part takes; null when none does. */
  ColumnCompiler.@Nullable Target target(String column) {
    Part part = parts.get(column);
    if (part == null) {
      return null;
    }
    String present =
        part.isOptional() ? part.next().column(part.key().getFirst()) + " IS NOT NULL" : null;
    return new ColumnCompiler.Target(part.next(), present, null);
  }

  /** Completes the queries of the parts and joins them to the old table's. */
  void finish(List<String> newKey, List<SourceText> keyValues) {
    for (Part part : all) {
      Draft next = part.next();
      List<String> columns = part.key().stream().map(next::column).toList();
      for (int i = 0; i < columns.size() && i < keyValues.size(); i++) {
        next.fill(part.key().get(i), keyValues.get(i), next.place());
      }
      next.from(frame.old().reference());
      if (part.isOptional()) {
        next.where(anyIsThere(part.split()));
        part.split().columns().forEach(column -> checkKept(column, part));
      }
      frame.joinPart(
          "LEFT JOIN "
              + next.reference()
              + " ON "
              + Frame.equal(columns, newKey.stream().map(frame.next()::column).toList()));
      next.checkUp("add it to the part's columns, and under columns with add: true and a default");
    }
  }

  private String anyIsThere(Split split) {
    Draft old = frame.old();
    List<String> tests =
        split.when().stream().map(column -> old.column(column.text()) + " IS NOT NULL").toList();
    return tests.size() == 1 ? tests.getFirst() : '(' + String.join(" OR ", tests) + ')';
  }

  private void checkKept(SourceText column, Part part) {
    String name = column.text();
    Set<String> when = new HashSet<>();
    part.split().when().forEach(test -> when.add(test.text()));
    ColumnShorthand shorthand = shorthand(name);
    boolean added = shorthand != null && shorthand.change() instanceof Add;
    if (added || when.contains(name)) {
      return;
    }
    boolean accepted = shorthand != null && shorthand.lossy();
    boolean filled =
        shorthand != null && shorthand.change() instanceof Keep keep && keep.absent().isPresent();
    if (!accepted) {
      frame.problem(
          column.at(0),
          name
              + " is lost where "
              + part.next().table()
              + " has no row; add it to when, or accept it with lossy: true under columns");
    } else if (!filled && frame.old().isRequired(name)) {
      frame.problem(
          column.at(0),
          name
              + " may not be NULL in "
              + frame.old().table()
              + "; give it a default for where "
              + part.next().table()
              + " has no row");
    }
  }
}
