package dev.crossfade.core.schema;

/**
 * A table's name as the catalog spells it (unquoted identifiers already folded to lower case).
 *
 * @param schema such as {@code public}
 */
public record TableName(String schema, String name) {
  public TableName {
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("a table name has a schema and a name");
    }
  }

  @Override
  public String toString() {
    return schema + '.' + name;
  }
}
