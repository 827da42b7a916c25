package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Archive;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps columns that the new shape does not have in a table of new: its key columns are called as
 * those of the first new table, the others as in old.
 */
final class ArchiveCompiler {
  private final Frame frame;
  private final SqlPieces pieces;
  private final List<String> newKey;
  private final Map<TableName, Draft> archives = new LinkedHashMap<>();

  ArchiveCompiler(Frame frame, SqlPieces pieces, List<String> newKey) {
    this.frame = frame;
    this.pieces = pieces;
    this.newKey = newKey;
  }

  void archive(ColumnShorthand column, Archive archive, List<SourceText> keyValues) {
    Draft kept = archives.get(archive.table());
    if (kept == null) {
      kept = add(archive.table(), column.place(), keyValues);
      if (kept == null) {
        return;
      }
      archives.put(archive.table(), kept);
    }
    String name = column.column();
    Place place = column.place();
    Draft old = frame.old();
    kept.fill(name, SourceText.of(old.column(name), place), place);
    ComposedText value = new ComposedText(place);
    if (archive.absent().isPresent()) {
      value
          .add("CASE WHEN " + kept.column(newKey.getFirst()) + " IS NULL THEN ")
          .add(pieces.constant(archive.absent().get()))
          .add(" ELSE " + kept.column(name) + " END");
    } else {
      value.add(kept.column(name));
    }
    old.fill(name, value, place);
    if (archive.absent().isEmpty() && old.isRequired(name)) {
      frame.problem(
          place,
          name
              + " may not be NULL in "
              + old.table()
              + "; give it a default for rows that new alone has made");
    }
  }

  private @Nullable Draft add(TableName table, Place place, List<SourceText> keyValues) {
    Draft kept = frame.addNew(table, false, place);
    if (kept == null) {
      return null;
    }
    int before = frame.problems().size();
    for (String column : newKey) {
      if (!kept.mayHave(column)) {
        frame.problem(
            place,
            table
                + " has no column "
                + column
                + "; its key is called as in "
                + frame.next().table());
      }
    }
    frame.requireUnique(kept, newKey);
    if (frame.problems().size() > before) {
      return null;
    }
    kept.key(newKey);
    kept.from(frame.old().reference());
    for (int i = 0; i < keyValues.size(); i++) {
      kept.fill(newKey.get(i), keyValues.get(i), place);
    }
    frame.joinPart(
        "LEFT JOIN "
            + kept.reference()
            + " ON "
            + Frame.equal(
                newKey.stream().map(kept::column).toList(),
                newKey.stream().map(frame.next()::column).toList()));
    return kept;
  }

  /** Says what is missing in the archives. */
  void finish() {
    archives.values().forEach(kept -> kept.checkUp("archive a column of this name, or remove it"));
  }
}
