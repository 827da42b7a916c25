package dev.crossfade.postgresql.plan;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.mirror.Watermark;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions route by. Flags and lenses are each one immutable value, swapped atomically; a
 * session reads each once per statement batch.
 */
public final class Routing {
  private volatile FlagsSnapshot flags = FlagsSnapshot.EMPTY;
  private volatile @Nullable Lenses lenses;
  private volatile @Nullable NewShape newShape;
  private volatile Runnable onTypeDoubt = () -> {};
  private final Set<String> unmirrored = ConcurrentHashMap.newKeySet();
  private final Map<String, Watermark> watermarks = new ConcurrentHashMap<>();

  public FlagsSnapshot flags() {
    return flags;
  }

  /** Null while no migration is known. */
  public @Nullable Lenses lenses() {
    return lenses;
  }

  /** Null while it is not known which migrations there are. */
  public @Nullable NewShape newShape() {
    return newShape;
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
    newShape(NewShape.NONE);
  }

  public void newShape(@Nullable NewShape next) {
    NewShape before = newShape;
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

  public void flags(FlagsSnapshot next) {
    unmirrored.removeIf(
        migration -> {
          MigrationFlags now = next.of(migration);
          return now == null || now.stage() != Stage.RAMP;
        });
    flags = next;
  }

  public void lenses(@Nullable Lenses next) {
    Lenses before = lenses;
    lenses = next;
    if (before != null) {
      before.plans().close();
    }
  }

  /**
   * A statement that may write a mapped table goes to the authority: from now on new may be stale,
   * and where nothing carries it over, it stays so.
   */
  public void wrote(String migration) {
    MigrationFlags now = flags.of(migration);
    if (now != null && now.stage() == Stage.RAMP && !watermarks.containsKey(migration)) {
      unmirrored.add(migration);
    }
  }
}
