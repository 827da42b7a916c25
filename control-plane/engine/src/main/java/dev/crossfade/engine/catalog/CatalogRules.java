package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.Transition.Way;
import dev.crossfade.engine.catalog.Verdict.Changed;
import dev.crossfade.engine.catalog.Verdict.Refused;
import dev.crossfade.engine.catalog.Verdict.Unchanged;
import dev.crossfade.engine.catalog.Verdict.Why;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The one place that decides what a command comes to. */
public final class CatalogRules {
  private CatalogRules() {}

  /** Decides; changes nothing. The same arguments always give the same verdict. */
  public static Verdict decide(CatalogView view, Command command, Moment moment) {
    CatalogEntry entry = view.entry();
    Optional<Refused> conflict = conflict(entry, command);
    if (conflict.isPresent()) {
      return conflict.get();
    }
    if (entry != null && entry.move() != null) {
      return MoveRules.meanwhile(entry, entry.move(), command, moment);
    }
    return switch (command) {
      case Command.Apply apply ->
          entry == null ? create(view, apply, moment) : replace(view, entry, apply, moment);
      case Command.SetStage set -> entry == null ? notFound(set) : step(view, entry, set, moment);
      case Command.SetReads set -> entry == null ? notFound(set) : reads(entry, set, moment);
      case Command.FollowFlag set ->
          entry == null ? notFound(set) : FlagRules.follow(entry, set, moment);
      case Command.Resume resume ->
          entry == null ? notFound(resume) : FlagRules.resume(entry, resume, moment);
      case Command.SetConsistency set ->
          entry == null ? notFound(set) : consistency(entry, set, moment);
      case Command.Rollback rollback ->
          entry == null ? notFound(rollback) : rollback(view, entry, rollback, moment);
      case Command.EndMove end -> entry == null ? notFound(end) : MoveRules.end(entry, end, moment);
    };
  }

  private static Refused notFound(Command command) {
    return new Refused(Why.NOT_FOUND, "there is no migration '" + command.name() + "'");
  }

  private static Optional<Refused> conflict(@Nullable CatalogEntry entry, Command command) {
    OptionalLong expected = command.expectedVersion();
    long version = entry == null ? 0 : entry.version();
    if (expected.isEmpty() || expected.getAsLong() == version) {
      return Optional.empty();
    }
    String now = entry == null ? "does not exist" : "is at version " + version;
    return Optional.of(
        new Refused(
            Why.CONFLICT,
            "migration '"
                + command.name()
                + "' "
                + now
                + ", not at the expected version "
                + expected.getAsLong()
                + ": read it again, then decide again"));
  }

  private static Verdict create(CatalogView view, Command.Apply apply, Moment moment) {
    if (view.migrations() >= CatalogLimits.MIGRATIONS_MAX) {
      return new Refused(
          Why.LIMIT,
          "the catalog already has " + view.migrations() + " migrations, as many as it can hold");
    }
    Optional<Refused> tooLarge = tooLarge(view.yamlBytes(), apply.file());
    if (tooLarge.isPresent()) {
      return tooLarge.get();
    }
    CatalogEntry entry =
        new CatalogEntry(
            apply.name(),
            moment.version(),
            apply.file(),
            Position.START,
            new CatalogEntry.Lifetime(moment.at(), moment.at()),
            checked(apply, moment),
            null,
            FlagRules.of(apply.flag()));
    Change change = change(entry, Change.Kind.CREATED, apply.note(), null, moment);
    return new Changed(
        entry, change, "migration '" + apply.name() + "' is in the catalog, in stage OFF");
  }

  private static Verdict replace(
      CatalogView view, CatalogEntry entry, Command.Apply apply, Moment moment) {
    if (entry.file().yaml().equals(apply.file().yaml())) {
      return again(entry, apply, moment);
    }
    Stage stage = entry.position().stage();
    if (stage != Stage.OFF) {
      return new Refused(
          Why.STATE,
          "migration '"
              + entry.name()
              + "' is in "
              + stage
              + ": its file cannot change under traffic; roll it back to OFF first");
    }
    Optional<Refused> tooLarge = tooLarge(view.yamlBytes() - bytes(entry.file()), apply.file());
    if (tooLarge.isPresent()) {
      return tooLarge.get();
    }
    CatalogEntry replaced =
        FlagRules.replaced(entry.with(apply.file(), checked(apply, moment), moment), apply.flag());
    Change change = change(replaced, Change.Kind.REPLACED, apply.note(), entry.position(), moment);
    return new Changed(
        replaced, change, "migration '" + entry.name() + "' has a new file, in stage OFF");
  }

