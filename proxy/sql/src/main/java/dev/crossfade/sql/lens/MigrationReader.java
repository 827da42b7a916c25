package dev.crossfade.sql.lens;

import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.MigrationFile.Description;
import dev.crossfade.sql.lens.MigrationFile.KeyColumn;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.lens.MigrationFile.Risk;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a migration from YAML. */
final class MigrationReader {
  static final Pattern MIGRATION_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final String source;

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
      tables.add(new ShorthandReader(table).read());
    }
    CaptureMode capture =
        CaptureMode.valueOf(
            spec.oneOf("capture", Set.of("triggers", "statements"), "triggers")
                .toUpperCase(Locale.ROOT));
    FollowedFlag flag = FlagReader.read(spec);
    ComparisonRules comparison = new ComparisonReader(spec.child("comparison")).read();
    checkWhole(spec, oldTables, newTables, tables);
    root.finish();
    return new MigrationFile(
        name, description, key, oldTables, newTables, tables, capture, flag, comparison);
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
              TableName name = TableNames.read(written, table);
              if (!seen.add(name) && !name.equals(TableNames.UNKNOWN)) {
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
    for (TableShorthand shorthand : tables) {
      shorthand
          .oldTables()
          .filter(table -> !table.table().equals(TableNames.UNKNOWN) && !seen.add(table.table()))
          .forEach(
              table -> spec.report(table.place(), table.table() + " is mapped twice; keep one"));
    }
  }
}
