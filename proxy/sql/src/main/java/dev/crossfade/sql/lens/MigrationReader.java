package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.MigrationFile.ColumnChange;
import dev.crossfade.sql.lens.MigrationFile.ColumnShorthand;
import dev.crossfade.sql.lens.MigrationFile.Description;
import dev.crossfade.sql.lens.MigrationFile.KeyColumn;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.lens.MigrationFile.Risk;
import dev.crossfade.sql.lens.MigrationFile.TableShorthand;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.SourceText;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a migration from YAML. */
final class MigrationReader {
  static final Pattern MIGRATION_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final TableName UNKNOWN = new TableName("public", "?");

  private final String source;

  /**
   * A mapping whose keys are fixed.
   *
   * @param path a star stands for an element, or for a key that is a name
   * @param keys all that it may have
   */
  record Level(String path, List<String> keys) {
    static final Level FILE = level("", "apiVersion", "kind", "metadata", "spec");
    static final Level METADATA = level("metadata", "name", "owner", "rationale", "risk");
    static final Level SPEC = level("spec", "engine", "entity", "old", "new", "tables");
    static final Level ENTITY = level("spec.entity", "key");
    static final Level OLD_TABLE = level("spec.old.*", "entity", "down");
    static final Level NEW_TABLE = level("spec.new.*", "entity", "up");
    static final Level SHORTHAND = level("spec.tables.*", "old", "new", "entity", "columns");
    static final Level COLUMN =
        level("spec.tables.*.columns.*", "rename", "cast", "drop", "add", "default");

    /** All of them: what the schema of the file must agree with. */
    static final List<Level> ALL =
        List.of(FILE, METADATA, SPEC, ENTITY, OLD_TABLE, NEW_TABLE, SHORTHAND, COLUMN);

    private static Level level(String path, String... keys) {
      return new Level(path, List.of(keys));
    }
  }

  MigrationReader(String source) {
    this.source = source;
  }

  MigrationFile read(String yaml) throws InvalidFileException {
    YamlNode root = YamlNode.parse(yaml, source).allowKeys(Level.FILE.keys());
    requireWord(root, "apiVersion", "crossfade.dev/v1");
    requireWord(root, "kind", "Migration");
    YamlNode metadata = root.requiredChild("metadata").allowKeys(Level.METADATA.keys());
    YamlNode spec = root.requiredChild("spec").allowKeys(Level.SPEC.keys());
    requireWord(spec, "engine", "postgresql");
    String name = migrationName(metadata);
    Description description =
        new Description(
            metadata.optionalString("owner", ""),
            metadata.optionalString("rationale", ""),
            Risk.valueOf(
                metadata
                    .oneOf("risk", Set.of("low", "medium", "high"), "medium")
                    .toUpperCase(Locale.ROOT)),
            metadata.child("name").place());
    List<KeyColumn> key = key(spec.child("entity").allowKeys(Level.ENTITY.keys()));
    List<MappedQuery> oldTables = queries(spec.child("old"), Level.OLD_TABLE, key);
    List<MappedQuery> newTables = queries(spec.child("new"), Level.NEW_TABLE, key);
    List<TableShorthand> tables = new ArrayList<>();
    for (YamlNode table : spec.child("tables").items()) {
      tables.add(shorthand(table));
    }
    checkWhole(spec, oldTables, newTables, tables);
    root.finish();
    return new MigrationFile(name, description, key, oldTables, newTables, tables);
  }

  private static void requireWord(YamlNode parent, String key, String word) {
    String found = parent.requiredString(key);
    if (!found.isEmpty() && !found.equals(word)) {
      parent.child(key).report("\"" + found + "\" is not supported; " + word + " is");
    }
  }

  private static String migrationName(YamlNode metadata) {
    String name = metadata.requiredString("name");
    if (!name.isEmpty() && !MIGRATION_NAME.matcher(name).matches()) {
      metadata
          .child("name")
          .report(
              "\""
                  + name
                  + "\" is no name; up to 63 of a-z, 0-9 and -, beginning and ending with a letter"
                  + " or digit");
    }
    return name;
  }

  private static List<KeyColumn> key(YamlNode entity) {
    List<KeyColumn> key = new ArrayList<>();
    if (!entity.isPresent()) {
      return key;
    }
    for (YamlNode item : entity.requiredChild("key").items()) {
      String text = item.text().orElse("").strip();
      int blank = text.indexOf(' ');
      if (blank < 0) {
        item.report(
            "\"" + text + "\" has no type; a name and a type are needed, such as \"id bigint\"");
      } else {
        key.add(new KeyColumn(text.substring(0, blank), text.substring(blank + 1).strip()));
      }
    }
    if (entity.child("key").isPresent() && key.isEmpty()) {
      entity.child("key").report("empty; name at least one column, such as [id bigint]");
    }
    return key;
  }

