package dev.crossfade.postgresql.plan;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.sql.parse.MappedNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions route by. Flags and lenses are each one immutable value, swapped atomically; a
 * session reads each once per statement batch.
 */
public final class Routing {
  private volatile FlagsSnapshot flags = FlagsSnapshot.EMPTY;
  private volatile @Nullable Lenses lenses;
  private volatile @Nullable TranslatedShape newShape;
  private volatile @Nullable TranslatedShape oldShape;
  private volatile @Nullable TranslatedShape capture;
  private volatile boolean capturing;
  private volatile boolean passedUnwatched;
  private volatile boolean moveIsNear;
  private volatile @Nullable Moved moved;
  private volatile Consumer<String> onMove = migration -> {};
  private final Authorities authorities = new Authorities();
  private volatile Runnable onTypeDoubt = () -> {};
  private final Set<String> unmirrored = ConcurrentHashMap.newKeySet();

  /** Of those that are returning; guarded by itself. */
  private final Set<String> writtenMeanwhile = new HashSet<>();

  private final Map<String, Watermark> watermarks = new ConcurrentHashMap<>();
  private final Map<String, Watermark> watermarksOfNew = new ConcurrentHashMap<>();

  public FlagsSnapshot flags() {
    return flags;
  }

  /** Null while no migration is known. */
  public @Nullable Lenses lenses() {
    return lenses;
  }

  /** Null while it is not known which migrations there are. */
  public @Nullable TranslatedShape newShape() {
    return newShape;
  }

  /** How sessions of the old shape are carried out on new; null while that is not known. */
  public @Nullable TranslatedShape oldShape() {
    return oldShape;
  }

  /**
   * Tables of old whose writes are to be logged by the statements themselves, and how; {@link
   * TranslatedShape#NONE} where there are none, or that is not known yet.
   */
  public TranslatedShape capture() {
    TranslatedShape known = capture;
    return known == null ? TranslatedShape.NONE : known;
  }

  /** Whether there are such tables, or have been. */
  public boolean capturesStatements() {
    return capturing;
  }

  /** What is in force from now on; whatever was sent before may not have been logged. */
  public void capture(TranslatedShape next) {
    TranslatedShape before = capture;
    capture = next;
    capturing |= next.plans() != null;
    if (before != null) {
      before.close();
    }
  }

  /** A batch goes to old. While it is not known whether it is to be logged, that is remembered. */
  public void sendsToOld() {
    if (capture == null && !passedUnwatched) {
      passedUnwatched = true;
    }
  }

  /** Whether anything went to old before it was known which tables are watched. */
  public boolean passedUnwatched() {
    return passedUnwatched;
  }

  /**
   * Where the plans are kept of what statements become when the authority moves to new, while that
   * may happen at any time; null otherwise.
   */
  public @Nullable PlanCache plansOfMove() {
    TranslatedShape shape = moveIsNear ? oldShape : null;
    TranslatedShape.Plans plans = shape == null ? null : shape.plans();
    return plans == null ? null : plans.cache();
  }

  /** Null while old is the authority of all migrations. */
  public @Nullable Moved moved() {
    return moved;
  }

  /** The side that this sidecar takes for the authority. */
  public Side authority(String migration) {
    return authorities.of(migration);
  }

  /** What is done, on an event loop, when a database says that an authority has moved. */
  public void onMove(Consumer<String> action) {
    onMove = action;
  }

  /** A migration of which new is the authority was written to there, through this sidecar. */
  public void wroteOnNew(String migration) {
    Watermark watermark = watermarksOfNew.get(migration);
    if (watermark != null) {
      watermark.hurry();
    }
  }

  /**
   * The fence of a side has said who has the authority.
   *
   * @param authority null while nobody has it
   */
  public void told(String migration, @Nullable Side authority) {
    if (authority != null && authorities.told(migration, authority)) {
      findMoved();
      onMove.accept(migration);
    }
  }

  /**
   * Migrations whose authority has come back to old, and of which it is not known yet whether
   * anything carries their changes to new: what is read there may be old. Each with a number that
   * it gets anew when it comes back again.
   */
  public Map<String, Long> returning() {
    return authorities.returning();
  }