  /** The same file: only evidence can be new. */
  private static Verdict again(CatalogEntry entry, Command.Apply apply, Moment moment) {
    CheckedCatalogs now = checked(apply, moment);
    CheckedCatalogs before = entry.checked();
    String known = "migration '" + entry.name() + "' already has this file";
    if (now == null || before != null && before.evidence().equals(now.evidence())) {
      return new Unchanged(entry, known);
    }
    CatalogEntry checked = entry.with(entry.file(), now, moment);
    return new Changed(
        checked,
        change(checked, Change.Kind.CHECKED, apply.note(), entry.position(), moment),
        known + "; that its databases' catalogs were compared is noted");
  }

  private static @Nullable CheckedCatalogs checked(Command.Apply apply, Moment moment) {
    return apply.evidence() == null
        ? null
        : new CheckedCatalogs(apply.evidence(), apply.note().actor(), moment.at());
  }

  private static Optional<Refused> tooLarge(long otherBytes, MigrationText file) {
    long bytes = bytes(file);
    if (bytes > CatalogLimits.YAML_MAX_BYTES) {
      return Optional.of(
          new Refused(
              Why.INVALID,
              "the migration file has "
                  + bytes
                  + " bytes; at most "
                  + CatalogLimits.YAML_MAX_BYTES
                  + " are allowed"));
    }
    if (otherBytes + bytes > CatalogLimits.CATALOG_MAX_BYTES) {
      return Optional.of(
          new Refused(
              Why.LIMIT,
              "all migration files together would have "
                  + (otherBytes + bytes)
                  + " bytes; at most "
                  + CatalogLimits.CATALOG_MAX_BYTES
                  + " are allowed"));
    }
    return Optional.empty();
  }

  private static long bytes(MigrationText file) {
    return file.yaml().getBytes(StandardCharsets.UTF_8).length;
  }

  private static Verdict step(
      CatalogView view, CatalogEntry entry, Command.SetStage set, Moment moment) {
    Stage from = entry.position().stage();
    Stage to = set.stage();
    if (from == to) {
      return new Unchanged(entry, "migration '" + entry.name() + "' already is in " + to);
    }
    Optional<Transition> transition = Transition.of(Way.STEP, from, to);
    if (transition.isEmpty()) {
      return new Refused(Why.STATE, stepRefusal(entry.name(), from, to));
    }
    MoveRules.Terms terms = new MoveRules.Terms(set.note(), set.maxPause());
    return taken(view, entry, transition.get(), terms, moment);
  }

  private static Verdict taken(
      CatalogView view,
      CatalogEntry entry,
      Transition transition,
      MoveRules.Terms terms,
      Moment moment) {
    return transition.isMove()
        ? MoveRules.begin(view, entry, transition, terms, moment)
        : moved(entry, transition, terms.note(), moment);
  }

  private static String stepRefusal(String name, Stage from, Stage to) {
    if (from == Stage.COMPLETE) {
      return "migration '" + name + "' is in COMPLETE, which is the end: there is no way back";
    }
    String next =
        from.compareTo(to) < 0
            ? "the next stage forward is " + Stage.values()[from.ordinal() + 1]
            : "one step back is "
                + Stage.values()[from.ordinal() - 1]
                + ", and a rollback goes back to "
                + to
                + " at once";
    return "migration '"
        + name
        + "' cannot go from "
        + from
        + " to "
        + to
        + " in one step: "
        + next;
  }

  private static Verdict rollback(
      CatalogView view, CatalogEntry entry, Command.Rollback rollback, Moment moment) {
    Stage from = entry.position().stage();
    Stage to = rollback.to();
    if (from == to) {
      return settled(entry, rollback, moment);
    }
    Optional<Transition> transition = Transition.of(Way.ROLLBACK, from, to);
    if (transition.isEmpty()) {
      String why =
          from == Stage.COMPLETE
              ? ": that is the end, there is no way back"
              : ": a rollback goes to an earlier stage";
      return new Refused(
          Why.STATE,
          "migration '"
              + entry.name()
              + "' is in "
              + from
              + " and cannot be rolled back to "
              + to
              + why);
    }
    MoveRules.Terms terms = new MoveRules.Terms(rollback.note(), rollback.maxPause());
    return taken(view, entry, transition.get(), terms, moment);
  }

