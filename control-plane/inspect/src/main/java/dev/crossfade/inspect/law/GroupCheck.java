package dev.crossfade.inspect.law;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.law.Comparison.Change;
import dev.crossfade.inspect.law.Comparison.Difference;
import dev.crossfade.inspect.law.ImageRules.Rule;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that is checked of a group, for one range of entities at a time. */
final class GroupCheck implements Isolation.Listener {
  private static final int MOST_REFUSED = 100;

  private final Database database;
  private final Images images;
  private final ChunkWalk walk;
  private final Evidence evidence;
  private final boolean showValues;
  private final Isolation isolation;
  private final Map<TableName, Comparison> laws = new LinkedHashMap<>();
  private final Map<TableName, Comparison> stability = new LinkedHashMap<>();
  private final List<ImageRules> rules = new ArrayList<>();
  private final Set<String> refused = new HashSet<>();
  private boolean differs;

  GroupCheck(
      Database database, Images images, ChunkWalk walk, Evidence evidence, boolean showValues) {
    this.database = database;
    this.images = images;
    this.walk = walk;
    this.evidence = evidence;
    this.showValues = showValues;
    this.isolation = new Isolation(walk, MOST_REFUSED);
  }

  /** Finds out what can be checked at all. Notes what can not. */
  void prepare() throws QueryException {
    EntityGroup group = images.group();
    for (TableName name : group.ownNames()) {
      MappedTable table = group.own(name);
      Comparison comparison = Comparison.of(table.shape(), table.columns(), table.entity());
      if (reads(table) && isComputable(name, lawSql(name, comparison, Entities.ALL))) {
        laws.put(name, comparison);
      }
    }
    if (side() == Side.NEW) {
      return;
    }
    for (TableName name : group.otherNames()) {
      MappedTable table = group.other(name);
      for (TableName read : table.reads()) {
        if (!group.own().containsKey(read)) {
          evidence
              .at(Code.UNMAPPED_READ, "new " + name)
              .count("reads " + read + ", which no query of the file gives", 0);
        }
      }
      ImageRules all = ImageRules.of(table, images.standIns());
      boolean together = works(all, false, null) && works(all, true, null);
      rules.add(
          together
              ? all
              : new ImageRules(
                  table,
                  all.rules().stream().filter(rule -> works(all, rule.raw(), rule)).toList()));
      if (laws.size() == group.own().size()) {
        stability.put(name, Comparison.of(table.shape(), table.columns(), table.entity()));
      }
    }
  }

  /** Whether every table of the other side that a query reads is given by another query. */
  private boolean reads(MappedTable table) throws QueryException {
    boolean all = true;
    for (TableName read : table.reads()) {
      if (!images.group().other().containsKey(read)) {
        boolean here =
            database
                    .query("SELECT to_regclass(" + Quoted.literal(Quoted.name(read)) + ")::text")
                    .getFirst()
                    .getFirst()
                != null;
        String place = place(table.shape().name());
        evidence
            .at(here ? Code.UNMAPPED_READ : notComputable(), place)
            .count("reads " + read + ", which no query of the file gives", 0);
        all &= here;
      }
    }
    return all;
  }

  private boolean isComputable(TableName table, String sql) throws QueryException {
    String why = refusal(sql);
    if (why != null) {
      evidence.at(notComputable(), place(table)).count(why, 0);
    }
    return why == null;
  }

  /**
   * Whether the server can judge all rules of a kind together, or one of them alone.
   *
   * @param one null for all; notes it when it can not
   */
  private boolean works(ImageRules all, boolean raw, @Nullable Rule one) {
    List<Rule> some =
        one == null ? all.rules().stream().filter(r -> r.raw() == raw).toList() : List.of(one);
    if (some.isEmpty()) {
      return true;
    }
    String why;
    try {
      why = refusal(all.sql(some, image(all, raw, Entities.ALL)));
    } catch (QueryException e) {
      why = e.withoutValues();
    }
    if (why != null && one != null) {
      evidence.at(Code.NOT_CHECKED, "new " + one.place()).count(why, 0);
    }
    return why == null;
  }

  /** Why the server does not take a query; null when it does. */
  private @Nullable String refusal(String sql) throws QueryException {
    try {
      database.query("EXPLAIN " + sql);
      return null;
    } catch (QueryException e) {
      if (e.isOfQuery()) {
        return String.valueOf(e.getMessage()) + " (" + e.state() + ")";
      }
      if (e.isOfData()) {
        // A constant does not survive its cast: that will show as any row's failure.
        return null;
      }
      throw e;
    }
  }

  /** Checks a range whole, whatever some of its rows do. */
  void check(KeyRange range) throws QueryException {
    differs = false;
    for (TableName name : laws.keySet()) {
      isolation.run(part -> law(name, part), range, this);
    }
    for (ImageRules table : rules) {
      isolation.run(part -> rules(table, part), range, this);
    }
    if (differs) {
      for (TableName name : stability.keySet()) {
        isolation.run(part -> stability(name, part), range, this);
      }
    }
  }

  private String lawSql(TableName name, Comparison comparison, Entities entities) {
    return comparison.sql(
        images.rows(name, false, entities), images.roundTrip(name, entities), showValues);
  }

  private void law(TableName name, KeyRange range) throws QueryException {
    Comparison comparison = comparison(laws, name);
    Comparison.Outcome outcome =
        comparison.read(database.query(lawSql(name, comparison, walk.entities(range))));
    evidence.addRows(place(name), outcome.rows());
    differs |= !outcome.differences().isEmpty();
    for (Difference difference : outcome.differences()) {
      record(name, comparison, difference);
    }
  }

