package dev.crossfade.inspect.catalog;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.Check;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.inspect.catalog.Origins.Place;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.Database.ResultColumn;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the two shapes fit each other, as far as the catalogs tell. */
public final class CatalogCheck {
  private static final Pattern FOREIGN_KEY =
      Pattern.compile("FOREIGN KEY \\((.+?)\\) REFERENCES .*", Pattern.DOTALL);

  private final CompiledLens lens;
  private final Database old;
  private final Database next;
  private final Catalog newCatalog;
  private final List<Finding> findings = new ArrayList<>();

  private CatalogCheck(CompiledLens lens, Database old, Database next, Catalog newCatalog) {
    this.lens = lens;
    this.old = old;
    this.next = next;
    this.newCatalog = newCatalog;
  }

  /**
   * @throws QueryException when a database can not be asked
   * @throws CatalogTooLargeException when new has more columns than are handled
   */
  public static List<Finding> run(CompiledLens lens, Database old, Database next)
      throws QueryException, CatalogTooLargeException {
    CatalogCheck check = new CatalogCheck(lens, old, next, next.catalog());
    check.run();
    return check.findings;
  }

  private void run() throws QueryException {
    for (MappedTable table : sorted(lens.tables())) {
      Origins origins = query(table, Side.OLD, next);
      if (origins != null) {
        shape(table, origins);
      }
    }
    for (MappedTable table : sorted(lens.ups())) {
      query(table, Side.NEW, old);
      demands(table);
    }
    findings.addAll(new ServerComparison(lens, old, next).run());
    findings.addAll(new AccessComparison(lens, old, next).run());
  }

  private static List<MappedTable> sorted(Map<TableName, MappedTable> tables) {
    return tables.values().stream()
        .sorted(Comparator.comparing((MappedTable table) -> table.shape().name().toString()))
        .toList();
  }

  /**
   * Lets a server describe a query, and compares the types with the table's.
   *
   * @param side of the table that the query gives
   * @param reader where the query runs
   */
  private @Nullable Origins query(MappedTable table, Side side, Database reader)
      throws QueryException {
    TableName name = table.shape().name();
    String place = side.name().toLowerCase(Locale.ROOT) + " " + name;
    entity(table, side, place);
    Origins origins;
    try {
      origins = Origins.read(reader, table.query());
    } catch (QueryException e) {
      invalid(place, e);
      return null;
    }
    types(table, place, origins, side == Side.OLD ? old : next);
    try {
      reader.query("EXPLAIN SELECT * FROM " + table.substitution() + " AS d");
    } catch (QueryException e) {
      // A type that the reader does not have is no fault: there it is another one.
      if (side == Side.OLD || !e.state().equals("42704")) {
        invalid(place, e);
      }
    }
    return origins;
  }

  private void invalid(String place, QueryException e) throws QueryException {
    if (!e.isOfQuery() && !e.isOfData()) {
      throw e;
    }
    findings.add(
        new Finding(
            Code.QUERY_INVALID,
            place,
            "the server says: " + e.getMessage() + " (" + e.state() + ")"));
  }

  private void types(MappedTable table, String place, Origins origins, Database home)
      throws QueryException {
    TableName name = table.shape().name();
    String all = "SELECT * FROM " + quoted(name.schema()) + '.' + quoted(name.name());
    for (ResultColumn column : home.describe(all)) {
      ResultColumn given = origins.columns().get(column.name());
      if (given != null && !given.type().equals(column.type())) {
        boolean alike = TypeFamily.alike(given.type(), column.type());
        findings.add(
            new Finding(
                alike ? Code.CAST_ADDED : Code.TYPE_DIFFERS,
                place + "." + column.name(),
                "the query gives " + given.type() + ", the table has " + column.type()));
      }
    }
  }

  private void entity(MappedTable table, Side side, String place) throws QueryException {
    Set<String> entity = Set.copyOf(table.entity());
    boolean unique =
        table.shape().rules().uniqueKeys().stream()
            .anyMatch(key -> entity.containsAll(key.columns()));
    if (unique) {
      return;
    }
    findings.add(
        new Finding(
            Code.ENTITY_NOT_UNIQUE,
            place,
            "several rows may have the same " + String.join(", ", table.entity())));
    TableName name = table.shape().name();
    String sql =
        "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum ="
            + " i.indkey[0] WHERE i.indisvalid AND i.indpred IS NULL AND i.indrelid = to_regclass("
            + literal(quoted(name.schema()) + '.' + quoted(name.name()))
            + ") AND a.attname IN ("
            + String.join(", ", table.entity().stream().map(CatalogCheck::literal).toList())
            + ')';
    if ((side == Side.OLD ? old : next).query(sql).isEmpty()) {
      findings.add(
          new Finding(
              Code.ENTITY_NOT_INDEXED,
              place,
              "no index begins with " + String.join(" or ", table.entity())));
    }
  }

