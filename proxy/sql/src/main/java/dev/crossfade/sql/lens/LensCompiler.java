package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a migration against the catalogs of both sides and makes its lens. */
public final class LensCompiler {
  private final MigrationFile file;
  private final Catalog old;
  private final Catalog next;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<TableName, MappedTable> tables = new HashMap<>();
  private final Map<TableName, MappedTable> ups = new HashMap<>();
  private final Set<TableName> newTables = new LinkedHashSet<>();

  private LensCompiler(MigrationFile file, Catalog old, Catalog next) {
    this.file = file;
    this.old = old;
    this.next = next;
  }

  /**
   * @param old the old side's catalog
   * @param next the new side's catalog
   * @throws InvalidFileException with everything in the file that does not fit the catalogs
   */
  public static CompiledLens compile(MigrationFile file, Catalog old, Catalog next)
      throws InvalidFileException {
    return new LensCompiler(file, old, next).compile();
  }

  private CompiledLens compile() throws InvalidFileException {
    SqlParser parser = SqlParser.shared();
    LensQuery.Reader onNew = new LensQuery.Reader(parser, next, "new", problems);
    LensQuery.Reader onOld = new LensQuery.Reader(parser, old, "old", problems);
    for (MappedQuery table : file.oldTables()) {
      down(table, onNew);
    }
    for (MappedQuery table : file.newTables()) {
      up(table, onOld);
    }
    ShorthandCompiler shorthands =
        new ShorthandCompiler(new Frame.Sides(old, next), parser, problems);
    for (TableShorthand shorthand : file.tables()) {
      ShorthandCompiler.Queries queries = shorthands.compile(shorthand);
      if (queries != null) {
        queries.downs().forEach(made -> down(made.query(), onNew));
        queries.ups().forEach(made -> up(made.query(), onOld));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidFileException(problems);
    }
    return new CompiledLens(file.name(), tables, ups, newTables, file.capture(), file.comparison());
  }

  private void down(MappedQuery mapped, LensQuery.Reader reader) {
    TableShape shape = shape(mapped, old, "old");
    LensQuery query = reader.read(mapped);
    if (shape == null || query == null) {
      return;
    }
    checkEntity(mapped, shape);
    Place place = mapped.queryPlace();
    for (ColumnShape column : shape.columns()) {
      if (!query.columns().contains(column.name())) {
        problems.add(
            place.problem(
                "does not give column " + column.name() + " of " + mapped.table() + "; add it"));
      }
    }
    for (String column : query.columns()) {
      if (shape.column(column).isEmpty()) {
        problems.add(
            place.problem(
                "gives column "
                    + column
                    + ", which "
                    + mapped.table()
                    + " does not have; remove or rename it"));
      }
    }
    newTables.addAll(query.tables());
    tables.put(mapped.table(), table(mapped, shape, query));
  }

  private void up(MappedQuery mapped, LensQuery.Reader reader) {
    TableShape shape = shape(mapped, next, "new");
    LensQuery query = reader.read(mapped);
    if (shape == null || query == null) {
      return;
    }
    checkEntity(mapped, shape);
    Place place = mapped.queryPlace();
    for (String column : query.columns()) {
      if (shape.column(column).isEmpty()) {
        problems.add(
            place.problem(
                "gives column "
                    + column
                    + ", which "
                    + mapped.table()
                    + " does not have; remove or rename it"));
      }
    }
    for (String column : mapped.entity()) {
      if (!query.columns().contains(column)) {
        problems.add(place.problem("does not give entity column " + column + "; add it"));
      }
    }
    if (ups.putIfAbsent(mapped.table(), table(mapped, shape, query)) != null) {
      problems.add(
          place.problem("the rows of " + mapped.table() + " are given twice; keep one up query"));
    }
  }

  private static MappedTable table(MappedQuery mapped, TableShape shape, LensQuery query) {
    return new MappedTable(shape, query.sql(), query.columns(), query.tables(), mapped.entity());
  }

  private @Nullable TableShape shape(MappedQuery mapped, Catalog catalog, String side) {
    TableShape shape = catalog.table(mapped.table()).orElse(null);
    if (shape == null) {
      String known = Sql.nearest(mapped.table(), catalog);
      problems.add(
          mapped.place().problem(side + " has no table " + mapped.table() + "; it has " + known));
    }
    return shape;
  }

  private void checkEntity(MappedQuery mapped, TableShape shape) {
    for (String column : mapped.entity()) {
      if (shape.column(column).isEmpty()) {
        String columns =
            String.join(", ", shape.columns().stream().map(ColumnShape::name).toList());
        problems.add(
            mapped
                .place()
                .problem(
                    "entity column "
                        + column
                        + " is not in "
                        + mapped.table()
                        + "; it has "
                        + columns));
      }
    }
  }
}
