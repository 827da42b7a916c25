package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.Verdict.Changed;
import dev.crossfade.engine.catalog.Verdict.Refused;
import dev.crossfade.engine.catalog.Verdict.Unchanged;
import dev.crossfade.engine.catalog.Verdict.Why;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who decides a share of reads: people, or the flag that the migration's file names. */
final class FlagRules {
  private FlagRules() {}

  /** What a file's flag makes of a migration that it is applied to. */
  static @Nullable Following of(@Nullable String flag) {
    return flag == null ? null : new Following(flag, null);
  }

  /** Why people may not set the share; empty when they may. */
  static Optional<Refused> refusal(CatalogEntry entry, Command.SetReads set) {
    Following following = entry.following();
    if (following == null || following.isOverridden() || set.overrides()) {
      return Optional.empty();
    }
    return Optional.of(
        new Refused(
            Why.STATE,
            "migration '"
                + entry.name()
                + "' follows the flag '"
                + following.flag()
                + "' of Unleash: change that, or take the share over with --override until 'ctl"
                + " flag follow "
                + entry.name()
                + "'"));
  }

  /** The flag says a share. */
  static Verdict follow(CatalogEntry entry, Command.FollowFlag set, Moment moment) {
    Following following = entry.following();
    if (following == null || !following.flag().equals(set.flag()) || following.isOverridden()) {
      return new Refused(
          Why.STATE,
          "migration '" + entry.name() + "' does not follow the flag '" + set.flag() + "' now");
    }
    Position before = entry.position();
    if (before.stage().authority() == Side.NEW) {
      return new Refused(
          Why.STATE,
          "migration '"
              + entry.name()
              + "' is in "
              + before.stage()
              + ", where new answers all reads: its flag decides nothing there");
    }
    String group = set.bucketGroup().equals(entry.name()) ? "" : set.bucketGroup();
    Position after =
        new Position(before.stage(), set.reads(), set.stickiness(), before.consistency(), group);
    String message = CatalogRules.readsMessage(entry.name(), after);
    if (after.equals(before)) {
      return new Unchanged(entry, message);
    }
    CatalogEntry changed = entry.with(after, moment);
    return new Changed(
        changed,
        CatalogRules.change(changed, Change.Kind.READS, set.note(), before, moment),
        message);
  }

  /** The flag decides again. */
  static Verdict resume(CatalogEntry entry, Command.Resume resume, Moment moment) {
    Following following = entry.following();
    if (following == null) {
      return new Refused(
          Why.STATE,
          "the file of migration '" + entry.name() + "' names no flag: spec.flag.unleash would");
    }
    String message =
        "migration '" + entry.name() + "' follows the flag '" + following.flag() + "' of Unleash";
    if (!following.isOverridden()) {
      return new Unchanged(entry, message);
    }
    Position position = entry.position();
    CatalogEntry changed = entry.with(position, moment).with(following.resumed());
    return new Changed(
        changed,
        CatalogRules.change(changed, Change.Kind.FOLLOWED, resume.note(), position, moment),
        message + " again");
  }

  /**
   * A new file's flag, with nobody's override: buckets of a flag that is followed no more are left.
   */
  static CatalogEntry replaced(CatalogEntry replaced, @Nullable String flag) {
    Following before = replaced.following();
    if (before != null && before.flag().equals(flag)) {
      return replaced;
    }
    Moment moment = new Moment(replaced.version(), replaced.lifetime().updatedAt());
    return replaced.with(replaced.position().withOwnBuckets(), moment).with(of(flag));
  }
}