  private static Comparison comparison(Map<TableName, Comparison> of, TableName name) {
    Comparison comparison = of.get(name);
    if (comparison == null) {
      throw new IllegalArgumentException(name + " is not compared");
    }
    return comparison;
  }

  private void record(TableName name, Comparison comparison, Difference difference) {
    String table = place(name);
    boolean old = side() == Side.OLD;
    Code code = old ? Code.COLUMN_LOSSY : Code.NEW_NOT_REPRESENTABLE;
    switch (difference.fate()) {
      case LOST ->
          evidence.add(
              old ? Code.ROW_LOST : code,
              table,
              "does not come back",
              new Example(difference.key(), "does not come back"));
      case INVENTED ->
          evidence.add(
              old ? Code.ROW_INVENTED : code,
              table,
              "comes back without having been there",
              new Example(difference.key(), "comes back without having been there"));
      case CHANGED -> {
        for (int i = 0; i < comparison.columns().size(); i++) {
          Change change = difference.changes().get(i);
          if (change != Change.SAME) {
            boolean form = old && change == Change.NORMALISED;
            String place = table + "." + comparison.columns().get(i).name();
            String values = difference.values().isEmpty() ? "" : ": " + difference.values().get(i);
            Evidence.Entry entry = evidence.at(form ? Code.COLUMN_NORMALISED : code, place);
            entry.count(change.words(), 1);
            entry.example(new Example(difference.key(), change.words() + values));
            entry.cameBack(difference.hashes().get(i));
          }
        }
      }
    }
  }

  private void stability(TableName name, KeyRange range) throws QueryException {
    Comparison comparison = comparison(stability, name);
    Entities entities = walk.entities(range);
    String sql =
        comparison.sql(
            images.image(name, entities), images.secondImage(name, entities), showValues);
    for (Difference difference : comparison.read(database.query(sql)).differences()) {
      String fate = difference.fate().name().toLowerCase(Locale.ROOT);
      evidence.add(
          Code.IMAGE_UNSTABLE,
          "new " + name,
          "is " + fate + " by down and up",
          new Example(difference.key(), "row is " + fate + " by down and up"));
    }
  }

  private String image(ImageRules table, boolean raw, Entities entities) {
    TableName name = table.table().shape().name();
    return raw ? images.rawImage(name, entities) : images.image(name, entities);
  }

  private void rules(ImageRules table, KeyRange range) throws QueryException {
    for (boolean raw : new boolean[] {false, true}) {
      List<Rule> some = table.rules().stream().filter(rule -> rule.raw() == raw).toList();
      if (some.isEmpty()) {
        continue;
      }
      String sql = table.sql(some, image(table, raw, walk.entities(range)));
      for (List<@Nullable String> row : database.query(sql)) {
        String flags = String.valueOf(row.get(1));
        for (int i = 0; i < some.size(); i++) {
          if (flags.charAt(i) == 'x') {
            Rule rule = some.get(i);
            evidence.add(
                rule.code(),
                "new " + rule.place(),
                rule.words(),
                new Example(String.valueOf(row.get(0)), rule.words()));
          }
        }
      }
    }
  }

  @Override
  public void refused(List<String> key, KeyRange range, QueryException why) throws QueryException {
    String named = walk.named(key);
    String place = culprit(range);
    differs = true;
    if (refused.add(place + " " + named)) {
      String said = showValues ? why.getMessage() + " (" + why.state() + ")" : why.withoutValues();
      evidence.add(Code.VALUE_REFUSED, place, why.withoutValues(), new Example(named, said));
    }
  }

  @Override
  public void skipped(KeyRange range, QueryException why) {
    String named = range.after() == null ? "the first key" : "behind " + walk.named(range.after());
    String end = range.upTo() == null ? "the last" : walk.named(range.upTo());
    String words = why.isTimeout() ? "took too long" : "too many refused values";
    evidence.add(
        Code.NOT_CHECKED,
        place(images.group().ownNames().getFirst()),
        words,
        new Example(named + " to " + end, words));
  }

  /** The column whose computation fails for an entity. */
  private String culprit(KeyRange range) throws QueryException {
    Entities entities = walk.entities(range);
    EntityGroup group = images.group();
    for (TableName name : group.otherNames()) {
      String column = failing(group.other(name), images.image(name, entities));
      if (column != null) {
        return (side() == Side.OLD ? "new " : "old ") + name + column;
      }
    }
    for (TableName name : laws.keySet()) {
      String column = failing(group.own(name), images.roundTrip(name, entities));
      if (column != null) {
        return place(name) + column;
      }
    }
    return place(group.ownNames().getFirst());
  }

  /** With a point in front; empty when none by itself does; null when the query does not fail. */
  private @Nullable String failing(MappedTable table, String rows) throws QueryException {
    for (String column : table.columns()) {
      if (fails("SELECT count(x." + Quoted.name(column) + "::text) FROM " + rows + " AS x")) {
        return "." + column;
      }
    }
    return fails("SELECT count(*) FROM (SELECT x::text FROM " + rows + " AS x OFFSET 0) AS y")
        ? ""
        : null;
  }

  private boolean fails(String sql) throws QueryException {
    try {
      database.query(sql);
      return false;
    } catch (QueryException e) {
      if (e.isOfData()) {
        return true;
      }
      throw e;
    }
  }

  /** The law of new's rows matters only to a rollback. */
  private Code notComputable() {
    return side() == Side.OLD ? Code.NOT_COMPUTABLE : Code.NOT_CHECKED;
  }

  private Side side() {
    return images.group().side();
  }

  private String place(TableName table) {
    return side().name().toLowerCase(Locale.ROOT) + " " + table;
  }
}