  /** What new must have so that it can take old's place. */
  private void shape(MappedTable table, Origins origins) {
    TableShape shape = table.shape();
    String place = "old " + shape.name();
    for (ColumnShape column : shape.columns()) {
      origins
          .of(column.name())
          .ifPresent(origin -> column(place + "." + column.name(), column, origin));
    }
    for (UniqueKey key : shape.rules().uniqueKeys()) {
      Optional<List<Place>> places = origins.ofAll(key.columns());
      if (places.isEmpty()) {
        findings.add(
            new Finding(
                Code.KEY_NOT_TRACED,
                place + " " + key.name(),
                "no single table of new has " + String.join(", ", key.columns())));
      } else if (!isEnforced(places.get())) {
        findings.add(
            new Finding(
                Code.KEY_NOT_ENFORCED,
                place + " " + key.name(),
                "nothing in new keeps " + String.join(", ", key.columns()) + " unique"));
      }
    }
    for (Check check : shape.rules().checks()) {
      if (!isEnforced(check, table, origins)) {
        findings.add(
            new Finding(
                Code.CONSTRAINT_NOT_ENFORCED,
                place + " " + check.name(),
                "new has no such CHECK (" + check.expression() + ")"));
      }
    }
    for (ForeignKey key : shape.rules().foreignKeys()) {
      if (!isEnforced(key, origins)) {
        findings.add(
            new Finding(
                Code.CONSTRAINT_NOT_ENFORCED,
                place + " " + key.name(),
                "new has no such " + key.definition()));
      }
    }
  }

  private void column(String place, ColumnShape column, Place origin) {
    TableShape table = newCatalog.table(origin.table()).orElse(null);
    ColumnShape target = table == null ? null : table.column(origin.column()).orElse(null);
    if (target == null) {
      return;
    }
    if (!column.nullable() && target.nullable()) {
      findings.add(
          new Finding(
              Code.NULLABILITY_DIFFERS, place, "is NOT NULL, but new " + origin + " is not"));
    }
    boolean oldCounts = counts(column.filling());
    boolean newCounts = counts(target.filling());
    if (oldCounts && !newCounts) {
      findings.add(
          new Finding(
              Code.SEQUENCE_DIFFERS,
              place,
              "is filled from a sequence, new " + origin + " is not"));
    } else if (!oldCounts
        && column.filling() instanceof Filling.Default(String expression)
        && !column.filling().equals(target.filling())) {
      findings.add(
          new Finding(
              Code.DEFAULT_DIFFERS,
              place,
              "has the default " + expression + ", new " + origin + " has not"));
    }
  }

  private static boolean counts(Filling filling) {
    return filling instanceof Filling.Identity
        || filling instanceof Filling.Default(String expression) && expression.contains("nextval(");
  }

  private boolean isEnforced(List<Place> places) {
    Set<String> columns = new HashSet<>();
    places.forEach(place -> columns.add(place.column()));
    return newCatalog
        .table(places.getFirst().table())
        .map(table -> table.rules().uniqueKeys())
        .orElse(List.of())
        .stream()
        .anyMatch(key -> columns.containsAll(key.columns()));
  }

  /** Whether a table that gives the rows has the same condition under its own names. */
  private boolean isEnforced(Check check, MappedTable table, Origins origins) {
    String expression = check.expression();
    for (ColumnShape column : table.shape().columns()) {
      Optional<Place> origin = origins.of(column.name());
      if (origin.isPresent()) {
        expression =
            expression.replaceAll(
                "\\b" + Pattern.quote(column.name()) + "\\b",
                Matcher.quoteReplacement(origin.get().column()));
      }
    }
    String wanted = expression;
    return table.reads().stream()
        .flatMap(name -> newCatalog.table(name).stream())
        .flatMap(shape -> shape.rules().checks().stream())
        .anyMatch(other -> other.expression().equals(wanted));
  }

  private boolean isEnforced(ForeignKey key, Origins origins) {
    Matcher matcher = FOREIGN_KEY.matcher(key.definition());
    if (!matcher.matches()) {
      return false;
    }
    Optional<List<Place>> places = origins.ofAll(List.of(matcher.group(1).split(", ")));
    if (places.isEmpty()) {
      return false;
    }
    String columns = String.join(", ", places.get().stream().map(Place::column).toList());
    return newCatalog
        .table(places.get().getFirst().table())
        .map(table -> table.rules().foreignKeys())
        .orElse(List.of())
        .stream()
        .anyMatch(other -> other.definition().startsWith("FOREIGN KEY (" + columns + ") "));
  }

  /** What new demands of each row that up gives. */
  private void demands(MappedTable table) {
    for (ColumnShape column : table.shape().columns()) {
      boolean given = table.columns().contains(column.name());
      String place = "new " + table.shape().name() + "." + column.name();
      if (!given && !column.nullable() && column.filling() instanceof Filling.Nothing) {
        findings.add(
            new Finding(
                Code.COLUMN_NOT_GIVEN,
                place,
                "is NOT NULL without a default, and up leaves it out"));
      }
      if (given && column.filling() instanceof Filling.Generated) {
        findings.add(new Finding(Code.COLUMN_GENERATED, place, "is generated, and up gives it"));
      }
    }
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
