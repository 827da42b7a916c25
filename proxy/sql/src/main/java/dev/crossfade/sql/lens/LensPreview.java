package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Frame.Made;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a migration comes to, as far as its file alone tells: no database is asked, so every table
 * and column that it names is taken to exist. The {@link LensCompiler} finds the rest.
 *
 * @param downs what gives each old table
 * @param ups what gives each new table
 */
public record LensPreview(MigrationFile file, List<Query> downs, List<Query> ups) {
  public LensPreview {
    downs = List.copyOf(downs);
    ups = List.copyOf(ups);
  }

  /**
   * A compiled query.
   *
   * @param table whose rows it gives
   * @param entity the table's columns that are the entity's key, in key order; empty when that is
   *     the primary key, which the file does not tell
   * @param columns that the file names, in order
   * @param reads the tables of the other side that it reads
   * @param lossy columns of an old table whose values need not come back
   * @param sql with the tables qualified, in lines
   * @param complete false for shorthand: further columns come from the catalog
   */
  public record Query(
      TableName table,
      List<String> entity,
      List<String> columns,
      Set<TableName> reads,
      List<String> lossy,
      String sql,
      boolean complete) {
    public Query {
      entity = List.copyOf(entity);
      columns = List.copyOf(columns);
      reads = Set.copyOf(reads);
      lossy = List.copyOf(lossy);
    }
  }

  /**
   * @param source the file's name, for messages
   * @throws InvalidFileException with everything that is wrong with it, as far as that shows
   *     without a database
   */
  public static LensPreview parse(String yaml, String source) throws InvalidFileException {
    return new Maker().make(MigrationFile.parse(yaml, source));
  }

  private static final class Maker {
    private final List<Problem> problems = new ArrayList<>();
    private final SqlParser parser = SqlParser.shared();
    private final LensQuery.Reader reader = new LensQuery.Reader(parser, null, "", problems);
    private final List<Query> downs = new ArrayList<>();
    private final List<Query> ups = new ArrayList<>();

    LensPreview make(MigrationFile file) throws InvalidFileException {
      List<Made> oldTables = new ArrayList<>();
      List<Made> newTables = new ArrayList<>();
      file.oldTables().forEach(table -> oldTables.add(new Made(table, true)));
      file.newTables().forEach(table -> newTables.add(new Made(table, true)));
      ShorthandCompiler shorthands = new ShorthandCompiler(Frame.Sides.UNKNOWN, parser, problems);
      for (TableShorthand shorthand : file.tables()) {
        ShorthandCompiler.Queries queries = shorthands.compile(shorthand);
        if (queries != null) {
          oldTables.addAll(queries.downs());
          newTables.addAll(queries.ups());
        }
      }
      oldTables.forEach(made -> add(downs, made, lossy(file, made.query().table())));
      newTables.forEach(made -> add(ups, made, List.of()));
      if (!problems.isEmpty()) {
        throw new InvalidFileException(problems);
      }
      return new LensPreview(file, downs, ups);
    }

    private static List<String> lossy(MigrationFile file, TableName table) {
      return file.lossyColumns().stream()
          .filter(lossy -> lossy.table().equals(table))
          .map(TableShorthand.LossyColumn::column)
          .toList();
    }

    private void add(List<Query> queries, Made made, List<String> lossy) {
      MappedQuery mapped = made.query();
      LensQuery query = reader.read(mapped);
      if (query == null) {
        return;
      }
      for (String column : mapped.entity()) {
        if (!query.columns().contains(column)) {
          problems.add(
              mapped.queryPlace().problem("does not give entity column " + column + "; add it"));
        }
      }
      queries.add(
          new Query(
              mapped.table(),
              mapped.entity(),
              query.columns(),
              query.tables(),
              lossy,
              SqlLayout.of(query.sql().strip()),
              made.whole()));
    }
  }
}
