package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.From;
import dev.crossfade.sql.parse.WriteOutline.Span;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE and DELETE.
 *
 * <pre>
 * WITH crossfade_hit AS (SELECT columns as b1 b2 ..., values of SET as s1 ... FROM rows AS t, items WHERE ...),
 *      crossfade_before AS (...), crossfade_after AS (...), the effect
 * SELECT what RETURNING says
 * </pre>
 */
final class Changes {
  private final Request request;
  private final @Nullable From more;
  private final @Nullable Span where;
  private final @Nullable Assignments set;

  private Changes(
      Request request, @Nullable From more, @Nullable Span where, @Nullable Assignments set) {
    this.request = request;
    this.more = more;
    this.where = where;
    this.set = set;
  }

  static WriteTranslation update(Request request, WriteOutline.Update update)
      throws RefusedException {
    Assignments set = new Assignments(request, update.change().set());
    return new Changes(request, update.from(), update.change().where(), set).translate("UPDATE");
  }

  static WriteTranslation delete(Request request, WriteOutline.Delete delete) {
    return new Changes(request, delete.using(), delete.where(), null).translate("DELETE");
  }

  private WriteTranslation translate(String tag) {
    SqlText lock =
        Locking.statement(
            request,
            request.from(more),
            request.text().addCondition(" WHERE ", where),
            strength(request, set));
    boolean after = set != null;
    SqlText write = request.with().add("crossfade_hit AS MATERIALIZED (").add(hit()).add(")");
    write.add(", " + Effect.BEFORE + " AS (SELECT " + Assignments.renamed(request, "b"));
    write.add(" FROM crossfade_hit)");
    if (set != null) {
      String changed = "(SELECT " + set.changed("s", "b") + " FROM crossfade_hit)";
      write.add(", " + Effect.AFTER + " AS (" + Guard.select(request.target(), changed) + ")");
    }
    String moved = set == null ? "" : set.moved("s", "b", "crossfade_hit");
    write.add(moved);
    write.add(new Effect(request.target(), true, after, !moved.isEmpty()).queries()).add(answer());
    return WriteTranslation.of(
        Returning.kind(request, tag),
        lock.build(request.tokenCount()),
        write.build(request.tokenCount()));
  }

  /** As strong as the server's own: a key that others refer to must not change under them. */
  static Locking.Strength strength(Request request, @Nullable Assignments set) {
    boolean keeps =
        set != null
            && !set.setsAnyOf(request.target().key())
            && request.target().shape().rules().uniqueKeys().stream()
                .map(UniqueKey::columns)
                .noneMatch(set::setsAnyOf);
    return keeps ? Locking.Strength.NO_KEY_UPDATE : Locking.Strength.UPDATE;
  }

  private SqlText hit() {
    SqlText hit = request.text().add("SELECT ");
    if (more != null) {
      // Of several items that fit a row one is taken, as the server does.
      String key = Effect.columns(request.alias() + ".", request.target().key());
      hit.add("DISTINCT ON (" + key + ") ");
    }
    hit.add(Assignments.untouched(request, "b"));
    if (set != null) {
      hit.add(set.selected("s"));
    }
    if (more != null) {
      hit.add(Returning.items(more));
    }
    hit.add(" FROM ").add(request.from(more));
    if (set != null) {
      hit.add(set.items());
    }
    hit.add(" WHERE " + Locking.isNoted(request));
    return hit.addCondition(" AND ", where);
  }

  private SqlText answer() {
    Span list = request.outline().returning();
    if (list == null) {
      return Returning.count(request, "crossfade_hit");
    }
    Returning returning = new Returning(request, list);
    if (more == null) {
      return returning.of("SELECT * FROM " + (set == null ? Effect.BEFORE : Effect.AFTER));
    }
    String columns = set == null ? Assignments.renamed(request, "b") : set.changed("s", "b");
    return returning.of("crossfade_hit", columns, more);
  }
}
