package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.TableShorthand.Beside;
import dev.crossfade.sql.lens.TableShorthand.Collect;
import dev.crossfade.sql.lens.TableShorthand.Merge;
import dev.crossfade.sql.lens.TableShorthand.Presence;
import dev.crossfade.sql.lens.TableShorthand.Split;
import dev.crossfade.sql.yaml.SourceText;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an entry of {@code spec.tables}. */
final class ShorthandReader {
  private final YamlNode table;

  ShorthandReader(YamlNode table) {
    this.table = table;
  }

  TableShorthand read() {
    table.allowKeys(Level.SHORTHAND.keys());
    String old = table.requiredString("old");
    TableName oldTable = TableNames.read(old, table.child("old"));
    TableName newTable = TableNames.read(table.optionalString("new", old), table.child("new"));
    return new TableShorthand(
        oldTable,
        newTable,
        table.strings("entity"),
        ColumnReader.columns(table.child("columns")),
        new Beside(splits(), merges(), collects(), table.child("present").sourceText()),
        table.place());
  }

  private List<Split> splits() {
    List<Split> splits = new ArrayList<>();
    table
        .child("split")
        .children()
        .forEach(
            (written, split) -> {
              TableName name = TableNames.read(written, split);
              split.allowKeys(Level.SPLIT.keys());
              List<SourceText> columns = ListReader.texts(split.child("columns"));
              if (!split.isPresent()) {
                split.report("empty; it needs columns, those of the old table that it takes");
              } else if (split.requiredChild("columns").isPresent() && columns.isEmpty()) {
                split.child("columns").report("empty; name at least one column");
              }
              splits.add(new Split(name, key(split), columns, when(split), split.place()));
            });
    return splits;
  }

  private List<Merge> merges() {
    List<Merge> merges = new ArrayList<>();
    table
        .child("merge")
        .children()
        .forEach(
            (written, merge) -> {
              TableName name = TableNames.read(written, merge);
              merge.allowKeys(Level.MERGE.keys());
              List<SourceText> when = when(merge);
              Optional<SourceText> present = merge.child("present").sourceText();
              if (!when.isEmpty() && present.isPresent()) {
                merge.child("present").report("when tells already where it has rows; keep one");
              }
              merges.add(
                  new Merge(
                      name,
                      key(merge),
                      ColumnReader.columns(merge.child("columns")),
                      new Presence(when, present),
                      merge.place()));
            });
    return merges;
  }

  private List<Collect> collects() {
    List<Collect> collects = new ArrayList<>();
    table
        .child("collect")
        .children()
        .forEach(
            (written, collect) -> {
              TableName name = TableNames.read(written, collect);
              collect.allowKeys(Level.COLLECT.keys());
              if (!collect.isPresent()) {
                collect.report("empty; it needs key, position, value or fields, and into");
                return;
              }
              collects.add(
                  new Collect(new ListReader(collect).read(name), collect.requiredString("into")));
            });
    return collects;
  }

  private static List<SourceText> key(YamlNode part) {
    return ListReader.texts(part.child("key"));
  }

  private static List<SourceText> when(YamlNode part) {
    List<SourceText> when = ListReader.texts(part.child("when"));
    if (part.child("when").isPresent() && when.isEmpty()) {
      part.child("when").report("empty; name a column, or leave it out if each row has one");
    }
    return when;
  }
}
