package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Change;
import dev.crossfade.sql.parse.WriteOutline.Conflict;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    write.add(new Effect(request.target(), false, true).queries()).add(answer());
    return translation(entityLock(), write);
  }

  private WriteTranslation translation(@Nullable SqlText lock, SqlText write) {
    Template last = write.build(request.tokenCount());
    Answer answer = Returning.kind(request, TAG);
    return lock == null
        ? WriteTranslation.of(answer, last)
        : WriteTranslation.of(answer, lock.build(request.tokenCount()), last);
  }

  private SqlText answer() {
    Span list = insert.returning();
    return list == null
        ? Returning.count(request, Effect.AFTER)
        : new Returning(request, list).of("SELECT * FROM " + Effect.AFTER);
  }

  /** A row of an entity that has others changes what is made of them all. */
  private @Nullable SqlText entityLock() throws RefusedException {
    WriteTarget target = request.target();
    boolean alone =
        target.isWholeEntity()
            && target.stores().stream().allMatch(store -> store.table().reads().size() == 1);
    if (alone || !GivenRows.names(request, insert, target.entity())) {
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
    SqlText lock = conflictLock(arbiter, same);
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
    write.add(")").add(new Effect(request.target(), set != null, true).queries()).add(answer());
    return translation(lock, write);
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

  /**
   * Locks what is there and, by their keys alone, also what is not: of two that find nothing one
   * waits for the other.
   */
  private SqlText conflictLock(List<String> arbiter, String same) throws RefusedException {
    String table = Defaults.literal(request.target().shape().name().toString());
    String key =
        "pg_catalog.hashtextextended(CAST(ROW("
            + Effect.columns("g.", arbiter)
            + ") AS text), pg_catalog.hashtext("
            + table
            + "))";
    SqlText with =
        request
            .with()
            .add(new GivenRows(request, insert, false).queries())
            .add(", crossfade_advice AS MATERIALIZED (SELECT pg_catalog.pg_advisory_xact_lock(h.k)")
            .add(
                " FROM (SELECT DISTINCT "
                    + key
                    + " AS k FROM crossfade_given AS g ORDER BY 1) AS h), ");
    SqlText keys =
        request
            .text()
            .add("SELECT DISTINCT " + Locking.keyColumns(request))
            .add(" FROM crossfade_given AS g JOIN ")
            .add(request.from(null))
            .add(" ON " + same);
    SqlText lock = Locking.ofKeys(request, with, keys, Locking.Strength.UPDATE);
    return lock.add(", (SELECT count(*) FROM crossfade_advice) AS advice");
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
        .addCondition(" WHERE ", change.where());
  }

  /** Rows that are changed, and rows that are new. */
  private String after(@Nullable Assignments set, List<String> arbiter) {
    String columns = Effect.columns("g.", request.names());
    String there =
        "EXISTS (SELECT FROM "
            + request.target().rows()
            + " AS d WHERE "
            + Effect.equal("d", "g", arbiter)
            + ")";
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
