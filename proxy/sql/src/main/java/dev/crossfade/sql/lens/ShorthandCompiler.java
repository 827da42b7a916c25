package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.MigrationFile.ColumnChange;
import dev.crossfade.sql.lens.MigrationFile.ColumnChange.Add;
import dev.crossfade.sql.lens.MigrationFile.ColumnChange.Drop;
import dev.crossfade.sql.lens.MigrationFile.ColumnChange.Keep;
import dev.crossfade.sql.lens.MigrationFile.ColumnShorthand;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.lens.MigrationFile.TableShorthand;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.sql.yaml.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the two queries that a table's column shorthand stands for. */
final class ShorthandCompiler {
  private static final Keep AS_IT_IS = new Keep(Optional.empty(), Optional.empty());

  private final TableShorthand shorthand;
  private final SqlParser parser;
  private final List<Problem> problems;
  private final Map<String, ColumnShorthand> changes = new HashMap<>();

  /** What stands behind the columns of the queries. */
  private String rest = "";

  record Queries(MappedQuery down, MappedQuery up) {}

  ShorthandCompiler(TableShorthand shorthand, SqlParser parser, List<Problem> problems) {
    this.shorthand = shorthand;
    this.parser = parser;
    this.problems = problems;
    for (ColumnShorthand column : shorthand.columns()) {
      changes.put(column.column(), column);
    }
  }

  /** Null, with problems added, when the shorthand does not fit the tables. */
  @Nullable Queries compile(Catalog old, Catalog next) {
    TableShape oldShape = shape(shorthand.oldTable(), old, "old");
    TableShape newShape = shape(shorthand.newTable(), next, "new");
    if (oldShape == null || newShape == null) {
      return null;
    }
    int before = problems.size();
    List<String> entity = shorthand.entity().isEmpty() ? oldShape.primaryKey() : shorthand.entity();
    if (entity.isEmpty()) {
      problem(
          shorthand.place(),
          shorthand.oldTable() + " has no primary key; name its key with entity: [column]");
    }
    Queries queries = queries(oldShape, newShape, entity);
    return problems.size() > before ? null : queries;
  }

  /**
   * As far as the file alone tells: of the columns that it names. Null, with problems added, when
   * these do not fit together.
   */
  @Nullable Queries compile() {
    Map<String, ColumnShape> oldColumns = new LinkedHashMap<>();
    Map<String, ColumnShape> newColumns = new LinkedHashMap<>();
    for (String key : shorthand.entity()) {
      oldColumns.put(key, assumed(key));
      newColumns.put(newName(key), assumed(newName(key)));
    }
    for (ColumnShorthand column : shorthand.columns()) {
      if (!(column.change() instanceof Add)) {
        oldColumns.put(column.column(), assumed(column.column()));
      }
      if (!(column.change() instanceof Drop)) {
        newColumns.put(newName(column.column()), assumed(newName(column.column())));
      }
    }
    rest = " /* and every other column, as it is */";
    return queries(
        new TableShape(shorthand.oldTable(), List.copyOf(oldColumns.values()), List.of()),
        new TableShape(shorthand.newTable(), List.copyOf(newColumns.values()), List.of()),
        shorthand.entity());
  }

  private static ColumnShape assumed(String name) {
    return new ColumnShape(name, "text", true);
  }

  private @Nullable Queries queries(TableShape oldShape, TableShape newShape, List<String> entity) {
    int before = problems.size();
    checkChanges(oldShape, newShape);
    SourceText down = down(oldShape, newShape);
    SourceText up = up(oldShape, newShape);
    if (problems.size() > before) {
      return null;
    }
    List<String> newEntity = entity.stream().map(this::newName).toList();
    Place place = shorthand.place();
    return new Queries(
        new MappedQuery(shorthand.oldTable(), entity, down, place),
        new MappedQuery(shorthand.newTable(), newEntity, up, place));
  }

  private @Nullable TableShape shape(TableName table, Catalog catalog, String side) {
    TableShape shape = catalog.table(table).orElse(null);
    if (shape == null) {
      problem(
          shorthand.place(),
          side + " has no table " + table + "; it has " + Sql.nearest(table, catalog));
    }
    return shape;
  }

  private void checkChanges(TableShape oldShape, TableShape newShape) {
    for (ColumnShorthand column : shorthand.columns()) {
      String name = column.column();
      boolean inOld = oldShape.column(name).isPresent();
      switch (column.change()) {
        case Keep keep -> {
          checkOld(column, inOld);
          keep.cast().ifPresent(type -> checkSql("CAST(NULL AS " + type.text() + ")", type));
        }
        case Drop drop -> {
          checkOld(column, inOld);
          checkSql('(' + drop.value().text() + ')', drop.value());
        }
        case Add add -> {
          if (newShape.column(name).isEmpty()) {
            problem(
                column.place(),
                shorthand.newTable() + " has no such column; it has " + names(newShape));
          }
          if (inOld) {
            problem(
                column.place(),
                shorthand.oldTable() + " has this column already; use rename or cast");
          }
          checkSql('(' + add.value().text() + ')', add.value());
        }
      }
    }
  }

