package dev.crossfade.inspect.catalog;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.catalog.Origins.Place;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Encodings, collations and settings: what makes two servers sort and write values differently. */
final class ServerComparison {
  private static final String DATABASE =
      """
      SELECT pg_encoding_to_char(encoding), datcollate, datctype, to_jsonb(d) ->> 'datlocprovider',
             to_jsonb(d) ->> 'datcollversion'
      FROM pg_database AS d WHERE datname = current_database()
      """;

  /** Those that this check's own connection does not set, and that shape a value. */
  private static final String SETTINGS =
      """
      SELECT name, coalesce(reset_val, '') FROM pg_settings
      WHERE name IN ('lc_monetary', 'lc_numeric', 'lc_time', 'xmloption', 'array_nulls',
                     'default_transaction_isolation', 'integer_datetimes', 'timezone_abbreviations')
      ORDER BY name
      """;

  private static final String COLLATIONS =
      """
      SELECT n.nspname, c.relname, a.attname, l.collname, l.collprovider::text, l.collcollate,
             to_jsonb(l) ->> 'collversion'
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_collation l ON l.oid = a.attcollation
      WHERE a.attnum > 0 AND c.oid IN (%s)
      """;

  private final CompiledLens lens;
  private final Database old;
  private final Database next;
  private final List<Finding> findings = new ArrayList<>();

  /** A column's collation; {@code default} is the database's. */
  private record Collation(
      String name, @Nullable String provider, @Nullable String locale, @Nullable String version) {}

  ServerComparison(CompiledLens lens, Database old, Database next) {
    this.lens = lens;
    this.old = old;
    this.next = next;
  }

  List<Finding> run() throws QueryException {
    List<@Nullable String> before = old.query(DATABASE).getFirst();
    List<@Nullable String> after = next.query(DATABASE).getFirst();
    compare(Code.ENCODING_DIFFERS, "encoding", before.get(0), after.get(0));
    compare(Code.COLLATION_DIFFERS, "collation of the database", before.get(1), after.get(1));
    compare(Code.COLLATION_DIFFERS, "character type", before.get(2), after.get(2));
    compare(Code.COLLATION_DIFFERS, "collation provider", before.get(3), after.get(3));
    compare(Code.COLLATION_VERSION_DIFFERS, "collation version", before.get(4), after.get(4));
    Map<String, String> settings = settings(next);
    settings(old)
        .forEach((name, value) -> compare(Code.SETTING_DIFFERS, name, value, settings.get(name)));
    collations();
    return findings;
  }

  private void compare(Code code, String what, @Nullable String before, @Nullable String after) {
    if (!Objects.equals(before, after)) {
      findings.add(new Finding(code, "both " + what, "old has " + before + ", new has " + after));
    }
  }

  private static Map<String, String> settings(Database database) throws QueryException {
    Map<String, String> settings = new TreeMap<>();
    for (List<@Nullable String> row : database.query(SETTINGS)) {
      settings.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
    return settings;
  }

  /** Of columns that stand in both as they are. */
  private void collations() throws QueryException {
    Map<Place, Collation> before = collations(old, lens.oldTables());
    Map<Place, Collation> after = collations(next, lens.newTables());
    for (MappedTable table : lens.tables().values()) {
      Origins origins;
      try {
        origins = Origins.read(next, table.query());
      } catch (QueryException e) {
        if (e.isOfQuery() || e.isOfData()) {
          continue;
        }
        throw e;
      }
      for (ColumnShape column : table.shape().columns()) {
        Place place = new Place(table.shape().name(), column.name());
        origins
            .of(column.name())
            .ifPresent(origin -> compare(place, before.get(place), after.get(origin)));
      }
    }
  }

  private void compare(Place place, @Nullable Collation before, @Nullable Collation after) {
    if (before == null || after == null) {
      return;
    }
    boolean sameName = before.name().equals(after.name());
    if (!sameName
        || !Objects.equals(before.provider(), after.provider())
        || !Objects.equals(before.locale(), after.locale())) {
      findings.add(
          new Finding(
              Code.COLLATION_DIFFERS,
              "old " + place,
              "has collation " + before.name() + ", new has " + after.name()));
    } else if (!Objects.equals(before.version(), after.version())) {
      findings.add(
          new Finding(
              Code.COLLATION_VERSION_DIFFERS,
              "old " + place,
              "has version " + before.version() + ", new has " + after.version()));
    }
  }

  private static Map<Place, Collation> collations(Database database, Iterable<TableName> tables)
      throws QueryException {
    List<String> names = new ArrayList<>();
    for (TableName table : tables) {
      names.add(Relations.oid(table));
    }
    Map<Place, Collation> collations = new HashMap<>();
    for (List<@Nullable String> row :
        database.query(COLLATIONS.formatted(String.join(", ", names)))) {
      collations.put(
          new Place(
              new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1))),
              String.valueOf(row.get(2))),
          new Collation(String.valueOf(row.get(3)), row.get(4), row.get(5), row.get(6)));
    }
    return collations;
  }
}
