package dev.crossfade.postgresql.shape;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client has prepared, as it wrote it, so that it can be prepared anew when a lens changes.
 */
final class KnownStatement {
  private final String name;
  private final byte[] sql;
  private final int[] types;
  private final int weight;
  private int generation;
  private @Nullable Rewriting rewriting;
  private boolean prepared = true;

  /** The names of the statements that go ahead of it. */
  private List<String> ahead = List.of();

  /**
   * @param name one character for each byte
   * @param types OIDs that the client fixed
   * @param generation of the lenses that it was read with
   * @param rewriting null when it went on as it came
   */
  KnownStatement(
      String name, byte[] sql, int[] types, int generation, @Nullable Rewriting rewriting) {
    this.name = name;
    this.sql = sql;
    this.types = types;
    this.generation = generation;
    this.rewriting = rewriting;
    this.weight = 256 + 4 * sql.length + (rewriting == null ? 0 : rewriting.text().length);
  }

  /** It has been prepared elsewhere, and is not here yet. */
  static KnownStatement elsewhere(String name, byte[] sql, int[] types) {
    KnownStatement statement = new KnownStatement(name, sql, types, -1, null);
    statement.lost();
    return statement;
  }

  boolean isOf(byte[] text, int[] fixed) {
    return Arrays.equals(sql, text) && Arrays.equals(types, fixed);
  }

  String name() {
    return name;
  }

  byte[] sql() {
    return sql;
  }

  int[] types() {
    return types;
  }

  int generation() {
    return generation;
  }

  @Nullable Rewriting rewriting() {
    return rewriting;
  }

  /** Whether the authority has it, as it is here. */
  boolean isPrepared() {
    return prepared;
  }

  /** The authority has failed to prepare it anew. */
  void lost() {
    prepared = false;
  }

  /** It was read with other lenses, and is what it was. */
  void stillThe(int newGeneration) {
    generation = newGeneration;
  }

  /** It is on its way to the authority anew. */
  void becomes(int newGeneration, @Nullable Rewriting next) {
    generation = newGeneration;
    rewriting = next;
    prepared = true;
  }

  /** What it writes; null when it does not, or goes on as it came. */
  Replacement.@Nullable Write write() {
    return rewriting == null ? null : rewriting.write(0);
  }

  List<String> ahead() {
    return ahead;
  }

  void ahead(List<String> statements) {
    ahead = List.copyOf(statements);
  }

  /** What it may take in memory, in bytes. */
  int weight() {
    return weight;
  }
}
