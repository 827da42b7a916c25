package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.plan.ReadPlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A statement that the client prepared and that may be read from new, now or once a migration is
 * known that maps its tables, or that changes the session.
 */
final class PreparedStatement {
  /** Instead of a generation where no migration is known. */
  static final int NO_LENSES = -1;

  private final String name;
  private final byte[] sql;
  private final int[] parameterTypes;
  private boolean mapped;
  private int mappedGeneration = NO_LENSES;
  private final boolean writer;
  private final @Nullable SessionEffect effect;
  private boolean control;
  private boolean onOld;
  private int onNewConnection;
  private int planGeneration = -1;
  private int migrationsGeneration = -1;
  private List<String> migrations = List.of();
  private @Nullable ReadPlan plan;
  private byte @Nullable [] translated;
  private int tallyGeneration = -1;
  private @Nullable QueryTally tally;

  /**
   * @param parameterTypes OIDs that the client fixed
   * @param mapped a plain read of a mapped table
   * @param writer may write a table
   */
  PreparedStatement(
      String name,
      byte[] sql,
      int[] parameterTypes,
      boolean mapped,
      boolean writer,
      @Nullable SessionEffect effect) {
    this.name = name;
    this.sql = sql;
    this.parameterTypes = parameterTypes;
    this.mapped = mapped;
    this.writer = writer;
    this.effect = effect;
  }

  /** One character for each byte of the client's name. */
  String name() {
    return name;
  }

  /** The name as the client wrote it. */
  byte[] wireName() {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** It is about its transaction, and nothing else. */
  PreparedStatement control(boolean is) {
    control = is;
    return this;
  }

  boolean isControl() {
    return control;
  }

  byte[] sql() {
    return sql;
  }

  int[] parameterTypes() {
    return parameterTypes;
  }

  /** As of when that was asked last. */
  boolean isMapped() {
    return mapped;
  }

  /**
   * Whether it is a plain read of a mapped table: a statement may be older than the migration.
   *
   * @param generation of the lenses that {@code find} looks at, or {@link #NO_LENSES}
   */
  boolean isMapped(int generation, BooleanSupplier find) {
    if (mappedGeneration != generation) {
      mappedGeneration = generation;
      mapped = find.getAsBoolean();
    }
    return mapped;
  }

  /** What it was told of its tables is true of this generation of lenses. */
  PreparedStatement asOf(int generation) {
    mappedGeneration = generation;
    return this;
  }

  /** Whether it only matters once a migration of its tables becomes known. */
  boolean isSpare() {
    return !mapped && !writer && !control && effect == null;
  }

  /** What its being mapped or not is true of. */
  int mappedGeneration() {
    return mappedGeneration;
  }

  /** Whether it may write a table. */
  boolean isWriter() {
    return writer;
  }

  /** What it may take in memory, in bytes: its text, and its translation. */
  int weight() {
    return 256 + 3 * sql.length;
  }

  /**
   * The migrations whose tables it names.
   *
   * @param generation of the lenses that {@code find} looks at
   */
  List<String> migrations(int generation, Supplier<List<String>> find) {
    if (migrationsGeneration != generation) {
      migrationsGeneration = generation;
      migrations = find.get();
    }
    return migrations;
  }

  @Nullable SessionEffect effect() {
    return effect;
  }

  boolean isOnOld() {
    return onOld;
  }

  void onOld(boolean prepared) {
    onOld = prepared;
  }

  /** Whether it is prepared on the session's connection to new with this number. */
  boolean isOnNew(int connection) {
    return onNewConnection == connection;
  }

  /**
   * @param connection 0 for none
   */
  void onNew(int connection) {
    onNewConnection = connection;
  }

  /** The plan found for this generation of lenses; null when none was found yet. */
  @Nullable ReadPlan plan(int generation) {
    return planGeneration == generation ? plan : null;
  }

  void plan(int generation, ReadPlan found, byte[] translation) {
    planGeneration = generation;
    plan = found;
    translated = translation;
    onNewConnection = 0;
  }

  /** Whether {@link #tally} is what counts its executions under this generation of lenses. */
  boolean isTallied(int generation) {
    return tallyGeneration == generation && (tally == null || !tally.isRetired());
  }

  /** Null where they are not counted. */
  @Nullable QueryTally tally() {
    return tally;
  }

  void tally(int generation, @Nullable QueryTally found) {
    tallyGeneration = generation;
    tally = found;
  }

  byte[] translated() {
    if (translated == null) {
      throw new IllegalStateException("statement '" + name + "' has no plan");
    }
    return translated;
  }
}
