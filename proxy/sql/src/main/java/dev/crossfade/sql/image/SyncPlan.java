package dev.crossfade.sql.image;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code sync(keys)} of one group of tables: makes the other side's image of entities equal to the
 * lens of the authority's. It locks the entities on the receiving side, then reads the authority,
 * then writes.
 *
 * @param migration its name
 * @param group names the group on both sides: its first old table
 * @param authority the side that is read
 * @param keys of the entities, in the types of the authority
 * @param lock takes the locks; to be run on the receiving side; parameters: the entity keys
 * @param tables of the receiving side, those that are referred to before those that refer to them
 * @param digests of the same tables: what tells whether they are equal
 * @param entities the keys of all there are, table by table
 * @param captured the authority's tables, with the columns that are the entity's key
 * @param single those of them that have one row of an entity at most
 * @param replaceable whether a row of the receiving side may be deleted and inserted again: no row
 *     of another table or entity refers to it in a way that would change that row
 * @param consulted tables of the authority that images depend on as a whole: whoever writes them
 *     may change any entity
 * @param capture how the authority's changes are logged
 */
public record SyncPlan(
    String migration,
    String group,
    Side authority,
    KeySql keys,
    String lock,
    List<TableSync> tables,
    List<TableDigest> digests,
    Entities entities,
    Map<TableName, List<String>> captured,
    Set<TableName> single,
    Set<TableName> consulted,
    boolean replaceable,
    CaptureMode capture) {
  /** Of a group, at most: a server has room for some thousands in all. */
  private static final int LOCKS = 1_024;

  private static final String ALONE = "pg_advisory_xact_lock";
  private static final String IN_BULK = "pg_advisory_xact_lock_shared";

  private static final Set<String> WHOLE_NUMBERS = Set.of("smallint", "integer", "bigint");
  private static final Set<String> TEXTS = Set.of("text", "character varying", "name");

  /**
   * @param authority its tables
   * @param receiving the other side's
   */
  public record Entities(List<KeyQuery> authority, List<KeyQuery> receiving) {
    public Entities {
      authority = List.copyOf(authority);
      receiving = List.copyOf(receiving);
    }
  }

  public SyncPlan {
    tables = List.copyOf(tables);
    digests = List.copyOf(digests);
    captured = Map.copyOf(captured);
    single = Set.copyOf(single);
    consulted = Set.copyOf(consulted);
  }

  /**
   * All of a lens's groups.
   *
   * @param receiving the catalog of the other side than the authority
   * @throws NotMirroredException when one of them can not be carried entity by entity
   */
  public static List<SyncPlan> of(CompiledLens lens, Side authority, Catalog receiving)
      throws NotMirroredException {
    List<SyncPlan> plans = new ArrayList<>();
    List<TableName> order = parentsFirst(authority == Side.OLD ? lens.ups() : lens.tables());
    List<EntityGroup> groups = new ArrayList<>(EntityGroup.of(lens, authority));
    groups.sort(
        Comparator.comparingInt(
            group -> group.other().keySet().stream().mapToInt(order::indexOf).min().orElse(0)));
    for (EntityGroup group : groups) {
      if (!group.other().isEmpty()) {
        plans.add(of(lens, group, receiving));
      }
    }
    return plans;
  }

  private static SyncPlan of(CompiledLens lens, EntityGroup group, Catalog receiving)
      throws NotMirroredException {
    String migration = lens.migration();
    KeySql keys = keys(group);
    QueryText text = new QueryText();
    List<TableSync> tables = new ArrayList<>();
    List<TableDigest> digests = new ArrayList<>();
    Set<TableName> consulted = new LinkedHashSet<>();
    for (TableName name : parentsFirst(group.other())) {
      MappedTable table = group.other(name);
      requireComparable(group, table, keys.types());
      for (TableName read : table.reads()) {
        if (!group.own().containsKey(read)) {
          consulted.add(read);
        }
      }
      String restricted =
          text.replace(
              table.query(),
              (own, only) -> {
                MappedTable mapped = group.own().get(own);
                return mapped == null
                    ? null
                    : "(SELECT * FROM "
                        + (only ? "ONLY " : "")
                        + Sql.quote(own)
                        + " WHERE "
                        + keys.condition("", mapped.entity())
                        + ')';
              });
      digests.add(new TableDigest(table, group.own()));
      tables.add(TableSync.of(table, JdbcText.escape(restricted), keys));
    }
    Map<TableName, List<String>> captured =
        group.own().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, table -> table.getValue().entity()));
    String name =
        (group.side() == Side.OLD ? group.ownNames() : group.otherNames()).getFirst().toString();
    return new SyncPlan(
        migration,
        name,
        group.side(),
        keys,
        lock(ALONE, migration + '/' + name, keys.columns()),
        tables,
        digests,
        new Entities(keyQueries(group.own()), keyQueries(group.other())),
        captured,
        group.own().values().stream()
            .filter(SyncPlan::isSingle)
            .map(table -> table.shape().name())
            .collect(Collectors.toSet()),
        consulted,
        Referrers.areLeftAlone(group, receiving),
        group.side() == Side.OLD ? lens.capture() : CaptureMode.TRIGGERS);
  }

  private static boolean isSingle(MappedTable table) {
    return table.shape().rules().uniqueKeys().stream()
        .anyMatch(unique -> table.entity().containsAll(unique.columns()));
  }

  /** The types of the key, the same in all of the group's tables. */
  private static KeySql keys(EntityGroup group) throws NotMirroredException {
    TableName first = group.ownNames().getFirst();
    List<String> types = keyTypes(group.own(first));
    for (TableName name : group.ownNames()) {
      requireComparable(group, group.own(name), types);
    }
    return new KeySql(types);
  }

  private static List<KeyQuery> keyQueries(Map<TableName, MappedTable> tables) {
    return tables.values().stream()
        .map(table -> KeyQuery.of(table.shape().name(), table.entity(), keyTypes(table)))
        .toList();
  }

  private static List<String> keyTypes(MappedTable table) {
    return table.entity().stream()
        .map(column -> table.shape().column(column).map(ColumnShape::type).orElseThrow())
        .toList();
  }

  private static void requireComparable(EntityGroup group, MappedTable table, List<String> types)
      throws NotMirroredException {
    List<String> found = keyTypes(table);
    boolean comparable = found.size() == types.size() && !found.isEmpty();
    for (int i = 0; comparable && i < types.size(); i++) {
      comparable = family(found.get(i)).equals(family(types.get(i)));
    }
    if (!comparable) {
      throw new NotMirroredException(
          table.shape().name()
              + " has the entity key "
              + found
              + ", and "
              + group.ownNames().getFirst()
              + " has "
              + types
              + "; a mirror needs keys that can be compared");
    }
  }

  private static String family(String type) {
    String plain = type.replaceAll("\\([^)]*\\)", "");
    if (WHOLE_NUMBERS.contains(plain)) {
      return "whole number";
    }
    return TEXTS.contains(plain) ? "text" : plain;
  }

  /**
   * As {@link #lock}, for those who carry many entities side by side: it keeps out everybody who
   * takes {@code lock} for one of them, and {@link #settle}, but not others who take this.
   *
   * <p>A chunk of 1,000 entities takes nearly all of a group's locks, so two workers that took them
   * for themselves would work in turn. They may share them, for what a lock is there to prevent can
   * not come about between them: that two have read the same entity, and the one that has read
   * first writes last. No two of them are ever at work on the same entity, because
   *
   * <ul>
   *   <li>the keys of one table's walk are handed out once, in their order, and equal ones
   *       together;
   *   <li>the next table of the group, in whose walk the same entities come again, is begun when
   *       all that was handed out of the one before is committed;
   *   <li>one backfill of a migration has workers at a time: each worker's connection to the
   *       receiving side holds a lock of the migration for as long as it lives, and a backfill has
   *       none of its own until those of all others are gone;
   *   <li>what widens to entities that nobody has handed out, because a value has moved between
   *       them, takes {@code lock}, in a transaction that holds nothing else.
   * </ul>
   *
   * <p>Everybody else, mirrors, repairs, canaries, takes {@code lock} and so is alone with its
   * entities as before. Rows and unique values of different entities may still have two workers
   * wait for each other; then the server ends one, which tries again with {@code lock}.
   */
  public String bulkLock() {
    return lock(IN_BULK, migration + '/' + group, keys.columns());
  }

  /** In one order for everybody, so that nobody waits for one who waits for him. */
  private static String lock(String function, String name, int columns) {
    String keys =
        IntStream.rangeClosed(1, columns)
            .mapToObj(i -> "k.k" + i)
            .collect(Collectors.joining(", E'\\x1f', "));
    return "SELECT "
        + function
        + "(l.h) FROM (SELECT DISTINCT "
        + named(name)
        + " # (hashtextextended(concat("
        + keys
        + "), 0) & "
        + (LOCKS - 1)
        + ") AS h FROM unnest("
        + String.join(", ", Collections.nCopies(columns, "CAST(? AS text[])"))
        + ") AS k ("
        + IntStream.rangeClosed(1, columns).mapToObj(i -> "k" + i).collect(Collectors.joining(", "))
        + ") ORDER BY 1) AS l";
  }

  /**
   * To be run on the receiving side, outside a transaction or in one: waits until everybody who is
   * at work on entities of this group is done, one lock after the other. Whoever begins meanwhile
   * reads the authority later than this began.
   */
  public String settle() {
    return "SELECT pg_advisory_lock(l.h), pg_advisory_unlock(l.h) FROM (SELECT "
        + named(migration + '/' + group)
        + " # i AS h FROM generate_series(CAST(0 AS bigint), "
        + (LOCKS - 1)
        + ") AS i) AS l";
  }

  private static String named(String name) {
    return "hashtextextended('" + name.replace("'", "''") + "', 0)";
  }

  private static List<TableName> parentsFirst(Map<TableName, MappedTable> tables) {
    Set<TableName> ordered = new LinkedHashSet<>();
    Set<TableName> open = new LinkedHashSet<>();
    tables.keySet().stream()
        .sorted(EntityGroup.BY_NAME)
        .forEach(name -> visit(name, tables, ordered, open));
    return List.copyOf(ordered);
  }

  private static void visit(
      TableName name,
      Map<TableName, MappedTable> tables,
      Set<TableName> ordered,
      Set<TableName> open) {
    MappedTable table = tables.get(name);
    if (table == null || ordered.contains(name) || !open.add(name)) {
      return;
    }
    for (ForeignKey key : table.shape().rules().foreignKeys()) {
      visit(key.references(), tables, ordered, open);
    }
    ordered.add(name);
  }
}