  private static List<MappedQuery> queries(YamlNode side, Level level, List<KeyColumn> key) {
    String queryKey = level.keys().getLast();
    List<MappedQuery> queries = new ArrayList<>();
    Set<TableName> seen = new HashSet<>();
    side.children()
        .forEach(
            (written, table) -> {
              TableName name = tableName(written, table);
              if (!seen.add(name) && !name.equals(UNKNOWN)) {
                table.report(name + " is mapped twice; keep one");
              }
              if (!table.isPresent()) {
                table.report("empty; it needs entity and " + queryKey);
                return;
              }
              table.allowKeys(level.keys());
              List<String> entity = table.strings("entity");
              if (table.requiredChild("entity").isPresent()
                  && entity.size() != Math.max(key.size(), 1)) {
                table
                    .child("entity")
                    .report(
                        entity.size()
                            + " columns; one for each of the key's "
                            + Math.max(key.size(), 1));
              }
              table.requiredString(queryKey);
              table
                  .child(queryKey)
                  .sourceText()
                  .ifPresent(sql -> queries.add(new MappedQuery(name, entity, sql, table.place())));
            });
    return queries;
  }

  private static TableShorthand shorthand(YamlNode table) {
    table.allowKeys(Level.SHORTHAND.keys());
    TableName oldTable = tableName(table.requiredString("old"), table.child("old"));
    TableName newTable =
        tableName(table.optionalString("new", oldTable.toString()), table.child("new"));
    List<ColumnShorthand> columns = new ArrayList<>();
    table
        .child("columns")
        .children()
        .forEach(
            (name, column) ->
                columns.add(new ColumnShorthand(name, change(column), column.place())));
    return new TableShorthand(oldTable, newTable, table.strings("entity"), columns, table.place());
  }

  private static ColumnChange change(YamlNode column) {
    column.allowKeys(Level.COLUMN.keys());
    boolean drop = column.bool("drop", false);
    boolean add = column.bool("add", false);
    Optional<String> rename = column.optionalString("rename");
    Optional<SourceText> cast = column.child("cast").sourceText();
    Optional<SourceText> value = column.child("default").sourceText();
    if (!column.isPresent()) {
      column.report("empty; say what becomes of it: rename, cast, drop or add");
    } else if (drop && add) {
      column.report("both dropped and added; only one of them is possible");
    } else if ((drop || add) && (rename.isPresent() || cast.isPresent())) {
      column.report("dropped or added, so it can not be renamed or cast as well; remove one");
    } else if ((drop || add) && value.isEmpty()) {
      String side = drop ? "old" : "new";
      column.report(
          "no default; give the SQL value of this column in rows of "
              + side
              + ", such as \"''\" or \"NULL\"");
    } else if (!drop && !add && value.isPresent()) {
      column.child("default").report("a default without drop: true or add: true; add one of them");
    }
    if (!drop && !add) {
      return new ColumnChange.Keep(rename, cast);
    }
    SourceText given = value.orElse(SourceText.of("NULL", column.place()));
    return drop ? new ColumnChange.Drop(given) : new ColumnChange.Add(given);
  }

  private static void checkWhole(
      YamlNode spec,
      List<MappedQuery> oldTables,
      List<MappedQuery> newTables,
      List<TableShorthand> tables) {
    if (!spec.isPresent()) {
      return;
    }
    if (spec.child("old").children().isEmpty() && spec.child("tables").items().isEmpty()) {
      spec.report("maps no table; give old and new, or tables");
    }
    if (oldTables.isEmpty() != newTables.isEmpty()) {
      String missing = oldTables.isEmpty() ? "old" : "new";
      spec.report("only one direction; " + missing + " needs its queries too");
    }
    Set<TableName> seen = new HashSet<>();
    oldTables.forEach(table -> seen.add(table.table()));
    List<YamlNode> items = spec.child("tables").items();
    for (int i = 0; i < tables.size(); i++) {
      TableName table = tables.get(i).oldTable();
      if (!seen.add(table) && !table.equals(UNKNOWN)) {
        items.get(i).report(table + " is mapped twice; keep one");
      }
    }
  }

  /** {@code name} or {@code schema.name}. */
  private static TableName tableName(String written, YamlNode place) {
    String[] parts = written.split("\\.", -1);
    boolean empty = parts.length > 2;
    for (String part : parts) {
      empty |= part.isBlank();
    }
    if (empty) {
      if (!written.isEmpty()) {
        place.report("\"" + written + "\" is no table; name or schema.name is");
      }
      return UNKNOWN;
    }
    return parts.length == 1
        ? new TableName("public", parts[0])
        : new TableName(parts[0], parts[1]);
  }
}