  /**
   * Where they are mirrored, that is under way.
   *
   * @param some of {@link #returning}, as they were before it was begun
   */
  public void returned(Map<String, Long> some) {
    synchronized (writtenMeanwhile) {
      writtenMeanwhile.removeIf(migration -> authorities.of(migration) == Side.NEW);
      // First, so that no read in between takes new for fresh.
      authorities.returned(
          some,
          migration -> {
            if (writtenMeanwhile.remove(migration) && isUnmirrored(migration)) {
              unmirrored.add(migration);
            }
          });
    }
  }

  /** Whether new answers reads, and nothing carries there what old is told. */
  private boolean isUnmirrored(String migration) {
    return isReadOnNewAlone(flags.of(migration)) && !watermarks.containsKey(migration);
  }

  public void oldShape(@Nullable TranslatedShape next) {
    TranslatedShape before = oldShape;
    oldShape = next;
    if (before != null) {
      before.close();
    }
    findMoved();
  }

  private synchronized void findMoved() {
    Lenses known = lenses;
    TranslatedShape shape = oldShape;
    Map<String, MappedNames> byMigration = new HashMap<>();
    Set<String> names = new HashSet<>(shape == null ? Set.of() : shape.unready().keySet());
    Set<String> others = new HashSet<>();
    if (known != null) {
      known
          .namesByMigration()
          .forEach(
              (migration, tables) -> {
                if (authorities.of(migration) == Side.NEW) {
                  byMigration.put(migration, tables);
                  names.addAll(tables.names());
                } else {
                  others.addAll(tables.names());
                }
              });
    }
    moved =
        names.isEmpty()
            ? null
            : new Moved(MappedNames.of(names), byMigration, MappedNames.of(others));
  }

  /** What is done, on an event loop, when types of a plan may not be what they were. */
  public void onTypeDoubt(Runnable action) {
    onTypeDoubt = action;
  }

  /** New's answer does not agree with what is known of the types that users made. */
  public void doubtTypes() {
    onTypeDoubt.run();
  }

  /** There are none, and nobody will tell of any. */
  public void noMigrations() {
    newShape(TranslatedShape.NONE);
  }

  public void newShape(@Nullable TranslatedShape next) {
    TranslatedShape before = newShape;
    newShape = next;
    if (before != null) {
      before.close();
    }
  }

  /**
   * Migrations whose mapped tables were written through this sidecar while reads went to new and
   * nothing mirrored.
   */
  public Set<String> unmirrored() {
    return unmirrored;
  }

  /** Migrations whose writes are logged on old and carried to new. */
  public Map<String, Watermark> watermarks() {
    return watermarks;
  }

  /** Migrations whose writes are logged on this side, the authority, and carried to the other. */
  public Map<String, Watermark> watermarks(Side authority) {
    return authority == Side.OLD ? watermarks : watermarksOfNew;
  }

  /** Migrations whose writes are logged on new and carried to old. */
  public Map<String, Watermark> watermarksOfNew() {
    return watermarksOfNew;
  }

  public void flags(FlagsSnapshot next) {
    authorities.flags(next);
    unmirrored.removeIf(migration -> !isReadOnNewAlone(next.of(migration)));
    flags = next;
    moveIsNear = next.migrations().values().stream().anyMatch(now -> now.stage() == Stage.RAMP);
    findMoved();
  }

  /** Whether new answers reads though old has the authority. */
  private boolean isReadOnNewAlone(@Nullable MigrationFlags now) {
    return now != null
        && now.stage().compareTo(Stage.RAMP) >= 0
        && authorities.of(now.migration()) == Side.OLD;
  }

  public void lenses(@Nullable Lenses next) {
    Lenses before = lenses;
    lenses = next;
    if (before != null) {
      before.plans().close();
    }
    findMoved();
  }

  /**
   * A statement that may write a mapped table goes to the authority: from now on new may be stale,
   * and where nothing carries it over, it stays so.
   */
  public void wrote(String migration) {
    if (!isUnmirrored(migration) || unmirrored.contains(migration)) {
      return;
    }
    synchronized (writtenMeanwhile) {
      if (returning().containsKey(migration)) {
        writtenMeanwhile.add(migration);
      } else if (isUnmirrored(migration)) {
        // Asked again: its return may have been over in between.
        unmirrored.add(migration);
      }
    }
  }
}
