package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.Tally;
import dev.crossfade.postgresql.plan.ReadPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one statement batch. Made by the {@link Planner}, executed by the {@link
 * ExchangeRunner}.
 */
sealed interface ExchangePlan {
  /**
   * To the authority, as it came.
   *
   * @param migration empty where it concerns none
   * @param namings what each Parse and each Close frame of the batch does, in order; null when
   *     nothing has to be remembered
   * @param missing statements that the batch uses and the authority does not have: prepared first
   * @param effect on the session when it succeeds
   * @param tally where its answer is counted; null where it is not
   * @param entity the key of the one entity that it reads; null when it may be about others
   * @param comparable what new could be asked as well; null where it could not, or nobody compares
   */
  record Forward(
      RouteReason reason,
      String migration,
      Naming @Nullable [] namings,
      @Nullable PreparedStatement missing,
      @Nullable SessionEffect effect,
      @Nullable Tally tally,
      @Nullable String entity,
      @Nullable Comparable comparable)
      implements ExchangePlan {
    Forward(
        RouteReason reason,
        String migration,
        Naming @Nullable [] namings,
        @Nullable PreparedStatement missing,
        @Nullable SessionEffect effect,
        @Nullable Tally tally,
        @Nullable String entity) {
      this(reason, migration, namings, missing, effect, tally, entity, null);
    }

    Forward(
        RouteReason reason,
        String migration,
        Naming @Nullable [] namings,
        @Nullable PreparedStatement missing,
        @Nullable SessionEffect effect) {
      this(reason, migration, namings, missing, effect, null);
    }

    Forward(
        RouteReason reason,
        String migration,
        Naming @Nullable [] namings,
        @Nullable PreparedStatement missing,
        @Nullable SessionEffect effect,
        @Nullable Tally tally) {
      this(reason, migration, namings, missing, effect, tally, null);
    }

    Forward reading(@Nullable String one) {
      return new Forward(reason, migration, namings, missing, effect, tally, one, comparable);
    }

    Forward comparable(@Nullable Comparable both) {
      return both == null
          ? this
          : new Forward(reason, migration, namings, missing, effect, tally, entity, both);
    }

    static Forward plain(RouteReason reason, String migration) {
      return new Forward(reason, migration, null, null, null);
    }

    Forward concerning(String concerned, @Nullable SessionEffect itsEffect) {
      return new Forward(reason, concerned, namings, missing, itsEffect, tally, entity);
    }

    Forward because(RouteReason itsReason, String concerned) {
      return new Forward(itsReason, concerned, namings, missing, effect, tally, entity);
    }

    /** Whether it names no mapped table. */
    boolean isUnmapped() {
      return tally == null && reason == RouteReason.UNMAPPED;
    }

    /** The migration, also where only what is counted tells; empty where it concerns none. */
    String concerned() {
      return migration.isEmpty() && tally != null ? tally.migration() : migration;
    }

    void answered(Side side, long tookNanos, long nowNanos) {
      if (tally != null) {
        tally.answered(side, tookNanos, nowNanos);
      }
    }

    /**
     * @param last whether nobody answers instead
     */
    void failedOnNew(int errorClass, boolean last) {
      if (tally != null) {
        tally.failedOnNew(errorClass);
        if (last) {
          tally.endedOnNew(errorClass);
        }
      }
    }

    Forward counted(@Nullable Tally itsTally) {
      return new Forward(reason, migration, namings, missing, effect, itsTally, entity);
    }
  }

  /**
   * A read that goes to the authority and that either side could answer.
   *
   * @param statement what the batch binds; null for a simple Query
   * @param firstFrame its first one; those before begin a transaction
   */
  record Comparable(ReadPlan plan, @Nullable PreparedStatement statement, int firstFrame) {
    /** The whole batch. */
    static Comparable of(ReadPlan plan, @Nullable PreparedStatement statement) {
      return new Comparable(plan, statement, 0);
    }

    Comparable from(int frame) {
      return new Comparable(plan, statement, frame);
    }
  }

  /**
   * To new, translated.
   *
   * @param query the whole translated text of a simple Query; null in the extended protocol
   * @param statement what the batch binds; null for a simple Query
   * @param parseFrame index of the unnamed Parse frame to be replaced; -1 when there is none
   * @param fallback what is done when new fails
   */
  record Read(
      ReadPlan plan,
      byte @Nullable [] query,
      @Nullable PreparedStatement statement,
      int parseFrame,
      Forward fallback)
      implements ExchangePlan {}

  /**
   * To new, which is the authority of what it concerns.
   *
   * @param writes it may write
   * @param ends it ends the client's transaction, also on old
   * @param uses statements that have been prepared before, perhaps elsewhere
   * @param namings what each Parse and each Close frame of the batch does, in order
   * @param makes names of the cursors and prepared statements of SQL that it makes
   * @param comparable what old could be asked as well; null where it could not, or nobody compares
   * @param trace that the client belongs to; null where there is none
   */
  record Moved(
      String migration,
      boolean writes,
      boolean ends,
      List<PreparedStatement> uses,
      List<Naming> namings,
      List<String> makes,
      @Nullable Comparable comparable,
      @Nullable Tally trace)
      implements ExchangePlan {
    Moved traced(Tally itsTrace) {
      return new Moved(migration, writes, ends, uses, namings, makes, comparable, itsTrace);
    }

    /** New has answered it whole. */
    void count(SessionMeters meters, long startNanos, int errorClass) {
      long now = System.nanoTime();
      meters.routed(migration, Side.NEW, RouteReason.AUTHORITY_NEW);
      meters.answered(migration, Side.NEW, false, now - startNanos);
      if (errorClass != Exchange.NO_ERROR) {
        meters.erred(migration, Side.NEW, errorClass);
      }
      if (trace != null && errorClass != Exchange.NO_ERROR) {
        trace.erred(Side.NEW, errorClass);
      }
      if (trace != null) {
        trace.answered(Side.NEW, now - startNanos, now);
      }
    }
  }

  /** Not done: the client is told why, and its transaction has failed. */
  record Refused(Fault fault) implements ExchangePlan {}

  /**
   * Answered by the sidecar itself.
   *
   * @param prefix frames that come first and are old's
   * @param open the batch has not ended: a Flush follows
   */
  record Local(int prefix, boolean open) implements ExchangePlan {}

  /**
   * The first frames of a batch open a READ ONLY transaction and go to the authority with a Sync of
   * their own; the others are then a batch by themselves, one that new may answer.
   *
   * @param frames how many they are
   * @param forward how they are accounted
   */
  record Opening(int frames, Forward forward) implements ExchangePlan {}

  /** Not to old, and only when old has answered what it was asked before. */
  record Wait() implements ExchangePlan {}
}
