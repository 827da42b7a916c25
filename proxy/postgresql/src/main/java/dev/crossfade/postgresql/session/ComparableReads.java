package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.session.ExchangePlan.Comparable;
import dev.crossfade.postgresql.session.ExchangePlan.Forward;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one read of a batch that either side could answer, where that does not decide about its
 * route: the batch is the authority's anyway.
 */
final class ComparableReads {
  private ComparableReads() {}

  /** What is old's whatever it reads may be a read all the same. */
  static Forward mark(Planner planner, ExtendedBatch batch, Forward forward) {
    boolean unread =
        forward.reason() == RouteReason.METADATA
            || forward.reason() == RouteReason.MULTIPLE_STATEMENTS;
    return unread && planner.session().shaped() == null
        ? forward.comparable(
            batch.executes() == 2 ? behindBegin(planner, batch) : in(planner, batch))
        : forward;
  }

  /** The read that a batch is which was read before, however its rows are fetched. */
  private static @Nullable Comparable in(Planner planner, ExtendedBatch batch) {
    PreparedStatement statement = batch.bound();
    Lenses lenses = planner.router().lenses();
    if (statement == null || !statement.isMapped() || lenses == null || !batch.isOfOne()) {
      return null;
    }
    ReadPlan plan = statement.plan(lenses.generation());
    if (plan == null) {
      planner.reader().read(statement.sql());
      if (!(planner.reader().find(lenses, statement.parameterTypes())
          instanceof PlanState.Ready(ReadPlan ready))) {
        return null;
      }
      plan = ready;
      statement.plan(lenses.generation(), ready, planner.reader().translate(ready));
    }
    return BindParameter.mayMeanMoment(batch.batch(), batch.bindFrame(), plan.parametersAsSeen())
        ? null
        : Comparable.of(plan, statement);
  }

  /** Drivers send BEGIN together with the first statement of the transaction. */
  private static @Nullable Comparable behindBegin(Planner planner, ExtendedBatch whole) {
    PreparedStatement last = whole.bound();
    boolean begins = planner.session().state().transaction() == TransactionSide.NONE;
    if (!begins || last == null || !last.isMapped()) {
      return null;
    }
    int begin = whole.firstExecute() + 1;
    Batch batch = whole.batch();
    ExtendedBatch first = new ExtendedBatch(planner, batch.frames(0, begin));
    first.read();
    PreparedStatement opening = first.bound();
    if (opening == null
        || !first.isOfOne()
        || !MovedContents.isBegin(planner.reader().read(opening.sql()).kind())) {
      return null;
    }
    ExtendedBatch rest = new ExtendedBatch(planner, batch.frames(begin, batch.count()));
    rest.read();
    Comparable both = in(planner, rest);
    return both == null ? null : both.from(begin);
  }

  /** The read that a batch is of tables that new has the authority of. */
  static @Nullable Comparable moved(Planner planner, Batch batch) {
    if (!batch.isSimple()) {
      ExtendedBatch extended = new ExtendedBatch(planner, batch);
      extended.read();
      return in(planner, extended);
    }
    int start = batch.frameStart(0) + 5;
    int end = batch.stringEnd(0, start);
    Lenses lenses = planner.router().lenses();
    if (end < 0
        || lenses == null
        || !planner.reader().read(batch.bytes(), start, end).isPlainRead()) {
      return null;
    }
    return planner.reader().find(lenses, new int[0]) instanceof PlanState.Ready(ReadPlan plan)
        ? Comparable.of(plan, null)
        : null;
  }
}
