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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes the two queries that a table's column shorthand stands for. */
final class ShorthandCompiler {
  private static final Keep AS_IT_IS = new Keep(Optional.empty(), Optional.empty());

  private final TableShorthand shorthand;
  private final SqlParser parser;
  private final List<Problem> problems;
  private final Map<String, ColumnShorthand> changes = new HashMap<>();

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
    checkChanges(oldShape, newShape);
    String down = down(oldShape, newShape);
    String up = up(oldShape, newShape);
    List<String> entity = shorthand.entity().isEmpty() ? oldShape.primaryKey() : shorthand.entity();
    if (entity.isEmpty()) {
      problem(shorthand.place(), shorthand.oldTable() + " has no primary key; name its key with entity: [column]");
    }
    if (problems.size() > before) {
      return null;
    }
    List<String> newEntity = entity.stream().map(this::newName).toList();
    Place place = shorthand.place();
    return new Queries(
        new MappedQuery(shorthand.oldTable(), entity, down, place, place),
        new MappedQuery(shorthand.newTable(), newEntity, up, place, place));
  }

  private @Nullable TableShape shape(TableName table, Catalog catalog, String side) {
    TableShape shape = catalog.table(table).orElse(null);
    if (shape == null) {
      problem(shorthand.place(), side + " has no table " + table + "; it has " + Sql.nearest(table, catalog));
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
          keep.cast().ifPresent(type -> checkSql(column, "CAST(NULL AS " + type + ")", type));
        }
        case Drop drop -> {
          checkOld(column, inOld);
          checkSql(column, '(' + drop.value() + ')', drop.value());
        }
        case Add add -> {
          if (newShape.column(name).isEmpty()) {
            problem(column.place(), shorthand.newTable() + " has no such column; it has " + names(newShape));
          }
          if (inOld) {
            problem(column.place(), shorthand.oldTable() + " has this column already; use rename or cast");
          }
          checkSql(column, '(' + add.value() + ')', add.value());
        }
      }
    }
  }

  private void checkOld(ColumnShorthand column, boolean inOld) {
    if (!inOld) {
      problem(column.place(), shorthand.oldTable() + " has no such column; to add it to new, say add: true");
    }
  }

  /** A piece of SQL must stay one piece when it is put into a query. */
  private void checkSql(ColumnShorthand column, String expression, String written) {
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
      problem(column.place(), "\"" + written + "\" is not one SQL value or type; write it as in a SELECT");
    }
  }

  private String down(TableShape oldShape, TableShape newShape) {
    StringJoiner query = new StringJoiner(", ", "SELECT ", " FROM " + Sql.quote(shorthand.newTable()) + " AS n");
    for (ColumnShape column : oldShape.columns()) {
      String name = column.name();
      if (change(name) instanceof Drop drop) {
        query.add('(' + drop.value() + ") AS " + Sql.quote(name));
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
    return query.toString();
  }

  private String up(TableShape oldShape, TableShape newShape) {
    Map<String, String> values = new HashMap<>();
    for (ColumnShape column : oldShape.columns()) {
      if (change(column.name()) instanceof Keep keep) {
        String value = "o." + Sql.quote(column.name());
        values.put(
            keep.rename().orElse(column.name()),
            keep.cast().map(type -> "CAST(" + value + " AS " + type + ')').orElse(value));
      }
    }
    for (ColumnShorthand column : shorthand.columns()) {
      if (column.change() instanceof Add add) {
        values.put(column.column(), '(' + add.value() + ')');
      }
    }
    List<String> output = new ArrayList<>();
    for (ColumnShape column : newShape.columns()) {
      String value = values.get(column.name());
      if (value != null) {
        output.add(value + " AS " + Sql.quote(column.name()));
      } else if (!column.nullable()) {
        String advice = " is filled from nothing; add it under columns with add: true and a default";
        problem(shorthand.place(), "column " + column.name() + " of " + shorthand.newTable() + advice);
      }
    }
    return "SELECT " + String.join(", ", output) + " FROM " + Sql.quote(shorthand.oldTable()) + " AS o";
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
