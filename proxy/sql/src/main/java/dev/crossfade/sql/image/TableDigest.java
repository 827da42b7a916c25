package dev.crossfade.sql.image;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.Sql;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What tells a table's image on the authority from its rows on the receiving side, without moving
 * any of them: hashes of the rows, which both servers compute alike.
 */
public final class TableDigest {
  private final MappedTable table;
  private final Map<TableName, MappedTable> authority;
  private final QueryText text = new QueryText();
  private final List<ColumnShape> compared;

  /**
   * @param table of the receiving side
   * @param authority the group's tables of the other one
   */
  TableDigest(MappedTable table, Map<TableName, MappedTable> authority) {
    this.table = table;
    this.authority = Map.copyOf(authority);
    this.compared =
        table.shape().columns().stream()
            .filter(column -> table.columns().contains(column.name()))
            .filter(column -> !(column.filling() instanceof Filling.Generated))
            .toList();
  }

  public TableName table() {
    return table.shape().name();
  }

  /** One row: how many there are, and two sums of their hashes. To be run on the authority. */
  public String image(EntityCondition entities) {
    return total(imageRows(entities));
  }

  /** The same, to be run on the receiving side. */
  public String rows(EntityCondition entities) {
    return total(storedRows(entities));
  }

  /** A row for each entity: its key, then as above. To be run on the authority. */
  public String imageByEntity(EntityCondition entities) {
    return byEntity(imageRows(entities));
  }

  /** The same, to be run on the receiving side. */
  public String rowsByEntity(EntityCondition entities) {
    return byEntity(storedRows(entities));
  }

  private static final String SUMS =
      "count(*), coalesce(bit_xor(h.h), 0), coalesce(sum(h.h % 1000000007), 0)";

  private static String total(String rows) {
    return "SELECT " + SUMS + " FROM (" + rows + ") AS h";
  }

  private String byEntity(String rows) {
    String keys = keys(i -> "h.k" + i);
    return "SELECT " + keys + ", " + SUMS + " FROM (" + rows + ") AS h GROUP BY " + keys;
  }

  private String keys(IntFunction<String> each) {
    return IntStream.rangeClosed(1, table.entity().size())
        .mapToObj(each)
        .collect(Collectors.joining(", "));
  }

  private String imageRows(EntityCondition entities) {
    String restricted =
        text.replace(
            table.query(),
            (own, only) -> {
              MappedTable mapped = authority.get(own);
              return mapped == null
                  ? null
                  : "(SELECT * FROM "
                      + (only ? "ONLY " : "")
                      + Sql.quote(own)
                      + " WHERE "
                      + entities.on(mapped.entity())
                      + ')';
            });
    return hashed(
        restricted,
        column -> {
          String value = "d." + Sql.quote(column.name());
          return BuiltInTypes.contains(column.type())
              ? "CAST(" + value + " AS " + column.type() + ')'
              : value;
        });
  }

  private String storedRows(EntityCondition entities) {
    return hashed(
        "SELECT * FROM " + Sql.quote(table()) + " WHERE " + entities.on(table.entity()),
        column -> "d." + Sql.quote(column.name()));
  }

  private String hashed(String rows, Function<ColumnShape, String> value) {
    TableShape shape = table.shape();
    String keys =
        keys(
            i ->
                "CAST("
                    + value.apply(shape.column(table.entity().get(i - 1)).orElseThrow())
                    + " AS text) AS k"
                    + i);
    return "SELECT "
        + keys
        + ", hash_record_extended(ROW("
        + compared.stream()
            .map(column -> hashed(column, value.apply(column)))
            .collect(Collectors.joining(", "))
        + "), 0) AS h FROM ("
        + rows
        + ") AS d";
  }

  /** Of 1.0 and 1.00, which are equal and differ, a type's own hash would be the same. */
  private static String hashed(ColumnShape column, String value) {
    return TableSync.EXACT.contains(column.type())
        ? value
        : "CAST(" + value + " AS text) COLLATE \"C\"";
  }
}