  private void checkOld(ColumnShorthand column, boolean inOld) {
    if (!inOld) {
      problem(
          column.place(),
          shorthand.oldTable() + " has no such column; to add it to new, say add: true");
    }
  }

  /** A piece of SQL must stay one piece when it is put into a query. */
  private void checkSql(String expression, SourceText written) {
    byte[] text = ("SELECT " + expression).getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    boolean one =
        tokens.wellFormed()
            && tokens.statementCount() == 1
            && tokens.end(tokens.count() - 1) == text.length
            && parser.parse(text, tokens) instanceof SqlParser.Result.Parsed parsed
            && parsed.outline().output().size() == 1
            && parsed.outline().tables().isEmpty();
    if (!one) {
      problem(
          written.at(0),
          "\"" + written.text() + "\" is not one SQL value or type; write it as in a SELECT");
    }
  }

  private SourceText down(TableShape oldShape, TableShape newShape) {
    ComposedText query = new ComposedText(shorthand.place()).add("SELECT ");
    String separator = "";
    for (ColumnShape column : oldShape.columns()) {
      String name = column.name();
      query.add(separator);
      separator = ", ";
      if (change(name) instanceof Drop drop) {
        query.add("(").add(drop.value()).add(") AS " + Sql.quote(name));
      } else {
        String source = newName(name);
        if (newShape.column(source).isEmpty()) {
          Place place = changes.containsKey(name) ? changes.get(name).place() : shorthand.place();
          String advice = "; rename " + name + ", or drop it and give a default";
          problem(place, shorthand.newTable() + " has no column " + source + advice);
        }
        query.add("n." + Sql.quote(source) + " AS " + Sql.quote(name));
      }
    }
    return query.add(rest + " FROM " + Sql.quote(shorthand.newTable()) + " AS n");
  }

  private SourceText up(TableShape oldShape, TableShape newShape) {
    Map<String, List<SourceText>> values = values(oldShape);
    ComposedText query = new ComposedText(shorthand.place()).add("SELECT ");
    String separator = "";
    for (ColumnShape column : newShape.columns()) {
      List<SourceText> value = values.get(column.name());
      if (value != null) {
        query.add(separator);
        value.forEach(query::add);
        query.add(" AS " + Sql.quote(column.name()));
        separator = ", ";
      } else if (!column.nullable()) {
        String advice =
            " is filled from nothing; add it under columns with add: true and a default";
        problem(
            shorthand.place(), "column " + column.name() + " of " + shorthand.newTable() + advice);
      }
    }
    return query.add(rest + " FROM " + Sql.quote(shorthand.oldTable()) + " AS o");
  }

  /** What fills each column of the new table, in parts. */
  private Map<String, List<SourceText>> values(TableShape oldShape) {
    Map<String, List<SourceText>> values = new HashMap<>();
    for (ColumnShape column : oldShape.columns()) {
      if (change(column.name()) instanceof Keep keep) {
        String value = "o." + Sql.quote(column.name());
        put(
            values,
            column.name(),
            keep.cast()
                .map(type -> List.of(made("CAST(" + value + " AS "), type, made(")")))
                .orElse(List.of(made(value))));
      }
    }
    for (ColumnShorthand column : shorthand.columns()) {
      if (column.change() instanceof Add add) {
        put(values, column.column(), List.of(made("("), add.value(), made(")")));
      }
    }
    return values;
  }

  private void put(Map<String, List<SourceText>> values, String column, List<SourceText> value) {
    String name = newName(column);
    if (values.put(name, value) != null) {
      Place place = changes.containsKey(column) ? changes.get(column).place() : shorthand.place();
      problem(
          place,
          "column "
              + name
              + " of "
              + shorthand.newTable()
              + " is filled from two columns; give one of them another name");
    }
  }

  private SourceText made(String sql) {
    return SourceText.of(sql, shorthand.place());
  }

  private ColumnChange change(String oldColumn) {
    ColumnShorthand column = changes.get(oldColumn);
    return column == null ? AS_IT_IS : column.change();
  }

  private String newName(String oldColumn) {
    return change(oldColumn) instanceof Keep keep ? keep.rename().orElse(oldColumn) : oldColumn;
  }

  private static String names(TableShape shape) {
    return String.join(", ", shape.columns().stream().map(ColumnShape::name).toList());
  }

  private void problem(Place place, String message) {
    problems.add(place.problem(message));
  }
}
