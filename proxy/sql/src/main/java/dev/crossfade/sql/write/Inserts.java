package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Change;
import dev.crossfade.sql.parse.WriteOutline.Conflict;
import dev.crossfade.sql.parse.WriteOutline.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** INSERT, with ON CONFLICT or without. */
final class Inserts {
  private static final String TAG = "INSERT 0";

  private final Request request;
  private final WriteOutline.Insert insert;

  private Inserts(Request request, WriteOutline.Insert insert) {
    this.request = request;
    this.insert = insert;
  }

  static WriteTranslation insert(Request request, WriteOutline.Insert insert)
      throws RefusedException {
    if (insert.overriding()) {
      throw request.refuse("OVERRIDING");
    }
    Inserts inserts = new Inserts(request, insert);
    return insert.conflict() == null ? inserts.plain() : inserts.onConflict(insert.conflict());
  }

  private WriteTranslation plain() throws RefusedException {
    SqlText write = request.with().add(new GivenRows(request, insert, true).queries());
    String after = Guard.select(request.target(), "crossfade_given");
    write.add(", " + Effect.AFTER + " AS (" + after + ")");
    write.add(new Effect(request.target(), false, true, false).queries()).add(answer());
    List<SqlText> ahead = entityTurn();
    SqlText lock = entityLock();
    if (lock != null) {
      ahead.add(lock);
    }
    return translation(ahead, write);
  }

  private WriteTranslation translation(List<SqlText> ahead, SqlText write) {
    return WriteTranslation.of(
        Returning.kind(request, TAG),
        Stream.concat(ahead.stream(), Stream.of(write))
            .map(sql -> sql.build(request.tokenCount()))
            .toArray(Template[]::new));
  }

  private SqlText answer() {
    Span list = insert.returning();
    return list == null
        ? Returning.count(request, Effect.AFTER)
        : new Returning(request, list).of("SELECT * FROM " + Effect.AFTER);
  }

  /**
   * Where rows of several tables make one stored row: of two sessions that both add to one that is
   * not there yet, the second one waits for the first.
   */
  private List<SqlText> entityTurn() throws RefusedException {
    WriteTarget target = request.target();
    boolean shared =
        target.stores().stream().anyMatch(store -> store.table().reads().size() > 1)
            && GivenRows.names(request, insert, target.entity());
    List<SqlText> ahead = new ArrayList<>();
    if (shared) {
      ahead.add(turn(target.entity(), "entity of " + target.migration()));
    }
    return ahead;
  }

  private SqlText turn(List<String> columns, String subject) throws RefusedException {
    SqlText with = request.with().add(new GivenRows(request, insert, false).queries()).add(", ");
    return Locking.inTurn(with, columns, "crossfade_given", subject);
  }

  /** A row of an entity that has others changes what is made of them all. */
  private @Nullable SqlText entityLock() throws RefusedException {
    WriteTarget target = request.target();
    if (!target.sharesEntities() || !GivenRows.names(request, insert, target.entity())) {
      return null;
    }
    SqlText with = request.with().add(new GivenRows(request, insert, false).queries()).add(", ");
    SqlText keys = request.text().add("SELECT DISTINCT " + Locking.keyColumns(request));
    keys.add(" FROM crossfade_given AS " + request.alias());
    return Locking.ofKeys(request, with, keys, Locking.Strength.NO_KEY_UPDATE);
  }

  private WriteTranslation onConflict(Conflict conflict) throws RefusedException {
    List<String> arbiter = arbiter(conflict);
    String same = Effect.equal("g", request.alias(), arbiter);
    // By their keys alone, also what is not there: of two that find nothing one waits for the
    // other,
    // and looks again.
    List<SqlText> ahead = entityTurn();
    ahead.add(turn(arbiter, request.target().shape().name().toString()));
    SqlText others = entityLock();
    if (others != null) {
      ahead.add(others);
    }
    ahead.add(conflictLock(same));
    Change change = conflict.update();
    SqlText write =
        request
            .with()
            .add(new GivenRows(request, insert, true).queries())
            .add(", ")
            .add(counted(arbiter));
    Assignments set = change == null ? null : new Assignments(request, change.set());
    if (set != null && change != null) {
      write.add(", crossfade_hit AS MATERIALIZED (").add(hit(set, change, arbiter)).add(")");
      write.add(", " + Effect.BEFORE + " AS (SELECT " + Assignments.renamed(request, "b"));
      write.add(" FROM crossfade_hit)");
    }
    write.add(", " + Effect.AFTER + " AS (" + Guard.select(request.target(), after(set, arbiter)));
    String moved = set == null ? "" : set.moved("s", "b", "crossfade_hit");
    write.add(")").add(moved);
    write.add(new Effect(request.target(), set != null, true, !moved.isEmpty()).queries());
    write.add(answer());
    return translation(ahead, write);
  }

