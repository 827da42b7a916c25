package dev.crossfade.inspect.law;

/** What a column of the old shape keeps on its way to new and back. */
public enum LossClass {
  /** Everything. */
  LOSSLESS,
  /** Its meaning, not its form: the scale of a number, blanks at the end. */
  NORMALISED,
  /** Less than there was. */
  LOSSY,
  /** Nothing: all rows come back with one and the same value. */
  CONSTANT,
  /** Could not be found out. */
  UNKNOWN
}
