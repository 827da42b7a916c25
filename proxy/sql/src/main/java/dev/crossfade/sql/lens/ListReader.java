package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.TableShorthand.Element;
import dev.crossfade.sql.lens.TableShorthand.ListRows;
import dev.crossfade.sql.yaml.SourceText;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a migration file says of a list and of the rows that stand for its elements. */
final class ListReader {
  private final YamlNode list;

  ListReader(YamlNode list) {
    this.list = list;
  }

  /** Of a list that old has: the table is named inside. */
  ListRows rows() {
    list.allowKeys(Level.ROWS.keys());
    return read(TableNames.read(list.requiredString("table"), list.child("table")));
  }

  /** Of a list that new has: the table is the entry's key. */
  ListRows read(TableName table) {
    List<SourceText> key = texts(list.child("key"));
    if (list.requiredChild("key").isPresent() && key.isEmpty()) {
      list.child("key").report("empty; name the columns that hold the key of the list's row");
    }
    list.requiredString("position");
    SourceText position =
        list.child("position").sourceText().orElse(SourceText.of("?", list.place()));
    return new ListRows(
        table, key, position, elements(), list.bool("nullWhenEmpty", false), list.place());
  }

  private List<Element> elements() {
    List<Element> elements = new ArrayList<>();
    list.child("value")
        .sourceText()
        .ifPresent(column -> elements.add(new Element(Optional.empty(), column)));
    boolean value = !elements.isEmpty();
    YamlNode fields = list.child("fields");
    fields
        .children()
        .forEach(
            (field, written) -> {
              Optional<SourceText> column = written.sourceText();
              if (column.isEmpty()) {
                written.report("empty; name the column that holds this field");
              }
              column.ifPresent(name -> elements.add(new Element(Optional.of(field), name)));
            });
    if (value && fields.isPresent()) {
      fields.report("value and fields; an element is one or the other");
    } else if (elements.isEmpty() && list.isPresent()) {
      list.report(
          "no elements; give value, the column of an array's elements, or fields of JSON objects");
    }
    return elements;
  }

  /** The elements of a list of names, each with its place. */
  static List<SourceText> texts(YamlNode list) {
    List<SourceText> texts = new ArrayList<>();
    for (YamlNode item : list.items()) {
      item.sourceText().ifPresent(texts::add);
    }
    return texts;
  }
}
