package dev.crossfade.sql.lens;

/**
 * Where a statement says which one entity it is about.
 *
 * @param parameter counted from 1; 0 when the key is a literal
 * @param token index of the literal; -1 when the key is a parameter
 * @param alone whether the statement reads no other entity of a mapped table
 */
public record EntityPin(int parameter, int token, boolean alone) {
  public EntityPin {
    if (parameter > 0 == token >= 0) {
      throw new IllegalArgumentException("a key is either a parameter or a literal");
    }
  }
}
