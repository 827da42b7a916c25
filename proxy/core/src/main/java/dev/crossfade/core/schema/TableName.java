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

  // A record links its own at first use, which costs a start milliseconds.
  @Override
  public int hashCode() {
    return 31 * schema.hashCode() + name.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableName that && name.equals(that.name) && schema.equals(that.schema);
  }

  @Override
  public String toString() {
    return schema + '.' + name;
  }
}
