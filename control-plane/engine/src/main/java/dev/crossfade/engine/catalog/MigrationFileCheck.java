package dev.crossfade.engine.catalog;

import org.jspecify.annotations.Nullable;

/** Reads a migration file as far as it can be judged without a database. */
@FunctionalInterface
public interface MigrationFileCheck {
  /** Checks the file. Bounded by its size; touches no database. */
  Result check(MigrationText file);

  /** What came of it. */
  sealed interface Result {}

  /**
   * The file is sound.
   *
   * @param name from its metadata
   * @param flag that decides its share of reads; null when it names none
   */
  record Sound(String name, @Nullable String flag) implements Result {
    /** One that follows no flag. */
    public Sound(String name) {
      this(name, null);
    }
  }

  /**
   * It is not.
   *
   * @param message one sentence with the source, the path in the file and what would be right
   */
  record Broken(String message) implements Result {}
}