  /** The columns of the unique index that decides what a conflict is. */
  private List<String> arbiter(Conflict conflict) throws RefusedException {
    List<UniqueKey> keys = request.target().shape().rules().uniqueKeys();
    if (conflict.predicate()) {
      throw request.refuse("ON CONFLICT with more than columns");
    }
    if (conflict.constraint() != null) {
      return keys.stream()
          .filter(key -> key.name().equals(conflict.constraint()))
          .findFirst()
          .map(UniqueKey::columns)
          .orElseThrow(() -> request.refuse("no unique index called " + conflict.constraint()));
    }
    if (conflict.columns().isEmpty() && keys.size() != 1) {
      throw request.refuse("ON CONFLICT without columns, and " + keys.size() + " unique indexes");
    }
    TreeSet<String> wanted = new TreeSet<>(conflict.columns());
    return keys.stream()
        .map(UniqueKey::columns)
        .filter(columns -> wanted.isEmpty() || wanted.equals(new TreeSet<>(columns)))
        .findFirst()
        .orElseThrow(() -> request.refuse("no unique index on the columns of ON CONFLICT"));
  }

  /** Locks what is there. */
  private SqlText conflictLock(String same) throws RefusedException {
    SqlText with = request.with().add(new GivenRows(request, insert, false).queries()).add(", ");
    SqlText keys =
        request
            .text()
            .add("SELECT DISTINCT " + Locking.keyColumns(request))
            .add(" FROM crossfade_given AS g JOIN ")
            .add(request.from(null))
            .add(" ON " + same);
    return Locking.ofKeys(request, with, keys, Locking.Strength.UPDATE);
  }

  /** The rows with how many have their key, and which of them each is. */
  private SqlText counted(List<String> arbiter) {
    String columns = Effect.columns("g.", arbiter);
    String unknown =
        arbiter.stream()
            .map(name -> "g." + Sql.quote(name) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    String window = " OVER (PARTITION BY " + columns + ") END";
    return request
        .text()
        .add("crossfade_counted AS MATERIALIZED (SELECT g.*, CASE WHEN " + unknown)
        .add(" THEN 1 ELSE count(*)" + window + " AS crossfade_n, CASE WHEN " + unknown)
        .add(" THEN 1 ELSE row_number()" + window + " AS crossfade_i FROM crossfade_given AS g)");
  }

  /** Rows that are there already and are changed. */
  private SqlText hit(Assignments set, Change change, List<String> arbiter) {
    String same = Effect.equal("excluded", request.alias(), arbiter);
    String given = "(SELECT " + Effect.columns("", request.names()) + " FROM crossfade_counted)";
    return request
        .text()
        .add("SELECT " + Assignments.untouched(request, "b"))
        .add(set.selected("s"))
        .add(" FROM ")
        .add(request.from(null))
        .add(" JOIN " + given + " AS excluded ON " + same)
        .add(set.items())
        .add(" WHERE " + Locking.isNoted(request))
        .addCondition(" AND ", change.where());
  }

  /** Rows that are changed, and rows that are new. */
  private String after(@Nullable Assignments set, List<String> arbiter) {
    String columns = Effect.columns("g.", request.names());
    String there =
        "EXISTS (SELECT FROM "
            + request.target().rows()
            + " AS "
            + request.alias()
            + " WHERE "
            + Effect.equal(request.alias(), "g", arbiter)
            // A row that came after the others were locked is not held: it is in the way.
            + (set == null ? ")" : " AND " + Locking.isNoted(request) + ")");
    if (set == null) {
      return "(SELECT "
          + columns
          + " FROM crossfade_counted AS g WHERE crossfade_i = 1 AND NOT "
          + there
          + ")";
    }
    // Two rows for one key fail as the server's own do: a second one may not affect what a first
    // did.
    String once = "(SELECT i FROM pg_catalog.generate_series(1, g.crossfade_n) AS i) = 1";
    return "(SELECT "
        + set.changed("s", "b")
        + " FROM crossfade_hit UNION ALL SELECT "
        + columns
        + " FROM crossfade_counted AS g WHERE "
        + once
        + " AND NOT "
        + there
        + ")";
  }
}
