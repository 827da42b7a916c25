package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of tables as a migration file has them: {@code name} or {@code schema.name}, spelled as in
 * the catalog. A part that has a dot in it stands in double quotes, as in SQL.
 */
final class TableNames {
  /** What stands for a name that was not understood. */
  static final TableName UNKNOWN = new TableName("public", "?");

  private static final String PART = "(\"(?:[^\"]|\"\")+\"|(?=[^.]*[^.\\s])[^.\"][^.]*)";
  static final Pattern NAME = Pattern.compile("(?:" + PART + "\\.)?" + PART);

  private TableNames() {}

  /** {@link #UNKNOWN}, with a problem, when it is none. */
  static TableName read(String written, YamlNode place) {
    Matcher name = NAME.matcher(written);
    if (name.matches()) {
      String schema = name.group(1);
      return new TableName(schema == null ? "public" : unquoted(schema), unquoted(name.group(2)));
    }
    if (!written.isEmpty()) {
      place.report("\"" + written + "\" is no table; name or schema.name is");
    }
    return UNKNOWN;
  }

  private static String unquoted(String part) {
    return part.startsWith("\"") && part.endsWith("\"") && part.length() > 1
        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
        : part;
  }
}
