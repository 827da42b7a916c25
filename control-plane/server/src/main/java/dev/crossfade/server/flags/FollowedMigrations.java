package dev.crossfade.server.flags;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.CatalogLimits;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Following;
import dev.crossfade.engine.catalog.Position;
import dev.crossfade.engine.catalog.Verdict;
import dev.crossfade.engine.flag.FlagDefinition;
import dev.crossfade.engine.flag.FlagEvaluation;
import dev.crossfade.engine.flag.FlagReading;
import dev.crossfade.server.move.Mover;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.FlagReadings;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.sql.lens.FollowedFlag;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the shares that flags ask for, and notes what they say. Of one thread. */
final class FollowedMigrations {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedMigrations.class);
  private static final String ACTOR = "unleash";
  private static final Duration BETWEEN_ROLLBACKS = Duration.ofMinutes(1);
  private static final int ROUNDS_MAX = 4;

  private final UnleashSettings settings;
  private final Catalog catalog;
  private final InstantSource clock;
  private final EngineCheck check;
  private final ChangeLimit limit;
  private final Map<String, Rule> rules = new HashMap<>();
  private final Map<String, Note> written = new HashMap<>();
  private final Map<String, Instant> rolledBack = new HashMap<>();

  /** The catalog, its newest state, and who moves the authority. */
  record Catalog(FlagFollower.Stores stores, CatalogFeed feed, Mover mover) {}

  /** What a file says, and which file that was. */
  private record Rule(String yaml, @Nullable FollowedFlag flag) {}

  /** What was noted of a migration last; value null for none. */
  private record Note(String flag, FlagReadings.@Nullable Value value, String problem) {}

  FollowedMigrations(UnleashSettings settings, Catalog catalog, InstantSource clock) {
    this.settings = settings;
    this.catalog = catalog;
    this.clock = clock;
    this.check = new EngineCheck(clock);
    this.limit = new ChangeLimit(clock);
  }

  /** Others may have written meanwhile. */
  void forgetWritten() {
    written.clear();
  }

  void follow(long term, Map<String, FlagDefinition> flags) throws StoreException {
    Map<String, CatalogEntry> entries = catalog.feed().state().entries();
    rules.keySet().retainAll(entries.keySet());
    for (CatalogEntry entry : entries.values()) {
      Following following = entry.following();
      FollowedFlag flag = following == null ? null : rule(entry);
      if (following != null && flag != null) {
        follow(term, entry, flag, flags);
      }
    }
  }

  private @Nullable FollowedFlag rule(CatalogEntry entry) {
    String yaml = entry.file().yaml();
    Rule rule = rules.get(entry.name());
    if (rule == null || !rule.yaml().equals(yaml)) {
      rule = new Rule(yaml, parsed(entry));
      rules.put(entry.name(), rule);
    }
    return rule.flag();
  }

  private static @Nullable FollowedFlag parsed(CatalogEntry entry) {
    try {
      return MigrationFile.parse(entry.file().yaml(), entry.file().source()).flag();
    } catch (InvalidFileException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("migration", entry.name())
          .log("A migration file of the catalog cannot be read");
      return null;
    }
  }

  private void follow(
      long term, CatalogEntry entry, FollowedFlag flag, Map<String, FlagDefinition> flags)
      throws StoreException {
    FlagReading reading = reading(flag, flags);
    Note note =
        switch (reading) {
          case FlagReading.Unusable unusable -> new Note(flag.name(), null, unusable.reason());
          case FlagReading.Stopped stopped ->
              new Note(
                  flag.name(),
                  new FlagReadings.Value(ReadShare.NONE, stopped.origin()),
                  stop(entry, flag, stopped));
          case FlagReading.Asked asked ->
              new Note(
                  flag.name(),
                  new FlagReadings.Value(asked.reads(), asked.origin()),
                  set(entry, flag, asked, true));
        };
    if (note.equals(written.get(entry.name()))) {
      return;
    }
    FlagReadings readings = catalog.stores().readings();
    if (note.value() == null) {
      readings.putProblem(term, entry.name(), flag.name(), note.problem());
    } else {
      readings.put(term, entry.name(), flag.name(), note.value(), note.problem());
    }
    written.put(entry.name(), note);
  }

  private FlagReading reading(FollowedFlag flag, Map<String, FlagDefinition> flags) {
    String environment = settings.environment();
    if (flag.environment() != null && !flag.environment().equals(environment)) {
      return new FlagReading.Unusable(
          "this control plane follows "
              + (environment == null ? "an unnamed environment" : "environment " + environment)
              + ", and the migration's file wants "
              + flag.environment());
    }
    Map<String, String> context = new HashMap<>();
    context.put("appName", settings.identity().appName());
    if (environment != null) {
      context.put("environment", environment);
    }
    context.putAll(flag.context());
    try {
      return new FlagEvaluation(flags, context, check).read(flag);
    } catch (IllegalArgumentException e) {
      return new FlagReading.Unusable(String.valueOf(e.getMessage()));
    }
  }

  /** No reads on new, and the way back if the file says so. */
  private String stop(CatalogEntry entry, FollowedFlag flag, FlagReading.Stopped stopped)
      throws StoreException {
    Position position = entry.position();
    if (stopped.to() != null && position.stage().compareTo(stopped.to()) > 0) {
      return isFollowed(entry) ? rollback(entry, stopped) : "";
    }
    String group = position.bucketGroup().isEmpty() ? entry.name() : position.bucketGroup();
    return set(
        entry,
        flag,
        new FlagReading.Asked(ReadShare.NONE, position.stickiness(), group, stopped.origin()),
        false);
  }

  private static boolean isFollowed(CatalogEntry entry) {
    Following following = entry.following();
    return following != null && !following.isOverridden();
  }

  /**
   * @param isLimited whether it may be put off
   * @return why it is not done; empty when it is
   */
  private String set(
      CatalogEntry entry, FollowedFlag flag, FlagReading.Asked asked, boolean isLimited)
      throws StoreException {
    Position position = entry.position();
    if (!isFollowed(entry) || isAsAsked(entry, asked)) {
      return "";
    }
    if (position.stage().authority() == Side.NEW) {
      return "in " + position.stage() + " new answers all reads: the flag decides nothing there";
    }
    if (entry.move() != null) {
      return "a move is under way: what the flag says is taken when that has ended";
    }
    if (!limit.admits(entry.name()) && isLimited) {
      return ChangeLimit.told();
    }
    Verdict verdict =
        catalog
            .stores()
            .catalog()
            .change(
                new Command.FollowFlag(
                    entry.name(),
                    flag.name(),
                    asked.reads(),
                    asked.stickiness(),
                    asked.bucketGroup(),
                    OptionalLong.of(entry.version()),
                    note(asked.origin())));
    return told(verdict);
  }

  private static boolean isAsAsked(CatalogEntry entry, FlagReading.Asked asked) {
    Position position = entry.position();
    return position.reads().equals(asked.reads())
        && position.stickiness() == asked.stickiness()
        && entry.flags().bucketGroup().equals(asked.bucketGroup());
  }

  private ChangeNote note(String origin) {
    String environment = settings.environment();
    String reason = origin + (environment == null ? "" : ", environment " + environment);
    int most = CatalogLimits.REASON_MAX_CHARS;
    return new ChangeNote(ACTOR, reason.length() <= most ? reason : reason.substring(0, most));
  }

  /** A way back may fail, or take its time; it is not tried at every look. */
  private String rollback(CatalogEntry entry, FlagReading.Stopped stopped) throws StoreException {
    Instant last = rolledBack.get(entry.name());
    Instant now = clock.instant();
    String wait = stopped.origin() + ": it is rolled back to " + stopped.to();
    if (stopped.to() == null || last != null && last.plus(BETWEEN_ROLLBACKS).isAfter(now)) {
      return wait;
    }
    Command.Rollback rollback =
        new Command.Rollback(entry.name(), stopped.to(), note(stopped.origin()));
    String obstacle = catalog.mover().obstacle(entry.name()).orElse(null);
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Verdict verdict = catalog.stores().catalog().change(rollback, obstacle);
      if (verdict instanceof Verdict.Begun) {
        rolledBack.put(entry.name(), now);
        catalog.mover().kick();
      }
      if (!(verdict instanceof Verdict.Ended)) {
        String why = told(verdict);
        return why.isEmpty() && !(verdict instanceof Verdict.Changed) ? wait : why;
      }
    }
    return wait;
  }

  /** Why it is not done; empty when it is. */
  private String told(Verdict verdict) throws StoreException {
    return switch (verdict) {
      case Verdict.Changed changed -> {
        LOG.atInfo()
            .addKeyValue("migration", changed.entry().name())
            .addKeyValue("version", changed.entry().version())
            .addKeyValue("stage", changed.entry().position().stage())
            .addKeyValue("reads", changed.entry().position().reads())
            .addKeyValue("reason", changed.change().note().reason())
            .log("Migration changed by its flag");
        catalog.feed().refresh();
        yield "";
      }
      case Verdict.Refused refused -> {
        // Somebody was faster: it is decided again with what there is now.
        catalog.feed().refresh();
        yield refused.why() == Verdict.Why.CONFLICT ? "" : refused.message();
      }
      case Verdict.Begun begun -> "";
      case Verdict.Ended ended -> "";
      case Verdict.Underway underway -> underway.message();
      case Verdict.Queued queued -> queued.message();
      case Verdict.Unchanged unchanged -> "";
    };
  }
}
