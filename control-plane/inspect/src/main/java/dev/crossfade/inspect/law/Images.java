package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.image.QueryText;
import dev.crossfade.sql.image.QueryText.Replacement;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.List;

/**
 * The compositions of a group's queries. Every text is a query in parentheses that reads tables of
 * the group's own side only.
 */
final class Images {
  private final EntityGroup group;
  private final StandIns standIns;
  private final QueryText text = new QueryText();

  /**
   * @param standIns how the own side computes with the other's types
   */
  Images(EntityGroup group, StandIns standIns) {
    this.group = group;
    this.standIns = standIns;
  }

  EntityGroup group() {
    return group;
  }

  StandIns standIns() {
    return standIns;
  }

  /**
   * The rows of an own table. Some of them are fenced off: nothing is computed of the others, which
   * might not survive it.
   */
  String rows(TableName own, boolean only, Entities entities) {
    String condition = entities.condition(group.own(own).entity());
    return "(SELECT * FROM "
        + (only ? "ONLY " : "")
        + Quoted.name(own)
        + (condition.equals("true") ? "" : " WHERE " + condition + " OFFSET 0")
        + ')';
  }

  /** What the other side's table would hold. */
  String image(TableName other, Entities entities) {
    return image(other, base(entities));
  }

  /**
   * What the other side's table would hold, its columns as the query gives them, without a cast.
   */
  String rawImage(TableName other, Entities entities) {
    return '(' + text.replace(group.other(other).query(), base(entities)) + ')';
  }

  /** There and back: what an own table's rows come out as. */
  String roundTrip(TableName own, Entities entities) {
    MappedTable table = group.own(own);
    String query =
        text.replace(
            table.query(),
            (name, only) -> group.other().containsKey(name) ? image(name, base(entities)) : null);
    return new MappedTable(table.shape(), query, table.columns(), table.reads(), table.entity())
        .substitution();
  }

  /** There, back and there again. */
  String secondImage(TableName other, Entities entities) {
    return image(
        other, (name, only) -> group.own().containsKey(name) ? roundTrip(name, entities) : null);
  }

  private Replacement base(Entities entities) {
    return (name, only) -> group.own().containsKey(name) ? rows(name, only, entities) : null;
  }

  private String image(TableName other, Replacement base) {
    MappedTable table = group.other(other);
    StringBuilder sql = new StringBuilder("(SELECT ");
    String separator = "";
    for (ColumnShape column : table.shape().columns()) {
      String name = Quoted.name(column.name());
      sql.append(separator);
      if (table.columns().contains(column.name())) {
        sql.append("CAST(d.").append(name).append(" AS ").append(standIns.type(column)).append(')');
      } else {
        sql.append(standIns.filling(column));
      }
      sql.append(" AS ").append(name);
      separator = ", ";
    }
    sql.append(" FROM (").append(text.replace(table.query(), base)).append(") AS d)");
    return generated(table, sql.toString());
  }

  /** Columns that the server computes from the others. */
  private String generated(MappedTable table, String image) {
    List<ColumnShape> columns = table.shape().columns();
    if (columns.stream().noneMatch(column -> column.filling() instanceof Filling.Generated)) {
      return image;
    }
    StringBuilder sql = new StringBuilder("(SELECT ");
    String separator = "";
    for (ColumnShape column : columns) {
      String name = Quoted.name(column.name());
      sql.append(separator);
      if (column.filling() instanceof Filling.Generated(String expression)) {
        sql.append("CAST((").append(expression).append(") AS ");
        sql.append(standIns.type(column)).append(") AS ").append(name);
      } else {
        sql.append(name);
      }
      separator = ", ";
    }
    return sql.append(" FROM ").append(image).append(" AS f)").toString();
  }
}
