package dev.crossfade.server.move;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.Position;
import dev.crossfade.engine.catalog.Transition;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.MirrorState;
import dev.crossfade.mirror.Rehearsal;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.LensCheckStore;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.QueryRow;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.SidecarRow;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerificationStore.Verified;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has to be true before a move begins. Each thing that is not has a sentence of its own. The
 * way back asks for less than the way forward: it must be there when things go wrong.
 */
final class Preflight {
  private static final int JOBS_MAX = 1_000;
  private static final int CHANGES_MAX = 1_000;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration CANARY_MAX = Duration.ofSeconds(10);
  private static final String NO_SCHEMA = "3F000";
  private static final String NO_TABLE = "42P01";

  private final Sources sources;
  private final Limits limits;

  /** Where it looks besides the databases. */
  record Sources(
      CatalogStore catalog,
      JobStore jobs,
      Evidence evidence,
      QueryStore queries,
      Followers sidecars) {}

  /**
   * @param verified how old the last verification and the last check of the lens may be
   * @param follow for how long sidecars that lack the catalog's last change are waited for
   * @param measure for how long a way back waits until it is known what it would lose
   */
  record Limits(Duration verified, Duration follow, Duration measure) {}

  Preflight(Sources sources, Limits limits) {
    this.sources = sources;
    this.limits = limits;
  }

