package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.ReadRequest;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.Router;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.ReadPlan;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Routes the reads of one session: its own conditions first, then the flags. */
final class SessionRouter {
  private final ClientSession session;
  private final String sessionKey;
  private final String user;
  private final boolean ofOldDatabase;
  private final boolean inScope;

  /**
   * The random bits of the batch at hand: a batch that waits keeps them, or the share would be
   * wrong.
   */
  private int random;

  private boolean wrote;

  SessionRouter(ClientSession session) {
    this.session = session;
    this.sessionKey = Long.toHexString(ThreadLocalRandom.current().nextLong()) + session.id();
    this.user = session.startup().user();
    this.ofOldDatabase =
        session.startup().database().equals(session.context().servers().oldDatabase());
    this.inScope =
        ofOldDatabase
            && session.shaped() == null
            && StartupScope.isUsual(session.startup().parameters());
    nextBatch();
  }

  /** The batch at hand is decided; the next one is drawn anew. */
  void nextBatch() {
    random = ThreadLocalRandom.current().nextInt();
  }

  /** Of the lenses in force. */
  int generation() {
    Lenses lenses = lenses();
    return lenses == null ? PreparedStatement.NO_LENSES : lenses.generation();
  }

  /** Whether reads that one side answers may be run on the other as well. */
  boolean comparesReads() {
    return session.context().shadow() != null;
  }

  /** Null while no migration is known. */
  @Nullable Lenses lenses() {
    return session.context().routing().lenses();
  }

  /** Whether any read of this session could go to new now. */
  boolean mayReadNew() {
    return inScope
        && session.context().routing().lenses() != null
        && session.context().routing().flags().migrations().values().stream()
            .anyMatch(flags -> flags.effectiveReads().buckets() > 0);
  }

  /** Whether the session's database is the one that the migrations concern. */
  boolean isOfOldDatabase() {
    return ofOldDatabase;
  }

  /** A batch is about to be looked at. */
  void beginBatch() {
    wrote = false;
  }

  /** Whether the batch at hand may write mapped tables. */
  boolean hasWritten() {
    return wrote;
  }

  /** This session may have written tables of a migration: new may be stale from now on. */
  void wrote(String migration) {
    if (ofOldDatabase) {
      wrote = true;
      session.state().freshness().writes();
      session.oldSide().ack().wrote(migration);
      session.context().routing().wrote(migration);
      if (inScope && session.context().routing().plansOfMove() != null) {
        session.moved().connectAhead();
      }
    }
  }

  /** Routes a read; the conditions of this session first, then the flags. */
  RouteDecision decide(ReadPlan plan, @Nullable String entity) {
    RouteReason kept = keptOnOld();
    if (kept != null) {
      return old(kept);
    }
    if (plan.isGivenUp()) {
      return old(RouteReason.NOT_TRANSLATABLE);
    }
    // While old works, what it says last is not known; only a transaction on new leaves no doubt.
    TransactionSide known = session.state().transaction();
    return byFlags(
        plan,
        entity,
        session.oldSide().isIdle() || known == TransactionSide.READ_ONLY_NEW
            ? known
            : TransactionSide.NONE);
  }

  /** What {@link #decide} would say of the next read: nothing changes by it. */
  RouteDecision foresee(ReadPlan plan, @Nullable String entity, TransactionSide transaction) {
    RouteReason kept = keptOnOld();
    if (kept != null) {
      return old(kept);
    }
    return plan.isFailing()
        ? old(RouteReason.NOT_TRANSLATABLE)
        : byFlags(plan, entity, transaction);
  }

  /** The bucket of the next read. */
  int bucket(MigrationFlags flags, @Nullable String entity) {
    return Router.bucket(flags, caller(entity));
  }

  private @Nullable RouteReason keptOnOld() {
    if (!inScope) {
      return RouteReason.SESSION_SCOPE;
    }
    return session.state().settings().isPinned() ? RouteReason.SESSION_STATE : null;
  }

  private ReadRequest.Caller caller(@Nullable String entity) {
    return new ReadRequest.Caller(sessionKey, user, entity, random);
  }

  private RouteDecision byFlags(
      ReadPlan plan, @Nullable String entity, TransactionSide transaction) {
    ProxyContext context = session.context();
    RouteDecision decision =
        Router.decide(
            new ReadRequest(
                context.routing().flags(),
                plan.migrations(),
                transaction,
                caller(entity),
                new ReadRequest.Conditions(
                    context.circuit().isOpen(),
                    context.routing().unmirrored(),
                    session.state().freshness().behind(plan.onlyEntity(entity)))));
    return decision.side() == Side.OLD ? decision : permitted(plan, decision);
  }

  private RouteDecision permitted(ReadPlan plan, RouteDecision decision) {
    for (String migration : plan.migrations()) {
      switch (session.context().permission().mayRead(user, migration)) {
        case ALLOWED -> {}
        case DENIED -> {
          return old(RouteReason.PRIVILEGES);
        }
        case UNKNOWN -> {
          return old(RouteReason.PLAN_PENDING);
        }
      }
    }
    return decision;
  }

  private static RouteDecision old(RouteReason reason) {
    return new RouteDecision(Side.OLD, reason);
  }
}