  /** A rollback to the stage that there is: only the read share can be left to take back. */
  private static Verdict settled(CatalogEntry entry, Command.Rollback rollback, Moment moment) {
    Position before = entry.position();
    boolean isHeld = entry.following() == null || entry.following().isOverridden();
    if (before.reads().equals(ReadShare.NONE) && isHeld) {
      return new Unchanged(
          entry,
          "migration '"
              + entry.name()
              + "' already is in "
              + before.stage()
              + " with 0% of reads on new");
    }
    CatalogEntry changed =
        entry.with(before.with(ReadShare.NONE), moment).heldBy(rollback.note(), moment);
    return new Changed(
        changed,
        change(changed, Change.Kind.ROLLBACK, rollback.note(), before, moment),
        "migration '"
            + entry.name()
            + "' stays in "
            + before.stage()
            + ", with 0% of reads on new");
  }

  private static Changed moved(
      CatalogEntry entry, Transition transition, ChangeNote note, Moment moment) {
    Position before = entry.position();
    Position after = transition.applied(before);
    CatalogEntry moved = entry.with(after, moment);
    CatalogEntry changed = transition.way() == Way.ROLLBACK ? moved.heldBy(note, moment) : moved;
    String share = transition.to() == Stage.RAMP ? " (" + after.reads() + ")" : "";
    return new Changed(
        changed,
        change(changed, transition.kind(), note, before, moment),
        "migration '"
            + entry.name()
            + "' is in "
            + transition.to()
            + ": "
            + transition.effect()
            + share);
  }

  private static Verdict reads(CatalogEntry entry, Command.SetReads set, Moment moment) {
    Optional<Refused> followed = FlagRules.refusal(entry, set);
    if (followed.isPresent()) {
      return followed.get();
    }
    Position before = entry.position();
    if (before.stage().authority() == Side.NEW) {
      return new Refused(
          Why.STATE,
          "migration '"
              + entry.name()
              + "' is in "
              + before.stage()
              + ", where new answers all reads: a share can be set before LIVE only");
    }
    Position after =
        new Position(
            before.stage(),
            set.reads(),
            set.stickiness().orElse(before.stickiness()),
            before.consistency(),
            before.bucketGroup());
    String message = readsMessage(entry.name(), after);
    Following following = entry.following();
    boolean takesOver = following != null && !following.isOverridden();
    if (after.equals(before) && !takesOver) {
      return new Unchanged(entry, message);
    }
    CatalogEntry changed = entry.with(after, moment);
    if (takesOver) {
      changed = changed.heldBy(set.note(), moment);
    }
    return new Changed(
        changed, change(changed, Change.Kind.READS, set.note(), before, moment), message);
  }

  private static Verdict consistency(
      CatalogEntry entry, Command.SetConsistency set, Moment moment) {
    Position before = entry.position();
    if (before.stage() == Stage.COMPLETE) {
      return new Refused(
          Why.STATE,
          "migration '" + entry.name() + "' is in COMPLETE, where there is one side only");
    }
    Consistency asked =
        new Consistency(
            set.freshness().orElse(before.consistency().freshness()),
            set.ack().orElse(before.consistency().ack()));
    String message =
        "migration '"
            + entry.name()
            + "' promises reads that are "
            + asked.freshness()
            + ", and writes that are acknowledged "
            + asked.ack();
    if (asked.equals(before.consistency())) {
      return new Unchanged(entry, message);
    }
    CatalogEntry changed = entry.with(before.with(asked), moment);
    return new Changed(
        changed, change(changed, Change.Kind.CONSISTENCY, set.note(), before, moment), message);
  }

  static String readsMessage(String name, Position position) {
    String share = "reads of migration '" + name + "' on new: " + position.reads();
    return position.stage() == Stage.RAMP
        ? share + ", in force"
        : share
            + ", in force only in stage RAMP (it is in "
            + position.stage()
            + ": all reads are old's)";
  }

  static Change change(
      CatalogEntry after,
      Change.Kind kind,
      ChangeNote note,
      @Nullable Position from,
      Moment moment) {
    return new Change(
        moment.version(), after.name(), moment.at(), kind, note, from, after.position());
  }
}
