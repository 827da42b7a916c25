package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.plan.ReadPlan;
import org.jspecify.annotations.Nullable;

/** A statement that the client prepared and that may be read from new, or that changes the session. */
final class PreparedStatement {
  private final String name;
  private final byte[] sql;
  private final int[] parameterTypes;
  private final boolean mapped;
  private final @Nullable SessionEffect effect;
  private boolean onOld;
  private int onNewConnection;
  private int planGeneration = -1;
  private @Nullable ReadPlan plan;
  private byte @Nullable [] translated;

  /**
   * @param parameterTypes OIDs that the client fixed
   * @param mapped names a mapped table
   */
  PreparedStatement(
      String name, byte[] sql, int[] parameterTypes, boolean mapped, @Nullable SessionEffect effect) {
    this.name = name;
    this.sql = sql;
    this.parameterTypes = parameterTypes;
    this.mapped = mapped;
    this.effect = effect;
  }

  String name() {
    return name;
  }

  byte[] sql() {
    return sql;
  }

  int[] parameterTypes() {
    return parameterTypes;
  }

  boolean isMapped() {
    return mapped;
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

  byte[] translated() {
    if (translated == null) {
      throw new IllegalStateException("statement '" + name + "' has no plan");
    }
    return translated;
  }
}
