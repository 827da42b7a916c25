package dev.crossfade.sql.lens;

import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Archive;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Rows;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.lens.TableShorthand.Merge;
import dev.crossfade.sql.lens.TableShorthand.Presence;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the columns of further old tables into the first new one. What tells which old row exists is
 * a column of new, or that another one is not null: so the rows of each old table come back, and
 * only these.
 */
final class MergeCompiler {
  private final Frame frame;
  private final SqlPieces pieces;
  private final UuidKeys uuids;
  private final List<Merged> merged = new ArrayList<>();

  /**
   * A table that is merged.
   *
   * @param columns its key, as queries over old name it
   * @param join what joins it to those in front of it
   */
  private record Merged(
      Merge merge, Draft old, List<String> key, List<String> columns, String join) {}

  /** Finds the tables, so that columns of the first one can be told what the key is. */
  MergeCompiler(Frame frame, SqlPieces pieces, UuidKeys uuids) {
    this.frame = frame;
    this.pieces = pieces;
    this.uuids = uuids;
    List<String> firsts = frame.entity().stream().map(frame.old()::column).toList();
    List<String> keys = new ArrayList<>(firsts);
    List<List<String>> all = new ArrayList<>();
    firsts.forEach(first -> all.add(new ArrayList<>(List.of(first))));
    for (Merge merge : frame.shorthand().beside().merge()) {
      Draft old = frame.addOld(merge.table(), true, merge.place());
      if (old == null) {
        continue;
      }
      List<String> key = frame.key(merge.key(), frame.entity(), old);
      frame.requireUnique(old, key);
      List<String> columns = key.stream().map(old::column).toList();
      String join =
          (isFull() ? "FULL JOIN " : "LEFT JOIN ")
              + old.reference()
              + " ON "
              + Frame.equal(columns, keys);
      merged.add(new Merged(merge, old, key, columns, join));
      for (int i = 0; i < keys.size() && isFull(); i++) {
        all.get(i).add(columns.get(i));
        keys.set(i, "COALESCE(" + String.join(", ", all.get(i)) + ')');
        frame.mergedKey(frame.entity().get(i), keys.get(i));
      }
    }
  }

  /** Whether any of the tables may have the row, rather than the first one for certain. */
  private boolean isFull() {
    return frame.shorthand().beside().present().isPresent();
  }

  /** What holds in a query over old where the first table has the row; null when it always has. */
  @Nullable String firstIsThere() {
    return isFull() && !frame.entity().isEmpty()
        ? frame.old().column(frame.entity().getFirst()) + " IS NOT NULL"
        : null;
  }

  /** Completes the first new table's query, and makes those of the merged tables. */
  void compile() {
    frame.next().from(frame.old().reference());
    merged.forEach(this::compile);
    SourceText present = frame.shorthand().beside().present().orElse(null);
    String there = firstIsThere();
    if (present != null && merged.isEmpty()) {
      frame.problem(present.place(), "no table is merged, so every row is there; remove it");
    } else if (present != null && there != null) {
      fillPresent(present, there);
      frame.old().where(frame.next().column(present.text()));
    }
  }

  private void compile(Merged table) {
    Draft old = table.old();
    old.key(table.key());
    for (int i = 0; i < table.key().size(); i++) {
      SourceText value = frame.old().value(frame.entity().get(i));
      if (value != null) {
        old.fill(table.key().get(i), value, table.merge().place());
      }
    }
    frame.next().from(table.join());
    Presence presence = table.merge().presence();
    boolean optional = presence.column().isPresent() || !presence.when().isEmpty();
    String there = table.columns().getFirst() + " IS NOT NULL";
    fill(table.merge(), old, table.key(), optional ? there : null);
    presence(table.merge(), old, there);
    if (isFull() && !optional) {
      frame.problem(
          old.place(),
          "rows of new may come from "
              + frame.old().table()
              + " alone; tell with present or when where this table has one");
    }
    frame.fromNew(old);
  }

  private void fill(Merge merge, Draft old, List<String> key, @Nullable String there) {
    ColumnCompiler columns =
        new ColumnCompiler(
            frame,
            old,
            pieces,
            uuids,
            column -> new ColumnCompiler.Target(frame.next(), null, there));
    List<String> named = merge.presence().when().stream().map(SourceText::text).toList();
    columns.compile(merge.columns(), named, key);
    for (ColumnShorthand column : columns.left()) {
      if (column.change() instanceof Archive || column.change() instanceof Rows) {
        frame.problem(
            column.place(),
            "only columns of " + frame.old().table() + " can be kept in another table");
      }
    }
  }

  private void presence(Merge merge, Draft old, String there) {
    merge
        .presence()
        .column()
        .ifPresent(
            column -> {
              fillPresent(column, there);
              old.where(frame.next().column(column.text()));
            });
    List<String> tests = new ArrayList<>();
    boolean certain = !frame.isKnown();
    for (SourceText column : merge.presence().when()) {
      if (!old.mayHave(column.text())) {
        frame.problem(
            column.at(0),
            old.table() + " has no column " + column.text() + "; it has " + old.columnNames());
      }
      certain |= old.isRequired(column.text()) || !old.mayHave(column.text());
      String name = ColumnCompiler.newName(merge.columns(), column.text());
      tests.add(frame.next().column(name) + " IS NOT NULL");
    }
    if (!tests.isEmpty()) {
      old.where(tests.size() == 1 ? tests.getFirst() : '(' + String.join(" OR ", tests) + ')');
      if (!certain) {
        frame.problem(
            merge.presence().when().getFirst().at(0),
            "may be NULL in a row of "
                + old.table()
                + ", which would not come back; name a column that is NOT NULL, or a boolean column"
                + " of new with present");
      }
    }
  }

  private void fillPresent(SourceText column, String there) {
    Place place = column.at(0);
    frame.next().fill(column.text(), SourceText.of('(' + there + ')', place), place);
  }
}
