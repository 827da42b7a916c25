package dev.crossfade.core.schema;

/**
 * One column as its catalog describes it.
 *
 * @param type the full type as SQL text that a cast accepts, modifiers included, such as {@code
 *     character varying(20)}
 * @param filling what it holds when an INSERT does not name it
 */
public record ColumnShape(String name, String type, boolean nullable, Filling filling) {
  /** A column that is NULL unless it is given. */
  public ColumnShape(String name, String type, boolean nullable) {
    this(name, type, nullable, new Filling.Nothing());
  }

  /** What the server itself puts into a column. Expressions are SQL as the catalog prints them. */
  public sealed interface Filling {
    /** NULL. */
    record Nothing() implements Filling {}

    record Default(String expression) implements Filling {}

    /**
     * The next number of its own sequence.
     *
     * @param always whether no other value may be given
     */
    record Identity(boolean always) implements Filling {}

    /** Always this, computed from the row. */
    record Generated(String expression) implements Filling {}
  }
}
