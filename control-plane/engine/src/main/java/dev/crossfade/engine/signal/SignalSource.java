package dev.crossfade.engine.signal;

/** Where signals come from. */
public interface SignalSource {
  /** Of one migration, as of now. Does not wait for anything. */
  Reading read(String migration);

  /**
   * Has someone told, soon after it came, that a report about a migration has come. Told on another
   * thread, with the migration's name; what comes while it is being told is told once.
   *
   * @return ends it
   */
  AutoCloseable subscribe(java.util.function.Consumer<String> changed);
}