  /**
   * What speaks against it, as a part of a sentence; empty when nothing does.
   *
   * @param stopped whether to wait for sidecars no longer
   */
  Optional<String> obstacle(MoveRow move, MoveTarget target, BooleanSupplier stopped)
      throws StoreException, SQLException, QueryException, CatalogTooLargeException {
    Transition transition = move.move().transition();
    List<Check> checks = new ArrayList<>();
    checks.add(() -> openJob(move));
    if (transition == Transition.GO_LIVE) {
      checks.add(() -> Standards.unfenced(target.lens()));
    }
    for (Side side : Side.values()) {
      checks.add(() -> uncaptured(side, transition, target));
    }
    if (transition == Transition.GO_LIVE) {
      checks.add(() -> Standards.unfit(target));
      checks.add(() -> unproved(move, target));
      checks.add(() -> unverified(move, target));
      checks.add(() -> lossy(move));
      checks.add(() -> untranslated(move));
    }
    if (transition.from().authority() == Side.NEW && transition.to().authority() == Side.OLD) {
      WayBack way =
          new WayBack(
              sources.evidence().losses(), new WayBack.Limits(limits.measure(), limits.verified()));
      checks.add(() -> way.obstacle(move, target, stopped));
    }
    if (transition == Transition.FINISH) {
      checks.add(() -> Standards.unowned(target));
    }
    if (!transition.isBackward()) {
      checks.add(() -> unfollowed(move, stopped));
    }
    for (Check check : checks) {
      Optional<String> found = check.look();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** One thing that may speak against it. */
  private interface Check {
    Optional<String> look()
        throws StoreException, SQLException, QueryException, CatalogTooLargeException;
  }

  /** One that carries works one way only. Those that compare follow the authority. */
  private Optional<String> openJob(MoveRow move) throws StoreException {
    for (JobRow job : sources.jobs().list(move.migration(), JOBS_MAX)) {
      if (job.kind() == JobRow.Kind.BACKFILL && !job.standing().state().isEnded()) {
        return Optional.of("job " + job.id() + ", a " + name(job.kind()) + " of it, has not ended");
      }
    }
    return Optional.empty();
  }

  private static String name(JobRow.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private Optional<String> unverified(MoveRow move, MoveTarget target)
      throws StoreException, QueryException {
    String again = ": run 'ctl job start verify " + move.migration() + "'";
    Optional<Verified> verified = sources.evidence().verifications().verifiedAsOf(move.migration());
    if (verified.isEmpty()) {
      return Optional.of("nobody has verified that new has what old has" + again);
    }
    Instant asOf = verified.get().asOf();
    long drifted = verified.get().found().drifted();
    if (drifted > 0) {
      return Optional.of("its last verification found " + drifted + " drifted" + again);
    }
    EvidenceAge age = EvidenceAge.of(asOf, move, limits.verified());
    if (age.isTooOld()) {
      return Optional.of("its last verification began " + age.told() + again);
    }
    if (!verified.get().isAfterBackfill() || isAfter(carriedAt(move.migration(), target), asOf)) {
      return Optional.of("a backfill came after its last verification began" + again);
    }
    return isAfter(mirroredSince(move.migration()), asOf)
        ? Optional.of("it was in OFF after its last verification began" + again)
        : Optional.empty();
  }

  /** As the laws were checked on every row of old. */
  private Optional<String> lossy(MoveRow move) throws StoreException {
    String again = ": run 'ctl job start lens-check " + move.migration() + "'";
    Optional<LensCheckStore.Checked> checked =
        sources.evidence().lensChecks().checkedAsOf(move.migration());
    if (checked.isEmpty()) {
      return Optional.of("nobody has checked on data that its lens loses nothing" + again);
    }
    Optional<CatalogStore.Detail> detail = sources.catalog().detail(move.migration(), 0);
    if (detail.isEmpty() || !detail.get().entry().file().hash().equals(checked.get().fileHash())) {
      return Optional.of("it had another file when its lens was last checked on data" + again);
    }
    EvidenceAge age = EvidenceAge.of(checked.get().asOf(), move, limits.verified());
    if (age.isTooOld()) {
      return Optional.of("its lens was last checked on data " + age.told() + again);
    }
    LensCheckStore.Found found = checked.get().found();
    return found.lost() == 0 || move.move().note().acceptsLoss()
        ? Optional.empty()
        : Optional.of(
            "its lens loses "
                + found.lost()
                + (found.lost() == 1 ? " row or value" : " rows and values")
                + " of old ("
                + found.findings().getFirst()
                + (found.findings().size() > 1 ? "; ..." : "")
                + "): see 'ctl show "
                + move.migration()
                + "', keep them in new, or accept it with --accept-loss");
  }

  /** Both ways work, by a row that no client sees; and the sidecars have nothing else to say. */
  private Optional<String> unproved(MoveRow move, MoveTarget target) throws StoreException {
    for (SidecarRow sidecar : sources.sidecars().list()) {
      for (SidecarRow.Notice notice : sidecar.notices()) {
        if (sidecar.connected()
            && notice.code().equals("CANARY_MISSING")
            && notice.migration().equals(move.migration())) {
          return Optional.of(who(sidecar) + " says: " + notice.message());
        }
      }
    }
    return Rehearsal.forth(target.link(Side.OLD), CANARY_MAX)
        .or(() -> Rehearsal.back(target.link(Side.NEW)));
  }

  private static boolean isAfter(@Nullable Instant what, @Nullable Instant that) {
    return what != null && that != null && what.isAfter(that);
  }

  /** When it last left OFF; null when that is long ago. */
  private @Nullable Instant mirroredSince(String migration) throws StoreException {
    Optional<CatalogStore.Detail> detail = sources.catalog().detail(migration, CHANGES_MAX);
    if (detail.isPresent()) {
      for (Change change : detail.get().history()) {
        Position from = change.from();
        if (from != null && from.stage() == Stage.OFF && change.standing().stage() != Stage.OFF) {
          return change.at();
        }
      }
    }
    return null;
  }

  /** When a backfill last did something, whoever ran it; null when none did. */
  private static @Nullable Instant carriedAt(String migration, MoveTarget target)
      throws QueryException {
    String at =
        target.ask(
            Side.OLD,
            "SELECT (extract(epoch FROM max(at)) * 1000)::bigint FROM crossfade.backfill WHERE"
                + " migration = '"
                + migration.replace("'", "''")
                + "'");
    return at == null ? null : Instant.ofEpochMilli(Long.parseLong(at));
  }

  /** As the readiness report has it. */
  private Optional<String> untranslated(MoveRow move) throws StoreException {
    long blocking =
        sources.queries().list(move.migration(), "").rows().stream()
            .map(QueryRow::standing)
            .filter(standing -> standing.blocks().contains(Stage.LIVE))
            .count();
    return blocking == 0
        ? Optional.empty()
        : Optional.of(
            blocking
                + (blocking == 1 ? " statement" : " statements")
                + " of services could not be carried out on new: see 'ctl readiness "
                + move.migration()
                + "'");
  }

  private static Optional<String> uncaptured(Side side, Transition transition, MoveTarget target)
      throws SQLException {
    MirrorState state;
    try {
      state = MirrorState.read(target.endpoint(side), target.capture(side));
    } catch (SQLException e) {
      if (NO_SCHEMA.equals(e.getSQLState()) || NO_TABLE.equals(e.getSQLState())) {
        return Optional.of(notInstalled(side));
      }
      throw e;
    }
    if (state.fence() == null) {
      return Optional.of(notInstalled(side));
    }
    Side authority = transition.from().authority();
    if (state.fence().authority() != authority) {
      return Optional.of(
          name(side) + " holds that " + name(state.fence().authority()) + " has the authority");
    }
    if (transition == Transition.FINISH) {
      return Optional.empty();
    }
    if (state.missing() > 0) {
      return Optional.of(
          state.missing()
              + " triggers are missing or switched off on "
              + name(side)
              + ", or changes pass them by: run 'ctl mirror install' again");
    }
    long dead = state.log().deadLetters();
    return side == authority && dead > 0
        ? Optional.of(
            transition.isBackward()
                ? dead
                    + " entities of new could not be carried to old, which would lose them: see"
                    + " 'ctl mirror dead-letters'"
                : dead + " entities could not be carried: see 'ctl mirror dead-letters'")
        : Optional.empty();
  }

  private static String notInstalled(Side side) {
    return "capture is not installed on " + name(side) + ": run 'ctl mirror install'";
  }

  private static String name(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  /** The move's beginning was a change of the catalog: who has that has all before it. */
  private Optional<String> unfollowed(MoveRow move, BooleanSupplier stopped) throws StoreException {
    long end = System.nanoTime() + limits.follow().toNanos();
    while (true) {
      Optional<SidecarRow> behind = Optional.empty();
      for (SidecarRow sidecar : sources.sidecars().list()) {
        if (sidecar.connected() && sidecar.nackedVersion() >= move.move().id()) {
          return Optional.of(
              who(sidecar) + " refuses the catalog as it is: " + sidecar.nackReason());
        }
        if (sidecar.connected() && sidecar.ackedVersion() < move.move().id()) {
          behind = Optional.of(sidecar);
        }
      }
      if (behind.isEmpty()) {
        return Optional.empty();
      }
      if (stopped.getAsBoolean() || System.nanoTime() - end > 0) {
        return Optional.of(
            who(behind.get())
                + " has not taken over the catalog's last change within "
                + limits.follow().toSeconds()
                + " s");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static String who(SidecarRow sidecar) {
    return "sidecar " + sidecar.identity().service() + "/" + sidecar.identity().instance();
  }
}
